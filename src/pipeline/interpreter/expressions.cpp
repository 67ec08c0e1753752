// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "base/text.hpp"
#include "pipeline/groovy/java_class.hpp"
#include "pipeline/groovy/numbers.hpp"
#include "pipeline/interpreter/environment.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/names.hpp"
#include "pipeline/interpreter/scm_value.hpp"

namespace cupel::pipeline {

Outcome<Value> Interpreter::evaluate(const Expression& expression, Frame& frame) {
  TRY(count(frame.context));
  auto value = std::visit(
      [&](const auto& node) -> Outcome<Value> {
        if constexpr (requires { eval(node, frame); })
          return eval(node, frame);
        else
          return refuse("{} not supported yet", describe(node));
      },
      expression.node);
  if (!value) value.error().place(expression.span);
  return value;
}

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
  for (const auto& value : literal.values) string.values.push_back(TRY(evaluate(*value, frame)));
  return Value(std::move(string));
}

Outcome<Value> Interpreter::eval(const syntax::ListLiteral& literal, Frame& frame) {
  std::vector<Value> items;
  for (const auto& element : literal.elements) {
    if (const auto* spread = element->as<syntax::Spread>()) {
      const auto spread_value = TRY(evaluate(*spread->value, frame));
      for (auto& item : TRY(Outcome<std::vector<Value>>(elements(spread_value))))
        items.push_back(std::move(item));
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
      const auto more = TRY(evaluate(*entry.value, frame)).as_map();
      if (!more) return raise("java.lang.IllegalArgumentException", "*: needs a map");
      for (const auto& [key, value] : more->entries()) TRY(Outcome<void>(map->put(key, value)));
      continue;
    }
    const auto key = TRY(evaluate(*entry.key, frame));
    auto value = TRY(evaluate(*entry.value, frame));
    TRY(Outcome<void>(map->put(key, std::move(value))));
  }
  TRY(charge(map->entries().size() * sizeof(Map::Entry)));
  return Value(std::move(map));
}

namespace {

Outcome<Range> range_of(const Value& from, const Value& to) {
  using Kind = Range::Kind;
  if (from.as_whole() && to.as_whole()) {
    const bool is_long =
        from.as_whole()->width == Width::long_ || to.as_whole()->width == Width::long_;
    return Range{*from.as_integer(), *to.as_integer(), false,
                 is_long ? Kind::long_ : Kind::integer};
  }
  const auto single = [](const Value& value) -> std::optional<char32_t> {
    if (const auto* character = value.as_character()) return character->code;
    if (!value.as_text()) return std::nullopt;
    const auto points = code_points(*value.as_text());
    if (points.size() != 1) return std::nullopt;
    return points[0];
  };
  const auto x = single(from), y = single(to);
  if (!x || !y)
    return refuse("a range of {} and {} is not supported yet", from.type_name(), to.type_name());
  return Range{*x, *y, false, from.as_character() ? Kind::character : Kind::text};
}

}  // namespace

Outcome<Value> Interpreter::eval(const syntax::Range& literal, Frame& frame) {
  const auto from = TRY(evaluate(*literal.from, frame));
  const auto to = TRY(evaluate(*literal.to, frame));
  auto range = TRY(range_of(from, to));
  const std::int64_t step = range.from <= range.to ? 1 : -1;
  if (literal.excludes_to && range.from == range.to) range.empty = true;
  if (literal.excludes_from) range.from += step;
  if (literal.excludes_to) range.to -= step;
  return Value(range);
}

Outcome<Value> Interpreter::eval(const syntax::Closure& literal, Frame& frame) {
  captured_.push_back(frame.scope);
  auto closure = std::make_shared<Closure>();
  closure->code = &literal;
  closure->scope = frame.scope;
  closure->evaluator = this;
  return Value(std::move(closure));
}

Outcome<Value> Interpreter::eval(const syntax::Variable& expression, Frame& frame) {
  // Inside environment { } the block's own names come first, in whatever order they stand.
  if (frame.context.lazy) {
    auto known = TRY(frame.context.lazy->find(expression.name, frame.context));
    if (known) return std::move(*known);
  }
  if (const auto* value = frame.scope->find(expression.name)) return *value;
  if (const auto* value = binding_->find(expression.name)) return *value;
  return variable(expression.name, frame.context);
}

