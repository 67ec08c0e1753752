// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/numbers.hpp"
#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/interpreter.hpp"

namespace cupel::pipeline {

Outcome<Value> Interpreter::eval(const syntax::NullLiteral&, Frame&) { return Value(); }

Outcome<Value> Interpreter::eval(const syntax::BooleanLiteral& literal, Frame&) {
  return Value(literal.value);
}

Outcome<Value> Interpreter::eval(const syntax::IntegerLiteral& literal, Frame&) {
  using Kind = syntax::IntegerLiteral::Width;
  if (literal.width == Kind::integer)
    return Value(Whole{static_cast<std::int32_t>(literal.value), Width::integer});
  if (literal.width == Kind::long_integer)
    return Value::long_of(static_cast<std::int64_t>(literal.value));
  auto number = BigInteger::parse(literal.digits);
  if (!number) return refuse("the number has too many digits");
  return Value(std::move(*number));
}

Outcome<Value> Interpreter::eval(const syntax::DecimalLiteral& literal, Frame&) {
  using Kind = syntax::DecimalLiteral::Width;
  auto number = TRY(Outcome<Decimal>(Decimal::parse(literal.text)));
  if (literal.width == Kind::double_) return Value(number.floating());
  if (literal.width == Kind::float_) return Value::float_of(number.floating());
  return Value(std::move(number));
}

Outcome<Value> Interpreter::eval(const syntax::StringLiteral& literal, Frame&) {
  return Value(literal.text);
}

Outcome<Value> Interpreter::eval(const syntax::GString& literal, Frame& frame) {
  GString string;
  string.texts = literal.texts;
  string.values.reserve(literal.values.size());
  for (const auto& value : literal.values) string.values.push_back(TRY(evaluate(*value, frame)));
  return Value(std::move(string));
}

Outcome<Value> Interpreter::eval(const syntax::ListLiteral& literal, Frame& frame) {
  std::vector<Value> items;
  items.reserve(literal.elements.size());
  for (const auto& element : literal.elements) {
    if (const auto* spread = element->as<syntax::Spread>()) {
      const auto spread_value = TRY(evaluate(*spread->value, frame));
      for (auto& item : TRY(elements_of(spread_value))) items.push_back(std::move(item));
    } else {
      items.push_back(TRY(evaluate(*element, frame)));
    }
  }
  TRY(charge(items.size() * sizeof(Value)));
  return Value::list(std::move(items));
}

Outcome<Value> Interpreter::eval(const syntax::MapLiteral& literal, Frame& frame) {
  auto map = std::make_shared<Map>();
  for (const auto& entry : literal.entries) {
    if (entry.kind == syntax::Argument::Kind::spread_map) {
      const auto spread = TRY(evaluate(*entry.value, frame));
      const auto more = spread.as_map();
      if (!more) return refuse("*: of a {} is not supported", spread.type_name());
      for (const auto& [key, value] : more->entries()) TRY(Outcome<void>(map->put(key, value)));
      continue;
    }
    const auto key = TRY(evaluate(*entry.key, frame));
    auto value = TRY(evaluate(*entry.value, frame));
    TRY(Outcome<void>(map->put(key, std::move(value))));
  }
  TRY(charge(map->size() * sizeof(Map::Entry)));
  return Value(std::move(map));
}

Outcome<Value> Interpreter::eval(const syntax::Range& literal, Frame& frame) {
  const auto from = TRY(evaluate(*literal.from, frame));
  const auto to = TRY(evaluate(*literal.to, frame));
  return range_of(literal, from, to, frame.context);
}

namespace {

std::optional<char32_t> single_character(const Value& value) {
  if (const auto* character = value.as_character()) return character->code;
  if (!value.is_text()) return std::nullopt;
  const auto text = to_text(value);
  const auto points = text ? code_points(*text) : std::u32string();
  if (points.size() != 1) return std::nullopt;
  return points[0];
}

}  // namespace

Outcome<Value> Interpreter::range_of(const syntax::Range& literal, const Value& from,
                                     const Value& to, Context& context) {
  using Kind = Range::Kind;
  std::optional<Range> range;
  if (from.as_whole() && to.as_whole()) {
    const bool is_long =
        from.as_whole()->width == Width::long_ || to.as_whole()->width == Width::long_;
    range =
        Range{*from.as_integer(), *to.as_integer(), false, is_long ? Kind::long_ : Kind::integer};
  } else if (const auto x = single_character(from), y = single_character(to); x && y) {
    range = Range{*x, *y, false, from.as_character() ? Kind::character : Kind::text};
  }
  if (range) {
    const std::int64_t step = range->from <= range->to ? 1 : -1;
    if ((literal.excludes_to || literal.excludes_from) && range->from == range->to)
      range->empty = true;
    if (literal.excludes_from) range->from += step;
    if (literal.excludes_to) range->to -= step;
    return Value(*range);
  }
  // Of anything that has an order and a next: as a list.
  const int order = TRY(compare_values(from, to));
  std::vector<Value> items;
  auto item = from;
  for (;; item = TRY(stepped(item, order <= 0 ? 1 : -1, context))) {
    const int left = TRY(compare_values(item, to));
    if (order <= 0 ? left > 0 : left < 0) break;
    items.push_back(item);
    if (left == 0) break;
    if (items.size() > max_items) return refuse("the range is too large");
  }
  if (literal.excludes_from && !items.empty()) items.erase(items.begin());
  if (literal.excludes_to && !items.empty()) items.pop_back();
  return Value::list(std::move(items));
}

Outcome<Value> Interpreter::eval(const syntax::Closure& literal, Frame& frame) {
  remember(frame.scope);
  auto closure = std::make_shared<Closure>();
  closure->code = &literal;
  closure->scope = frame.scope;
  closure->evaluator = this;
  closure->home = frame.home;
  closure->this_object = frame.home->self;
  closure->owner = frame.closure
                       ? Value(std::const_pointer_cast<Closure>(frame.closure->shared_from_this()))
                       : frame.home->self;
  closure->delegate = closure->owner;
  return Value(std::move(closure));
}

}  // namespace cupel::pipeline
