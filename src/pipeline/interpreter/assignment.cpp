// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/numbers.hpp"
#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/interpreter.hpp"

namespace cupel::pipeline {
namespace {

using Op = syntax::BinaryOperator;

/// The string after or before this one, as String.next(): the last character steps on.
std::string stepped_text(const std::string& text, int step) {
  auto points = code_points(text);
  if (points.empty()) return utf8(char32_t{0});
  points.back() = static_cast<char32_t>(static_cast<std::int64_t>(points.back()) + step);
  return utf8(points);
}

}  // namespace

Outcome<Value> Interpreter::stepped(const Value& value, int step, Context& context) {
  if (value.is_null())
    return raise("java.lang.NullPointerException", "Cannot invoke method {}() on null object",
                 step > 0 ? "next" : "previous");
  if (value.is_number()) return calculate(Op::add, value, Value(step));
  if (const auto* character = value.as_character())
    return Value(
        Character{static_cast<char32_t>(static_cast<std::int64_t>(character->code) + step)});
  if (value.is_text()) return Value(stepped_text(TRY(text(value, context)), step));
  return invoke(value, step > 0 ? "next" : "previous", {}, context);
}

/// Evaluates the parts of a target once; what comes of it can be read and written.
Outcome<Value> Interpreter::eval(const syntax::Increment& expression, Frame& frame) {
  const auto place = TRY(place_of(*expression.target, frame));
  const auto before = TRY(read(place, frame));
  auto after = TRY(stepped(before, expression.step, frame.context));
  after = TRY(write(place, std::move(after), frame));
  return expression.form == syntax::Increment::Form::before ? after : before;
}

Outcome<Value> Interpreter::eval(const syntax::Assignment& expression, Frame& frame) {
  if (expression.op || expression.elvis) {
    const auto place = TRY(place_of(*expression.target, frame));
    auto before = TRY(read(place, frame));
    if (expression.elvis && TRY(truth_of(before))) return before;
    auto value = TRY(evaluate(*expression.value, frame));
    if (expression.op) value = TRY(operate(*expression.op, before, value, frame.context));
    return write(place, std::move(value), frame);
  }
  if (const auto* targets = expression.target->as<syntax::ListLiteral>()) {
    auto value = TRY(evaluate(*expression.value, frame));
    TRY(assign_all(*targets, value, frame));
    return value;
  }
  // Groovy evaluates the target's parts behind the value only for names.
  auto value = TRY(evaluate(*expression.value, frame));
  const auto place = TRY(place_of(*expression.target, frame));
  return write(place, std::move(value), frame);
}

Outcome<void> Interpreter::assign_all(const syntax::ListLiteral& targets, const Value& values,
                                      Frame& frame) {
  const auto items = TRY(elements_of(values));
  for (std::size_t i = 0; i < targets.elements.size(); ++i) {
    const auto place = TRY(place_of(*targets.elements[i], frame));
    TRY(write(place, i < items.size() ? items[i] : Value(), frame));
  }
  return {};
}

Outcome<Interpreter::Target> Interpreter::place_of(const Expression& target, Frame& frame) {
  Target place;
  if (const auto* variable = target.as<syntax::Variable>()) {
    place.name = variable->name;
    return place;
  }
  if (const auto* property = target.as<syntax::Property>()) {
    place.kind = Target::Kind::property;
    place.receiver = property->receiver->as<syntax::Super>()
                         ? frame.home->self
                         : TRY(evaluate(*property->receiver, frame));
    place.name = TRY(name_of(property->name, property->computed_name, frame));
    place.safe = property->access == syntax::Access::safe;
    place.spread = property->access == syntax::Access::spread;
    place.field =
        property->attribute || (frame.home->type && property->receiver->as<syntax::This>());
    return place;
  }
  if (const auto* index = target.as<syntax::Index>()) {
    place.kind = Target::Kind::index;
    place.receiver = TRY(evaluate(*index->receiver, frame));
    place.key = TRY(index_key(*index, frame));
    place.safe = index->safe;
    return place;
  }
  return refuse("an assignment to this is not supported");
}

Outcome<Value> Interpreter::read(const Target& place, Frame& frame) {
  if (place.kind == Target::Kind::name) {
    if (const auto* value = frame.scope->find(place.name)) return *value;
    return value_of_name(place.name, frame);
  }
  if (place.safe && place.receiver.is_null()) return Value();
  if (place.kind == Target::Kind::index) return index(place.receiver, place.key, frame.context);
  if (place.field) return attribute(place.receiver, place.name, frame.context);
  return get(place.receiver, place.name, frame.context);
}

Outcome<Value> Interpreter::write(const Target& place, Value value, Frame& frame) {
  if (place.kind == Target::Kind::name) return assign_name(place.name, std::move(value), frame);
  if (place.safe && place.receiver.is_null()) return value;
  auto* object = place.receiver.object_here();
  auto* state = place.field && object ? object->instance() : nullptr;
  if (place.kind == Target::Kind::index) {
    TRY(put(place.receiver, place.key, value, frame.context));
  } else if (place.spread) {
    for (const auto& item : TRY(elements_of(place.receiver)))
      if (!item.is_null()) TRY(set(item, place.name, value, frame.context));
  } else if (state) {
    TRY(set_field(place.receiver, *state, place.name, value, frame.context));
  } else {
    TRY(set(place.receiver, place.name, value, frame.context));
  }
  return value;
}

}  // namespace cupel::pipeline
