// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/names.hpp"

namespace cupel::pipeline {

Outcome<void> Interpreter::execute(const Statement& statement, Frame& frame) {
  TRY(count(frame.context));
  auto done = std::visit(
      [&](const auto& node) -> Outcome<void> {
        if constexpr (requires { exec(node, frame); })
          return exec(node, frame);
        else
          return refuse("{} not supported yet", describe(node));
      },
      statement.node);
  if (!done) done.error().place(statement.span);
  return done;
}

Outcome<void> Interpreter::execute(const syntax::Block& block, Frame& frame) {
  Frame inner{inner_scope(frame.scope), frame.context};
  for (const auto& statement : block.statements) TRY(execute(*statement, inner));
  return {};
}

Outcome<Value> Interpreter::execute_body(const syntax::Block& block, Frame& frame) {
  for (std::size_t i = 0; i < block.statements.size(); ++i) {
    if (i + 1 == block.statements.size()) return last_value(*block.statements[i], frame);
    TRY(execute(*block.statements[i], frame));
  }
  return Value();
}

Outcome<Value> Interpreter::last_value(const Statement& statement, Frame& frame) {
  if (const auto* expression = statement.as<syntax::ExpressionStatement>()) {
    TRY(count(frame.context));
    return evaluate(*expression->value, frame);
  }
  if (const auto* choice = statement.as<syntax::If>()) {
    const bool yes = truth(TRY(evaluate(*choice->condition, frame)));
    const auto& branch = yes ? choice->yes : choice->no;
    return branch ? last_value(*branch, frame) : Value();
  }
  if (const auto* block = statement.as<syntax::BlockStatement>()) {
    Frame inner{inner_scope(frame.scope), frame.context};
    return execute_body(block->block, inner);
  }
  TRY(execute(statement, frame));
  return Value();
}

Outcome<void> Interpreter::exec(const syntax::ExpressionStatement& statement, Frame& frame) {
  TRY(evaluate(*statement.value, frame));
  return {};
}

Outcome<void> Interpreter::exec(const syntax::VariableDeclaration& statement, Frame& frame) {
  if (!statement.modifiers.annotations.empty() &&
      statement.modifiers.annotations[0].name.text != "Field")
    return refuse("the annotation @{} is not supported yet",
                  statement.modifiers.annotations[0].name.text);
  auto& scope = statement.modifiers.annotations.empty() ? *frame.scope : *binding_;
  const auto declare = [&](const syntax::Declarator& declarator, Value value) -> Outcome<void> {
    if (scope.declares(declarator.name.text))
      return refuse("the variable '{}' is declared twice", declarator.name.text);
    if (declarator.type.name == "String" && value.as_gstring())
      value = Value(TRY(text(value, frame.context)));
    scope.declare(declarator.name.text, std::move(value));
    return {};
  };
  if (statement.multiple) {
    const auto items =
        TRY(Outcome<std::vector<Value>>(elements(TRY(evaluate(*statement.initial, frame)))));
    for (std::size_t i = 0; i < statement.declarators.size(); ++i)
      TRY(declare(statement.declarators[i], i < items.size() ? items[i] : Value()));
    return {};
  }
  for (const auto& declarator : statement.declarators) {
    auto value = declarator.initial ? TRY(evaluate(*declarator.initial, frame)) : Value();
    TRY(declare(declarator, std::move(value)));
  }
  return {};
}

Outcome<void> Interpreter::exec(const syntax::BlockStatement& statement, Frame& frame) {
  return execute(statement.block, frame);
}

Outcome<void> Interpreter::exec(const syntax::If& statement, Frame& frame) {
  const bool yes = truth(TRY(evaluate(*statement.condition, frame)));
  const auto& branch = yes ? statement.yes : statement.no;
  if (!branch) return {};
  return execute(*branch, frame);
}

Outcome<bool> Interpreter::loop_body(const syntax::StatementPtr& body, Frame& frame) {
  TRY(count(frame.context));
  if (!body) return true;
  auto done = execute(*body, frame);
  if (done) return true;
  if (const auto* left = std::get_if<Break>(&done.error().kind()); left && left->label.empty())
    return false;
  if (const auto* next = std::get_if<Continue>(&done.error().kind()); next && next->label.empty())
    return true;
  return tl::unexpected(std::move(done.error()));
}

Outcome<void> Interpreter::exec(const syntax::While& statement, Frame& frame) {
  while (truth(TRY(evaluate(*statement.condition, frame))))
    if (!TRY(loop_body(statement.body, frame))) break;
  return {};
}

Outcome<void> Interpreter::exec(const syntax::For& statement, Frame& frame) {
  Frame inner{inner_scope(frame.scope), frame.context};
  for (const auto& initial : statement.initial) TRY(execute(*initial, inner));
  while (!statement.condition || truth(TRY(evaluate(*statement.condition, inner)))) {
    if (!TRY(loop_body(statement.body, inner))) break;
    for (const auto& update : statement.updates) TRY(evaluate(*update, inner));
  }
  return {};
}

Outcome<void> Interpreter::exec(const syntax::ForIn& statement, Frame& frame) {
  const auto values = TRY(evaluate(*statement.values, frame));
  for (const auto& value : TRY(Outcome<std::vector<Value>>(elements(values)))) {
    Frame inner{inner_scope(frame.scope), frame.context};
    inner.scope->declare(statement.variable.name.text, value);
    if (!TRY(loop_body(statement.body, inner))) break;
  }
  return {};
}

Outcome<void> Interpreter::handle(Signal signal, const std::vector<syntax::Catch>& catches,
                                  Frame& frame) {
  const auto* thrown = std::get_if<Throw>(&signal.kind());
  if (!thrown) return tl::unexpected(std::move(signal));
  const auto takes = [&](const syntax::Catch& clause) {
    if (clause.types.empty()) return thrown->exception->is_a("Exception");
    for (const auto& type : clause.types)
      if (type.name.empty() ? thrown->exception->is_a("Exception")
                            : thrown->exception->is_a(type.name))
        return true;
    return false;
  };
  for (const auto& clause : catches) {
    if (!takes(clause)) continue;
    Frame inner{inner_scope(frame.scope), frame.context};
    inner.scope->declare(clause.name.text, Value(std::shared_ptr<Object>(thrown->exception)));
    return execute(clause.body, inner);
  }
  return tl::unexpected(std::move(signal));
}

Outcome<void> Interpreter::exec(const syntax::Try& statement, Frame& frame) {
  if (!statement.resources.empty()) return refuse("try with resources is not supported yet");
  for (const auto& clause : statement.catches)
    for (const auto& type : clause.types)
      if (!type.name.empty() && !known_exception(type.name))
        return refuse("catch of the class {} is not supported yet", type.name);
  auto done = execute(statement.body, frame);
  // What catches or cleans up after an interruption must be able to run, for a while.
  auto& stop = frame.context.stop;
  if (!done && done.error().exception() && stop.requested()) stop = Stop().within(grace);
  if (!done) done = handle(std::move(done.error()), statement.catches, frame);
  if (statement.finally) TRY(execute(*statement.finally, frame));
  return done;
}

Outcome<void> Interpreter::exec(const syntax::Throw& statement, Frame& frame) {
  const auto value = TRY(evaluate(*statement.value, frame));
  auto exception = std::dynamic_pointer_cast<Exception>(value.as_object());
  if (!exception) return refuse("throwing a {} is not supported", value.type_name());
  return tl::unexpected(Signal(pipeline::Throw{std::move(exception)}));
}

Outcome<void> Interpreter::exec(const syntax::Return& statement, Frame& frame) {
  auto value = statement.value ? TRY(evaluate(*statement.value, frame)) : Value();
  return tl::unexpected(Signal(pipeline::Return{std::move(value)}));
}

Outcome<void> Interpreter::exec(const syntax::Break& statement, Frame&) {
  if (!statement.label.text.empty()) return refuse("a label is not supported yet");
  return tl::unexpected(Signal(pipeline::Break{}));
}

Outcome<void> Interpreter::exec(const syntax::Continue& statement, Frame&) {
  if (!statement.label.text.empty()) return refuse("a label is not supported yet");
  return tl::unexpected(Signal(pipeline::Continue{}));
}

Outcome<void> Interpreter::exec(const syntax::Assert& statement, Frame& frame) {
  if (truth(TRY(evaluate(*statement.condition, frame)))) return {};
  std::string message = "assertion failed";
  if (statement.message)
    message = TRY(text(TRY(evaluate(*statement.message, frame)), frame.context));
  return raise("java.lang.AssertionError", "{}", message);
}

Outcome<void> Interpreter::exec(const syntax::MethodDeclaration& statement, Frame&) {
  if (statement.body) methods_[statement.name.text].push_back(&statement);
  return {};
}

}  // namespace cupel::pipeline