Outcome<Value> Interpreter::variable(const std::string& name, Context& context) {
  if (name == "env") return Value(context.run.env);
  if (name == "params") return Value(context.run.params);
  if (name == "currentBuild") return Value(context.run.current_build);
  if (name == "scm") return own_scm(context);
  if (auto value = context.variable(name)) return Value(std::move(*value));
  if (is_unsupported_global(name)) return refuse("'{}' is not supported yet", name);
  if (context.lazy) return Value();
  return raise("groovy.lang.MissingPropertyException",
               "No such property: {} for class: groovy.lang.Binding", name);
}

Outcome<std::string> Interpreter::name_of(const syntax::Name& name,
                                          const syntax::ExpressionPtr& computed, Frame& frame) {
  if (!computed) return name.text;
  return text(TRY(evaluate(*computed, frame)), frame.context);
}

Outcome<Value> Interpreter::eval(const syntax::Property& expression, Frame& frame) {
  if (expression.attribute) return refuse("the field operator .@ is not supported yet");
  const auto receiver = TRY(evaluate(*expression.receiver, frame));
  const auto name = TRY(name_of(expression.name, expression.computed_name, frame));
  if (expression.access == syntax::Access::safe && receiver.is_null()) return Value();
  if (expression.access == syntax::Access::spread) {
    std::vector<Value> values;
    for (const auto& item : TRY(Outcome<std::vector<Value>>(elements(receiver))))
      values.push_back(item.is_null() ? Value() : TRY(get(item, name, frame.context)));
    return Value::list(std::move(values));
  }
  return get(receiver, name, frame.context);
}

Outcome<Value> Interpreter::get(const Value& receiver, const std::string& name, Context& context) {
  if (receiver.is_null())
    return raise("java.lang.NullPointerException", "Cannot get property '{}' on null object", name);
  if (const auto map = receiver.as_map()) {
    const auto* value = map->find(Value(name));
    return value ? *value : Value();
  }
  if (name == "class") return class_value(receiver.type_name());
  if (const auto object = receiver.as_object()) return object->get(name, context);
  if (const auto list = receiver.as_list()) {
    std::vector<Value> values;
    for (const auto& item : std::vector<Value>(list->items))
      values.push_back(TRY(get(item, name, context)));
    return Value::list(std::move(values));
  }
  return raise("groovy.lang.MissingPropertyException", "No such property: {} for class: {}", name,
               receiver.type_name());
}

Outcome<Value> Interpreter::eval(const syntax::Index& expression, Frame& frame) {
  const auto receiver = TRY(evaluate(*expression.receiver, frame));
  if (expression.safe && receiver.is_null()) return Value();
  if (expression.arguments.size() != 1 ||
      expression.arguments[0].kind != syntax::Argument::Kind::positional)
    return refuse("an index of several values is not supported yet");
  return index(receiver, TRY(evaluate(*expression.arguments[0].value, frame)), frame.context);
}

