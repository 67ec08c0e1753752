// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/names.hpp"

namespace cupel::pipeline {
namespace {

bool declares(const syntax::Block& block) {
  return std::ranges::any_of(block.statements, [](const auto& statement) {
    return statement->template as<syntax::VariableDeclaration>() != nullptr ||
           statement->template as<syntax::ClassDeclaration>() != nullptr;
  });
}

const syntax::Annotation* find_annotation(const syntax::Modifiers& modifiers,
                                          std::string_view name) {
  for (const auto& annotation : modifiers.annotations)
    if (simple_name(annotation.name.text) == name) return &annotation;
  return nullptr;
}

}  // namespace

Outcome<void> Interpreter::execute(const Statement& statement, Frame& frame) {
  TRY(count(frame.context));
  auto done = std::visit(
      [&](const auto& node) -> Outcome<void> {
        if constexpr (requires { exec(node, frame); })
          return exec(node, frame);
        else
          return refuse("{} not supported here", describe(node));
      },
      statement.node);
  if (!done) done.error().place(statement.span, source_of(frame));
  return done;
}

Outcome<void> Interpreter::execute(const syntax::Block& block, Frame& frame) {
  Frame inner{declares(block) ? inner_scope(frame.scope) : frame.scope, frame.context, frame.home,
              frame.closure};
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
  const auto placed = [&](Outcome<Value> value) {
    if (!value) value.error().place(statement.span, source_of(frame));
    return value;
  };
  if (const auto* expression = statement.as<syntax::ExpressionStatement>()) {
    TRY(count(frame.context));
    return evaluate(*expression->value, frame);
  }
  if (const auto* choice = statement.as<syntax::If>()) {
    const bool yes = TRY(truth_of(TRY(evaluate(*choice->condition, frame))));
    const auto& branch = yes ? choice->yes : choice->no;
    return branch ? last_value(*branch, frame) : Value();
  }
  if (const auto* block = statement.as<syntax::BlockStatement>()) {
    Frame inner{inner_scope(frame.scope), frame.context, frame.home, frame.closure};
    return execute_body(block->block, inner);
  }
  if (const auto* attempt = statement.as<syntax::Try>())
    return placed(tried(*attempt, frame, Wants::value));
  if (const auto* choice = statement.as<syntax::Switch>())
    return placed(switched(*choice, frame, Wants::value));
  if (const auto* locked = statement.as<syntax::Synchronized>()) {
    TRY(evaluate(*locked->lock, frame));
    Frame inner{inner_scope(frame.scope), frame.context, frame.home, frame.closure};
    return execute_body(locked->body, inner);
  }
  TRY(execute(statement, frame));
  return Value();
}

Outcome<void> Interpreter::exec(const syntax::ExpressionStatement& statement, Frame& frame) {
  TRY(evaluate(*statement.value, frame));
  return {};
}

Outcome<void> Interpreter::declare_variable(const syntax::VariableDeclaration& declaration,
                                            const syntax::Declarator& declarator, Value value,
                                            Frame& frame) {
  const auto& name = declarator.name.text;
  value = TRY(coerce(declarator.type, std::move(value), *frame.home, frame.context));
  auto* script = frame.home->script();
  if (find_annotation(declaration.modifiers, "Field")) {
    if (!script) return refuse("@Field is for the variables of a script");
    script->fields[name] = std::move(value);
    return {};
  }
  if (frame.scope->declares(name)) return refuse("the variable '{}' is declared twice", name);
  frame.scope->declare(name, std::move(value), kept_type(declarator.type));
  return {};
}

Outcome<void> Interpreter::exec(const syntax::VariableDeclaration& statement, Frame& frame) {
  for (const auto* refused : {"Grab", "Grapes", "GrabResolver", "GrabConfig"})
    if (find_annotation(statement.modifiers, refused))
      return refuse("@{} is refused: cupel does not fetch Java libraries", refused);
  // Loaded before all code.
  if (find_annotation(statement.modifiers, "Library")) return {};
  if (statement.multiple) {
    const auto items = TRY(elements_of(TRY(evaluate(*statement.initial, frame))));
    for (std::size_t i = 0; i < statement.declarators.size(); ++i)
      TRY(declare_variable(statement, statement.declarators[i],
                           i < items.size() ? items[i] : Value(), frame));
    return {};
  }
  for (const auto& declarator : statement.declarators) {
    // Known while its value is made, so that a closure may call itself.
    const bool closure = declarator.initial && declarator.initial->as<syntax::Closure>() &&
                         !frame.scope->declares(declarator.name.text) &&
                         statement.modifiers.annotations.empty();
    if (closure) {
      frame.scope->declare(declarator.name.text, Value(), kept_type(declarator.type));
      auto value = TRY(evaluate(*declarator.initial, frame));
      *frame.scope->find(declarator.name.text) =
          TRY(coerce(declarator.type, std::move(value), *frame.home, frame.context));
      continue;
    }
    auto value = declarator.initial ? TRY(evaluate(*declarator.initial, frame)) : Value();
    const bool zero = !declarator.initial && !declarator.type.name.empty();
    if (zero) {
      // A primitive has a value from the start.
      const auto& type = declarator.type;
      if (type.dimensions == 0 && (type.name == "int" || type.name == "long" ||
                                   type.name == "short" || type.name == "byte"))
        value = Value(0);
      if (type.dimensions == 0 && (type.name == "double" || type.name == "float"))
        value = Value(0.0);
      if (type.dimensions == 0 && type.name == "boolean") value = Value(false);
    }
    TRY(declare_variable(statement, declarator, std::move(value), frame));
  }
  return {};
}

Outcome<void> Interpreter::exec(const syntax::BlockStatement& statement, Frame& frame) {
  return execute(statement.block, frame);
}

Outcome<void> Interpreter::exec(const syntax::If& statement, Frame& frame) {
  const bool yes = TRY(truth_of(TRY(evaluate(*statement.condition, frame))));
  const auto& branch = yes ? statement.yes : statement.no;
  if (!branch) return {};
  return execute(*branch, frame);
}

/// Code runs under one lock already.
Outcome<void> Interpreter::exec(const syntax::Synchronized& statement, Frame& frame) {
  TRY(evaluate(*statement.lock, frame));
  return execute(statement.body, frame);
}

Outcome<void> Interpreter::exec(const syntax::Return& statement, Frame& frame) {
  auto value = statement.value ? TRY(evaluate(*statement.value, frame)) : Value();
  return tl::unexpected(Signal(pipeline::Return{std::move(value)}));
}

Outcome<void> Interpreter::exec(const syntax::Break& statement, Frame&) {
  return tl::unexpected(Signal(pipeline::Break{statement.label.text}));
}

Outcome<void> Interpreter::exec(const syntax::Continue& statement, Frame&) {
  return tl::unexpected(Signal(pipeline::Continue{statement.label.text}));
}

Outcome<void> Interpreter::exec(const syntax::MethodDeclaration& statement, Frame& frame) {
  // Those of a file are known before it runs.
  if (auto* script = frame.home->script()) {
    auto& known = script->methods[statement.name.text];
    const bool there = std::ranges::any_of(
        known, [&](const UserMethod& method) { return method.code == &statement; });
    if (!there && statement.body) known.push_back({&statement, nullptr, frame.home->unit});
  }
  return {};
}

Outcome<void> Interpreter::exec(const syntax::ClassDeclaration& statement, Frame& frame) {
  const auto& unit = *frame.home->unit;
  for (const auto& [_, type] : classes_)
    if (type->declaration == &statement) return {};
  if (statement.kind == UserClass::Kind::annotation_) return {};
  declare(statement, unit, nullptr);
  unit.resolved.clear();
  return {};
}

Outcome<void> Interpreter::exec(const syntax::Import&, Frame&) { return {}; }
Outcome<void> Interpreter::exec(const syntax::Package&, Frame&) { return {}; }

}  // namespace cupel::pipeline
