// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/names.hpp"
#include "pipeline/interpreter/script_values.hpp"

namespace cupel::pipeline {

Outcome<Value> Interpreter::evaluate(const Expression& expression, Frame& frame) {
  TRY(count(frame.context));
  auto value = std::visit(
      [&](const auto& node) -> Outcome<Value> {
        if constexpr (requires { eval(node, frame); })
          return eval(node, frame);
        else
          return refuse("{} not supported here", describe(node));
      },
      expression.node);
  if (!value) value.error().place(expression.span, source_of(frame));
  return value;
}

Outcome<std::string> Interpreter::name_of(const syntax::Name& name,
                                          const syntax::ExpressionPtr& computed, Frame& frame) {
  if (!computed) return name.text;
  return text(TRY(evaluate(*computed, frame)), frame.context);
}

Outcome<Value> Interpreter::eval(const syntax::Property& expression, Frame& frame) {
  if (expression.receiver->as<syntax::Super>()) {
    const auto name = TRY(name_of(expression.name, expression.computed_name, frame));
    return attribute(frame.home->self, name, frame.context);
  }
  const auto receiver = TRY(evaluate(*expression.receiver, frame));
  const auto name = TRY(name_of(expression.name, expression.computed_name, frame));
  if (expression.access == syntax::Access::safe && receiver.is_null()) return Value();
  if (expression.access == syntax::Access::spread) {
    if (receiver.is_null()) return Value();
    std::vector<Value> values;
    for (const auto& item : TRY(elements_of(receiver)))
      values.push_back(item.is_null() ? Value() : TRY(get(item, name, frame.context)));
    return Value::list(std::move(values));
  }
  // this.x in a class is the field itself.
  if (expression.attribute || (expression.receiver->as<syntax::This>() && frame.home->type))
    return attribute(receiver, name, frame.context);
  if (name == "class" && package_name(receiver))
    return refuse("unable to resolve class {}", *package_name(receiver));
  // Outer.this
  if (name == "this" && receiver.object_here()) return frame.home->self;
  return get(receiver, name, frame.context);
}

Outcome<Value> Interpreter::eval(const syntax::Index& expression, Frame& frame) {
  const auto receiver = TRY(evaluate(*expression.receiver, frame));
  if (expression.safe && receiver.is_null()) return Value();
  // String[] and the like, as a class.
  if (expression.arguments.empty())
    if (const auto* type = dynamic_cast<const ClassObject*>(receiver.object_here()))
      return class_value(type->name() + "[]");
  return index(receiver, TRY(index_key(expression, frame)), frame.context);
}

Outcome<Value> Interpreter::index_key(const syntax::Index& expression, Frame& frame) {
  using Kind = syntax::Argument::Kind;
  const auto& written = expression.arguments;
  if (written.size() == 1 && written[0].kind == Kind::positional)
    return evaluate(*written[0].value, frame);
  std::vector<Value> keys;
  for (const auto& argument : written) {
    auto value = TRY(evaluate(*argument.value, frame));
    if (argument.kind == Kind::spread)
      for (auto& one : TRY(elements_of(value))) keys.push_back(std::move(one));
    else
      keys.push_back(std::move(value));
  }
  return Value::list(std::move(keys));
}

Outcome<Value> Interpreter::eval(const syntax::Ternary& expression, Frame& frame) {
  const bool yes = TRY(truth_of(TRY(evaluate(*expression.condition, frame))));
  return evaluate(yes ? *expression.yes : *expression.no, frame);
}

Outcome<Value> Interpreter::eval(const syntax::Elvis& expression, Frame& frame) {
  auto value = TRY(evaluate(*expression.value, frame));
  if (TRY(truth_of(value))) return value;
  return evaluate(*expression.otherwise, frame);
}

Outcome<Value> Interpreter::eval(const syntax::InstanceOf& expression, Frame& frame) {
  const auto value = TRY(evaluate(*expression.value, frame));
  auto type = TRY(need_class(expression.type.name, *frame.home, frame.context));
  for (std::uint32_t i = 0; i < expression.type.dimensions; ++i) type.name += "[]";
  return Value(is_instance_of(value, type) != expression.negated);
}

Outcome<Value> Interpreter::eval(const syntax::Cast& expression, Frame& frame) {
  auto value = TRY(evaluate(*expression.value, frame));
  const auto how =
      expression.form == syntax::Cast::Form::as ? Conversion::as : Conversion::assignment;
  if (expression.type.dimensions == 0 && !expression.type.name.empty()) {
    const auto type = TRY(need_class(expression.type.name, *frame.home, frame.context));
    return convert(type, value, how, frame.context);
  }
  return coerce(expression.type, std::move(value), *frame.home, frame.context, how);
}

Outcome<Value> Interpreter::eval(const syntax::MethodPointer& expression, Frame& frame) {
  const auto receiver = expression.receiver->as<syntax::Super>()
                            ? frame.home->self
                            : TRY(evaluate(*expression.receiver, frame));
  const auto name = TRY(name_of(expression.name, expression.computed_name, frame));
  if (receiver.is_null())
    return raise("java.lang.NullPointerException", "Cannot get method pointer on null object");
  const auto home = frame.home;
  auto pointer = native_closure(
      [this, receiver, name, home](std::vector<Value> values, Context& context) -> Outcome<Value> {
        // Foo.&new, and an instance method of a class takes its object first.
        CallArguments given;
        given.positional = std::move(values);
        Frame inner{std::make_shared<Scope>(nullptr), context, home};
        return call_method(receiver, name, given, inner);
      });
  pointer.closure_here()->evaluator = this;
  pointer.closure_here()->owner = receiver;
  pointer.closure_here()->delegate = receiver;
  return pointer;
}

}  // namespace cupel::pipeline
