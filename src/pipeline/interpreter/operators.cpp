// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/json_text.hpp"
#include "pipeline/groovy/map_entry.hpp"
#include "pipeline/groovy/numbers.hpp"
#include "pipeline/groovy/regex_values.hpp"
#include "pipeline/groovy/view.hpp"
#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/operator_names.hpp"

namespace cupel::pipeline {
namespace {

using Op = syntax::BinaryOperator;

Outcome<Value> ordered(Op op, const Value& a, const Value& b) {
  const int order = TRY(compare_values(a, b));
  switch (op) {
    case Op::less: return Value(order < 0);
    case Op::less_equal: return Value(order <= 0);
    case Op::greater: return Value(order > 0);
    case Op::greater_equal: return Value(order >= 0);
    default: return Value(order);
  }
}

/// A character counts as its code.
Value numeric(const Value& value) {
  if (const auto* character = value.as_character())
    return Value(static_cast<std::int64_t>(character->code));
  return value;
}

bool is_collection(const Value& value) { return value.is_sequence() || value.set_here(); }

std::shared_ptr<Set> copy_of(const Set& set) {
  auto copy = std::make_shared<Set>(set);
  copy->fixed = false;
  return copy;
}

Outcome<Value> joined(const Value& a, const Value& b) {
  TRY(refresh(a));
  if (a.set_here()) {
    auto set = copy_of(*a.set_here());
    for (const auto& item : is_collection(b) ? TRY(elements_of(b)) : std::vector<Value>{b})
      TRY(Outcome<bool>(set->add(item)));
    return Value(std::move(set));
  }
  auto items = TRY(elements_of(a));
  if (is_collection(b))
    for (auto& item : TRY(elements_of(b))) items.push_back(std::move(item));
  else
    items.push_back(b);
  if (items.size() > max_items) return refuse("the list would hold more than {} items", max_items);
  if (a.list_here() && a.list_here()->is_array()) {
    const auto& type = a.list_here()->type;
    return Value::array(std::move(items), type.substr(0, type.size() - 2));
  }
  return Value::list(std::move(items));
}

Outcome<Value> merged(const Map& a, const Map& b) {
  auto map = std::make_shared<Map>(a);
  if (map->type == json_object_class) map->type.clear();  // Groovy gives a plain map
  for (const auto& [key, value] : b.entries()) TRY(Outcome<void>(map->put(key, value)));
  return Value(std::move(map));
}

}  // namespace

Outcome<Value> Interpreter::arithmetic(Op op, const Value& left, const Value& right,
                                       Context& context) {
  if (left.is_null())
    return raise("java.lang.NullPointerException", "Cannot invoke method {}() on null object",
                 operator_method(op));
  const auto a = numeric(left), b = numeric(right);
  if (a.is_number() && b.is_number()) return calculate(op, a, b);
  if (const auto* x = a.as_flag(), *y = b.as_flag(); x && y) {
    if (op == Op::bit_and) return Value(*x && *y);
    if (op == Op::bit_or) return Value(*x || *y);
    if (op == Op::bit_xor) return Value(*x != *y);
  }
  CallArguments given;
  given.positional = {right};
  Frame frame{std::make_shared<Scope>(nullptr), context, script_home_};
  if (left.object_here()) return call_method(left, operator_method(op), given, frame);
  return no_method(left.type_name(), operator_method(op), {right});
}

Outcome<Value> Interpreter::plus(const Value& a, const Value& b, Context& context) {
  const bool words = b.is_text() && (a.is_number() || a.as_flag() || a.as_character());
  if (a.is_text() || words || (a.is_null() && b.is_text())) {
    auto whole = TRY(text(a, context));
    whole += TRY(text(b, context));
    if (whole.size() > max_text)
      return refuse("the text would be longer than {} MiB", max_text >> 20);
    TRY(charge(whole.size()));
    return Value(std::move(whole));
  }
  if (is_collection(a)) {
    auto all = TRY(joined(a, b));
    TRY(charge(TRY(elements_of(all)).size() * sizeof(Value)));
    return all;
  }
  if (const auto left = a.as_map(), right = b.as_map(); left && right) {
    TRY(charge((left->size() + right->size()) * sizeof(Map::Entry)));
    return merged(*left, *right);
  }
  return arithmetic(Op::add, a, b, context);
}

Outcome<Value> Interpreter::minus(const Value& a, const Value& b, Context& context) {
  if (const auto map = a.as_map(); map && b.map_here()) {
    auto rest = std::make_shared<Map>();
    for (const auto& [key, value] : std::vector<Map::Entry>(map->entries())) {
      const auto* other = b.map_here()->find(key);
      if (!other || !TRY(equal_values(value, *other))) TRY(Outcome<void>(rest->put(key, value)));
    }
    return Value(std::move(rest));
  }
  if (is_collection(a)) {
    std::vector<Value> rest;
    for (auto& item : TRY(elements_of(a))) {
      const bool gone =
          is_collection(b) ? TRY(contains(item, b, context)) : TRY(equal_values(item, b));
      if (!gone) rest.push_back(std::move(item));
    }
    if (!a.set_here()) return Value::list(std::move(rest));
    auto set = std::make_shared<Set>();
    for (const auto& item : rest) TRY(Outcome<bool>(set->add(item)));
    return Value(std::move(set));
  }
  if (!a.is_text()) return arithmetic(Op::subtract, a, b, context);
  // A pattern takes away its first match.
  if (b.object_here()) {
    auto matcher = TRY(invoke(b, "matcher", {a}, context));
    return invoke(matcher, "replaceFirst", {Value("")}, context);
  }
  auto whole = TRY(text(a, context));
  const auto part = TRY(text(b, context));
  if (const auto place = whole.find(part); place != std::string::npos)
    whole.erase(place, part.size());
  return Value(std::move(whole));
}

Outcome<Value> Interpreter::multiplied(const Value& a, const Value& b, Context& context) {
  const bool repeated = a.is_text() || is_collection(a);
  if (!repeated || !b.is_number()) return arithmetic(Op::multiply, a, b, context);
  const auto times = long_of(b);
  if (times < 0)
    return raise("java.lang.IllegalArgumentException",
                 "multiply() should be called with a number of 0 or greater not: {}", times);
  if (a.is_text()) {
    const auto part = TRY(text(a, context));
    if (!part.empty() && static_cast<std::uint64_t>(times) > max_text / part.size())
      return refuse("the text would be longer than {} MiB", max_text >> 20);
    TRY(charge(part.size() * static_cast<std::size_t>(times)));
    std::string whole;
    for (std::int64_t i = 0; i < times && !part.empty(); ++i) whole += part;
    return Value(std::move(whole));
  }
  const auto items = TRY(elements_of(a));
  if (!items.empty() && static_cast<std::uint64_t>(times) > max_items / items.size())
    return refuse("the list would hold more than {} items", max_items);
  TRY(charge(items.size() * static_cast<std::size_t>(times) * sizeof(Value)));
  std::vector<Value> all;
  for (std::int64_t i = 0; i < times && !items.empty(); ++i)
    all.insert(all.end(), items.begin(), items.end());
  return Value::list(std::move(all));
}

Outcome<Value> Interpreter::shifted_left(const Value& a, const Value& b, Context& context) {
  const auto refused = [] { return raise("java.lang.UnsupportedOperationException", "{}", ""); };
  if (is_view(a)) return invoke(a, "leftShift", {b}, context);
  if (const auto list = a.as_list()) {
    if (list->fixed || list->is_array()) return refused();
    if (list->items.size() >= max_items)
      return refuse("the list would hold more than {} items", max_items);
    TRY(charge(sizeof(Value)));
    list->items.push_back(b);
    return a;
  }
  if (const auto set = a.as_set()) {
    if (set->fixed) return refused();
    TRY(charge(sizeof(Map::Entry)));
    TRY(Outcome<bool>(set->add(b)));
    return a;
  }
  if (const auto map = a.as_map()) {
    if (map->fixed) return refused();
    if (const auto entry = as_entry(b))
      TRY(Outcome<void>(map->put(entry->first, entry->second)));
    else if (const auto more = b.as_map())
      for (const auto& [key, value] : std::vector<Map::Entry>(more->entries()))
        TRY(Outcome<void>(map->put(key, value)));
    return a;
  }
  if (a.is_text()) return plus(a, b, context);
  if (a.closure_here()) {
    // f << g calls g first.
    return native_closure(
        [this, a, b](std::vector<Value> values, Context& inner) -> Outcome<Value> {
          return call(a, {TRY(call(b, std::move(values), inner))}, inner);
        });
  }
  return arithmetic(Op::shift_left, a, b, context);
}

Outcome<bool> Interpreter::contains(const Value& value, const Value& container, Context& context) {
  return is_case(container, value, context);
}

Outcome<Value> Interpreter::match(Op op, const Value& subject, const Value& pattern,
                                  Context& context) {
  if (op == Op::find) return matcher_value(subject, pattern, *this, context);
  return Value(TRY(matches_whole(subject, pattern, *this, context)));
}

Outcome<Value> Interpreter::operate(Op op, const Value& a, const Value& b, Context& context) {
  // What most code does, first.
  if (a.as_whole() && b.as_whole() && op <= Op::shift_right_unsigned) return calculate(op, a, b);
  switch (op) {
    case Op::add: return plus(a, b, context);
    case Op::subtract: return minus(a, b, context);
    case Op::multiply: return multiplied(a, b, context);
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal:
    case Op::compare: return ordered(op, a, b);
    case Op::equal: return Value(TRY(equal_values(a, b)));
    case Op::not_equal: return Value(!TRY(equal_values(a, b)));
    case Op::identical: return Value(a.is(b));
    case Op::not_identical: return Value(!a.is(b));
    case Op::in: return Value(TRY(contains(a, b, context)));
    case Op::not_in: return Value(!TRY(contains(a, b, context)));
    case Op::find:
    case Op::match: return match(op, a, b, context);
    case Op::shift_left: return shifted_left(a, b, context);
    case Op::shift_right:
      if (!a.closure_here()) return arithmetic(op, a, b, context);
      return native_closure(
          [this, a, b](std::vector<Value> values, Context& inner) -> Outcome<Value> {
            return call(b, {TRY(call(a, std::move(values), inner))}, inner);
          });
    default: return arithmetic(op, a, b, context);
  }
}

Outcome<Value> Interpreter::eval(const syntax::Binary& expression, Frame& frame) {
  const auto left = TRY(evaluate(*expression.left, frame));
  if (expression.op == Op::and_)
    return Value(TRY(truth_of(left)) && TRY(truth_of(TRY(evaluate(*expression.right, frame)))));
  if (expression.op == Op::or_)
    return Value(TRY(truth_of(left)) || TRY(truth_of(TRY(evaluate(*expression.right, frame)))));
  const auto right = TRY(evaluate(*expression.right, frame));
  return operate(expression.op, left, right, frame.context);
}

Outcome<Value> Interpreter::eval(const syntax::Unary& expression, Frame& frame) {
  using Kind = syntax::UnaryOperator;
  const auto value = TRY(evaluate(*expression.operand, frame));
  if (expression.op == Kind::negate) return Value(!TRY(truth_of(value)));
  if (value.is_null())
    return raise("java.lang.NullPointerException", "Cannot invoke method {}() on null object",
                 expression.op == Kind::minus ? "negative" : "bitwiseNegate");
  if (value.is_number()) {
    if (expression.op == Kind::plus) return value;
    return expression.op == Kind::minus ? negated(value) : complement(value);
  }
  if (expression.op == Kind::complement && value.is_text())
    return pattern_value(value, *this, frame.context);
  if (value.is_sequence() && expression.op != Kind::complement) {
    std::vector<Value> items;
    for (const auto& item : TRY(elements_of(value)))
      items.push_back(expression.op == Kind::plus || !item.is_number() ? item : TRY(negated(item)));
    return Value::list(std::move(items));
  }
  return invoke(value,
                expression.op == Kind::minus  ? "negative"
                : expression.op == Kind::plus ? "positive"
                                              : "bitwiseNegate",
                {}, frame.context);
}

}  // namespace cupel::pipeline
