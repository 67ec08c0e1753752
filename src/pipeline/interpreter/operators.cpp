// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "pipeline/groovy/numbers.hpp"
#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/interpreter.hpp"

namespace cupel::pipeline {
namespace {

using Op = syntax::BinaryOperator;

tl::unexpected<Signal> no_operator(Op op, const Value& a, const Value& b) {
  return refuse("the operator {} of {} and {} is not supported", syntax::symbol(op), a.type_name(),
                b.type_name());
}

}  // namespace

Outcome<Value> Interpreter::arithmetic(Op op, const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return calculate(op, a, b);
  if (a.is_null())
    return raise("java.lang.NullPointerException", "Cannot invoke method {}() on null object",
                 op == Op::add        ? "plus"
                 : op == Op::subtract ? "minus"
                                      : syntax::symbol(op));
  return no_operator(op, a, b);
}

Outcome<Value> Interpreter::add(const Value& a, const Value& b, Frame& frame) {
  if (a.is_text() || (b.is_text() && !a.as_list() && !a.as_map() && !a.is_null())) {
    auto whole = TRY(text(a, frame.context)) + TRY(text(b, frame.context));
    if (whole.size() > max_text)
      return refuse("the text would be longer than {} MiB", max_text >> 20);
    TRY(charge(whole.size()));
    return Value(std::move(whole));
  }
  if (const auto list = a.as_list()) {
    auto items = list->items;
    if (b.as_list() || b.as_range()) {
      for (auto& item : TRY(Outcome<std::vector<Value>>(elements(b)))) items.push_back(item);
    } else {
      items.push_back(b);
    }
    if (items.size() > max_items)
      return refuse("the list would hold more than {} items", max_items);
    TRY(charge(items.size() * sizeof(Value)));
    return Value::list(std::move(items));
  }
  if (const auto left = a.as_map(), right = b.as_map(); left && right) {
    auto map = std::make_shared<Map>(*left);
    for (const auto& [key, value] : right->entries()) TRY(Outcome<void>(map->put(key, value)));
    TRY(charge(map->entries().size() * sizeof(Map::Entry)));
    return Value(std::move(map));
  }
  return arithmetic(Op::add, a, b);
}

namespace {

Outcome<Value> less(Op op, const Value& a, const Value& b) {
  const int order = TRY(compare_values(a, b));
  switch (op) {
    case Op::less: return Value(order < 0);
    case Op::less_equal: return Value(order <= 0);
    case Op::greater: return Value(order > 0);
    case Op::greater_equal: return Value(order >= 0);
    default: return Value(order);
  }
}

Outcome<bool> contains(const Value& value, const Value& container) {
  if (container.is_null()) return value.is_null();
  if (const auto map = container.as_map()) return map->find(value) != nullptr;
  if (container.is_text()) {
    if (!value.is_text()) return false;
    return TRY(equal_values(value, container));
  }
  for (const auto& item : TRY(Outcome<std::vector<Value>>(elements(container))))
    if (TRY(equal_values(item, value))) return true;
  return false;
}

}  // namespace

Outcome<Value> Interpreter::minus(const Value& a, const Value& b, Frame& frame) {
  if (a.as_list() && b.as_list()) {
    std::vector<Value> rest;
    for (const auto& item : a.as_list()->items)
      if (!TRY(contains(item, b))) rest.push_back(item);
    return Value::list(std::move(rest));
  }
  if (!a.is_text()) return arithmetic(Op::subtract, a, b);
  auto whole = TRY(text(a, frame.context));
  const auto part = TRY(text(b, frame.context));
  if (const auto place = whole.find(part); place != std::string::npos)
    whole.erase(place, part.size());
  return Value(std::move(whole));
}

Outcome<Value> Interpreter::multiplied(const Value& a, const Value& b, Frame& frame) {
  if (!a.is_text() || !b.as_integer()) return arithmetic(Op::multiply, a, b);
  const auto part = TRY(text(a, frame.context));
  const auto times = *b.as_integer();
  if (times < 0) return raise("java.lang.IllegalArgumentException", "a negative count");
  if (!part.empty() && static_cast<std::uint64_t>(times) > max_text / part.size())
    return refuse("the text would be longer than {} MiB", max_text >> 20);
  std::string whole;
  for (std::int64_t i = 0; i < times && !part.empty(); ++i) whole += part;
  TRY(charge(whole.size()));
  return Value(std::move(whole));
}

Outcome<Value> Interpreter::operate(Op op, const Value& a, const Value& b, Frame& frame) {
  switch (op) {
    case Op::add: return add(a, b, frame);
    case Op::subtract: return minus(a, b, frame);
    case Op::multiply: return multiplied(a, b, frame);
    case Op::divide:
    case Op::remainder:
    case Op::power: return arithmetic(op, a, b);
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal:
    case Op::compare: return less(op, a, b);
    case Op::equal: return Value(TRY(equal_values(a, b)));
    case Op::not_equal: return Value(!TRY(equal_values(a, b)));
    case Op::identical: return Value(a.is(b));
    case Op::not_identical: return Value(!a.is(b));
    case Op::in: return Value(TRY(contains(a, b)));
    case Op::not_in: return Value(!TRY(contains(a, b)));
    case Op::shift_left:
      if (const auto list = a.as_list()) {
        if (list->items.size() >= max_items)
          return refuse("the list would hold more than {} items", max_items);
        TRY(charge(sizeof(Value)));
        list->items.push_back(b);
        return a;
      }
      if (a.is_text()) return add(a, b, frame);
      return arithmetic(op, a, b);
    case Op::shift_right:
    case Op::shift_right_unsigned:
    case Op::bit_and:
    case Op::bit_or:
    case Op::bit_xor: return arithmetic(op, a, b);
    case Op::and_:
    case Op::or_: return Value();  // evaluated lazily by eval(Binary)
    default: return refuse("the operator {} is not supported yet", syntax::symbol(op));
  }
}

Outcome<Value> Interpreter::eval(const syntax::Binary& expression, Frame& frame) {
  const auto left = TRY(evaluate(*expression.left, frame));
  if (expression.op == Op::and_)
    return Value(truth(left) && truth(TRY(evaluate(*expression.right, frame))));
  if (expression.op == Op::or_)
    return Value(truth(left) || truth(TRY(evaluate(*expression.right, frame))));
  const auto right = TRY(evaluate(*expression.right, frame));
  return operate(expression.op, left, right, frame);
}

Outcome<Value> Interpreter::eval(const syntax::Unary& expression, Frame& frame) {
  using Kind = syntax::UnaryOperator;
  const auto value = TRY(evaluate(*expression.operand, frame));
  if (expression.op == Kind::negate) return Value(!truth(value));
  if (expression.op == Kind::plus && value.is_number()) return value;
  if (expression.op == Kind::minus && value.is_number()) return negated(value);
  if (expression.op == Kind::complement && value.is_number()) return complement(value);
  return refuse("the operator {} of {} is not supported", syntax::symbol(expression.op),
                value.type_name());
}

Outcome<Value> Interpreter::eval(const syntax::Increment& expression, Frame& frame) {
  const auto before = TRY(evaluate(*expression.target, frame));
  auto after = TRY(arithmetic(Op::add, before, Value(expression.step)));
  TRY(assign(*expression.target, after, frame));
  return expression.form == syntax::Increment::Form::before ? after : before;
}

Outcome<Value> Interpreter::eval(const syntax::Assignment& expression, Frame& frame) {
  if (expression.op || expression.elvis) {
    auto before = TRY(evaluate(*expression.target, frame));
    if (expression.elvis && truth(before)) return before;
    auto value = TRY(evaluate(*expression.value, frame));
    if (expression.op) value = TRY(operate(*expression.op, before, value, frame));
    TRY(assign(*expression.target, value, frame));
    return value;
  }
  auto value = TRY(evaluate(*expression.value, frame));
  if (const auto* targets = expression.target->as<syntax::ListLiteral>())
    TRY(assign_all(*targets, value, frame));
  else
    TRY(assign(*expression.target, value, frame));
  return value;
}

Outcome<void> Interpreter::assign_all(const syntax::ListLiteral& targets, const Value& values,
                                      Frame& frame) {
  const auto items = TRY(Outcome<std::vector<Value>>(elements(values)));
  for (std::size_t i = 0; i < targets.elements.size(); ++i)
    TRY(assign(*targets.elements[i], i < items.size() ? items[i] : Value(), frame));
  return {};
}

Outcome<void> Interpreter::assign(const Expression& target, Value value, Frame& frame) {
  if (const auto* variable = target.as<syntax::Variable>()) {
    if (auto* known = frame.scope->find(variable->name))
      *known = std::move(value);
    else if (auto* bound = binding_->find(variable->name))
      *bound = std::move(value);
    else
      binding_->declare(variable->name, std::move(value));
    return {};
  }
  if (const auto* property = target.as<syntax::Property>()) {
    if (property->access == syntax::Access::spread || property->attribute)
      return refuse("an assignment to this is not supported yet");
    const auto receiver = TRY(evaluate(*property->receiver, frame));
    if (receiver.is_null() && property->access == syntax::Access::safe) return {};
    return set(receiver, TRY(name_of(property->name, property->computed_name, frame)),
               std::move(value), frame.context);
  }
  if (const auto* index = target.as<syntax::Index>(); index && index->arguments.size() == 1) {
    const auto receiver = TRY(evaluate(*index->receiver, frame));
    const auto key = TRY(evaluate(*index->arguments[0].value, frame));
    return put(receiver, key, std::move(value), frame.context);
  }
  return refuse("an assignment to this is not supported yet");
}

Outcome<void> Interpreter::put(const Value& receiver, const Value& key, Value value,
                               Context& context) {
  if (receiver.is_null())
    return raise("java.lang.NullPointerException", "Cannot set property '{}' on null object",
                 TRY(text(key, context)));
  if (const auto map = receiver.as_map()) {
    TRY(charge(sizeof(Map::Entry)));
    return Outcome<void>(map->put(key, std::move(value)));
  }
  if (const auto object = receiver.as_object()) return object->put_at(key, value, context);
  const auto list = receiver.as_list();
  if (!list || !key.as_integer())
    return refuse("an assignment into a {} is not supported", receiver.type_name());
  auto place = *key.as_integer();
  const auto size = static_cast<std::int64_t>(list->items.size());
  if (place < 0) place += size;
  if (place < 0 || place >= static_cast<std::int64_t>(max_items))
    return raise("java.lang.IndexOutOfBoundsException", "Index {} out of bounds for length {}",
                 place, size);
  if (place >= size) list->items.resize(static_cast<std::size_t>(place) + 1);
  list->items[static_cast<std::size_t>(place)] = std::move(value);
  return {};
}

Outcome<void> Interpreter::set(const Value& receiver, const std::string& name, Value value,
                               Context& context) {
  if (const auto object = receiver.as_object()) return object->set(name, value, context);
  return put(receiver, Value(name), std::move(value), context);
}

Outcome<Value> Interpreter::plus(const Value& a, const Value& b, Context& context) {
  Frame frame{script_, context};
  return add(a, b, frame);
}

}  // namespace cupel::pipeline