Outcome<Value> Interpreter::index(const Value& receiver, const Value& key, Context& context) {
  if (receiver.is_null())
    return raise("java.lang.NullPointerException", "Cannot invoke method getAt() on null object");
  if (const auto map = receiver.as_map()) {
    const auto* value = map->find(key);
    return value ? *value : Value();
  }
  if (const auto object = receiver.as_object()) return object->at(key, context);
  if (!receiver.as_list() && !receiver.as_range() && !receiver.is_text())
    return refuse("an index into a {} is not supported", receiver.type_name());
  const auto items = TRY(Outcome<std::vector<Value>>(elements(receiver)));
  const auto size = static_cast<std::int64_t>(items.size());
  const auto at = [&](std::int64_t position) { return position < 0 ? position + size : position; };
  const auto outside = [&](std::int64_t position) {
    return raise("java.lang.IndexOutOfBoundsException", "Index {} out of bounds for length {}",
                 position, size);
  };
  if (const auto* position = key.as_integer()) {
    const auto place = at(*position);
    if (place >= 0 && place < size) return items[static_cast<std::size_t>(place)];
    // Lists give null past their end, as Groovy's do.
    if (receiver.as_list() && place >= 0) return Value();
    return outside(*position);
  }
  if (const auto* range = key.as_range()) {
    std::vector<Value> part;
    // a[1..-1] counts its end from the back.
    const Range real{at(range->from), at(range->to), range->empty};
    for (std::int64_t i = 0; i < real.size(); ++i) {
      const auto place = real.at(i);
      if (place < 0 || place >= size) return outside(place);
      part.push_back(items[static_cast<std::size_t>(place)]);
    }
    if (!receiver.is_text()) return Value::list(std::move(part));
    std::string joined;
    for (const auto& character : part) joined += *character.as_text();
    return Value(std::move(joined));
  }
  return refuse("a {} as an index is not supported", key.type_name());
}

Outcome<Value> Interpreter::eval(const syntax::Ternary& expression, Frame& frame) {
  const bool yes = truth(TRY(evaluate(*expression.condition, frame)));
  return evaluate(yes ? *expression.yes : *expression.no, frame);
}

Outcome<Value> Interpreter::eval(const syntax::Elvis& expression, Frame& frame) {
  auto value = TRY(evaluate(*expression.value, frame));
  if (truth(value)) return value;
  return evaluate(*expression.otherwise, frame);
}

Outcome<Value> Interpreter::eval(const syntax::InstanceOf& expression, Frame& frame) {
  const auto value = TRY(evaluate(*expression.value, frame));
  const bool is = TRY(is_instance(value, expression.type.name, frame.context));
  return Value(is != expression.negated);
}

Outcome<Value> Interpreter::eval(const syntax::Cast& expression, Frame& frame) {
  auto value = TRY(evaluate(*expression.value, frame));
  if (expression.type.dimensions > 0) return refuse("a cast to an array is not supported yet");
  return cast(value, expression.type.name, frame.context);
}

Outcome<Value> Interpreter::cast(const Value& value, const std::string& type, Context& context) {
  if (type.empty() || type == "Object" || value.is_null()) return value;
  if (type == "String" || type == "java.lang.String") return Value(TRY(text(value, context)));
  if (type == "int" || type == "Integer" || type == "long" || type == "Long") {
    const auto width = type == "int" || type == "Integer" ? Width::integer : Width::long_;
    if (value.is_number()) return narrowed(value, width);
    if (value.is_text()) {
      const auto digits = TRY(text(value, context));
      if (const auto number = parse_integer(digits)) return narrowed(Value(*number), width);
      return raise("java.lang.NumberFormatException", "For input string: \"{}\"", digits);
    }
  }
  if (type == "boolean" || type == "Boolean") return Value(truth(value));
  if (TRY(is_instance(value, type, context))) return value;
  return refuse("a cast of {} to {} is not supported yet", value.type_name(), type);
}

Outcome<bool> Interpreter::is_instance(const Value& value, const std::string& type, Context&) {
  const auto* full = full_class_name(type);
  if (!full) full = known_exception(type);
  if (!full) return refuse("unable to resolve class {}", type);
  if (value.is_null()) return false;
  if (const auto object = value.as_object()) return object->is_a(*full);
  return is_subclass(value.type_name(), *full);
}

Outcome<Value> Interpreter::eval(const syntax::New& expression, Frame& frame) {
  const auto* class_name = known_exception(expression.type.name);
  if (!class_name || expression.array || expression.body)
    return refuse("new {} is not supported yet", expression.type.name);
  const auto given = TRY(arguments(expression.arguments, frame)).all();
  std::string message;
  if (!given.empty()) message = TRY(text(given[0], frame.context));
  auto exception = std::make_shared<Exception>(*class_name, message);
  if (given.size() > 1) exception->cause = std::make_shared<Value>(given[1]);
  return Value(std::shared_ptr<Object>(std::move(exception)));
}

}  // namespace cupel::pipeline
