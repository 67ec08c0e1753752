// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/syntax/children.hpp"

namespace cupel::pipeline {
namespace {

/// The names that stand in an expression, in their order, each once.
class Names final : public syntax::Children {
 public:
  void child(const syntax::Expression& expression) override {
    if (const auto* variable = expression.as<syntax::Variable>();
        variable && std::ranges::find(names, variable->name) == names.end())
      names.push_back(variable->name);
    if (!expression.as<syntax::Closure>()) syntax::show_children(expression.node, *this);
  }
  void child(const syntax::Statement&) override {}
  std::vector<std::string> names;
};

}  // namespace

Outcome<bool> Interpreter::takes(const syntax::Catch& clause, const Exception& thrown,
                                 Frame& frame) {
  if (clause.types.empty()) return thrown.is_a("java.lang.Exception");
  for (const auto& type : clause.types) {
    if (type.name.empty()) {
      if (thrown.is_a("java.lang.Exception")) return true;
      continue;
    }
    // Found before it is needed, so that a wrong name shows at once (see exec).
    const auto named = find_class(type.name, *frame.home->unit, frame.home->type, frame.context);
    if (named && thrown.is_a(named->name)) return true;
  }
  return false;
}

Outcome<Value> Interpreter::handle(Signal signal, const std::vector<syntax::Catch>& catches,
                                   Frame& frame, Wants wants) {
  const auto* thrown = std::get_if<Throw>(&signal.kind());
  if (!thrown) return tl::unexpected(std::move(signal));
  for (const auto& clause : catches) {
    if (!TRY(takes(clause, *thrown->exception, frame))) continue;
    Frame inner{inner_scope(frame.scope), frame.context, frame.home, frame.closure};
    inner.scope->declare(clause.name.text, Value(std::shared_ptr<Object>(thrown->exception)));
    if (wants == Wants::value) return execute_body(clause.body, inner);
    TRY(execute(clause.body, inner));
    return Value();
  }
  return tl::unexpected(std::move(signal));
}

Outcome<void> Interpreter::exec(const syntax::Try& statement, Frame& frame) {
  TRY(tried(statement, frame, Wants::nothing));
  return {};
}

Outcome<Value> Interpreter::tried(const syntax::Try& statement, Frame& frame, Wants wants) {
  for (const auto& clause : statement.catches)
    for (const auto& type : clause.types)
      if (!type.name.empty()) {
        const auto named = need_class(type.name, *frame.home, frame.context);
        if (named) continue;
        auto signal = named.error();
        signal.place(type.span, source_of(frame));
        return tl::unexpected(std::move(signal));
      }
  auto done = statement.resources.empty() ? body_of(statement.body, frame, wants)
                                          : with_resources(statement, frame, wants);
  // What catches or cleans up after an interruption must be able to run, for a while.
  auto& stop = frame.context.stop;
  if (!done && done.error().exception() && stop.requested()) stop = Stop().within(grace);
  if (!done) done = handle(std::move(done.error()), statement.catches, frame, wants);
  const bool exhausted = !done && std::holds_alternative<Exhausted>(done.error().kind());
  if (statement.finally && !exhausted) TRY(execute(*statement.finally, frame));
  return done;
}

Outcome<Value> Interpreter::body_of(const syntax::Block& block, Frame& frame, Wants wants) {
  if (wants == Wants::nothing) {
    TRY(execute(block, frame));
    return Value();
  }
  Frame inner{inner_scope(frame.scope), frame.context, frame.home, frame.closure};
  return execute_body(block, inner);
}

Outcome<Value> Interpreter::with_resources(const syntax::Try& statement, Frame& frame,
                                           Wants wants) {
  Frame inner{inner_scope(frame.scope), frame.context, frame.home, frame.closure};
  std::vector<Value> open;
  Outcome<Value> result = Value();
  for (const auto& resource : statement.resources) {
    auto done = execute(*resource, inner);
    if (!done) {
      result = tl::unexpected(std::move(done.error()));
      break;
    }
    const auto* declared = resource->as<syntax::VariableDeclaration>();
    if (declared && !declared->declarators.empty())
      open.push_back(*inner.scope->find(declared->declarators[0].name.text));
  }
  if (result) result = body_of(statement.body, inner, wants);
  for (auto resource = open.rbegin(); resource != open.rend(); ++resource) {
    if (resource->is_null()) continue;
    auto closed = invoke(*resource, "close", {}, frame.context);
    if (closed) continue;
    if (result)
      result = tl::unexpected(std::move(closed.error()));
    else if (result.error().exception() && closed.error().exception())
      result.error().exception()->suppressed.emplace_back(
          std::shared_ptr<Object>(closed.error().exception()));
  }
  return result;
}

Outcome<void> Interpreter::exec(const syntax::Throw& statement, Frame& frame) {
  const auto value = TRY(evaluate(*statement.value, frame));
  if (value.is_null())
    return raise("java.lang.NullPointerException", "Cannot throw exception on null object");
  auto exception = std::dynamic_pointer_cast<Exception>(value.as_object());
  if (!exception)
    return raise("org.codehaus.groovy.runtime.typehandling.GroovyCastException",
                 "Cannot cast object '{}' with class '{}' to class 'java.lang.Throwable'",
                 TRY(text_of(value)), value.type_name());
  // A class of the pipeline's own may say its message itself.
  if (auto* own = exception->instance(); own && own->type.has_method("getMessage")) {
    const auto message = TRY(invoke(value, "getMessage", {}, frame.context));
    if (!message.is_null()) exception->set_message(TRY(text_of(message)));
  }
  return tl::unexpected(Signal(pipeline::Throw{std::move(exception)}));
}

Outcome<void> Interpreter::exec(const syntax::Assert& statement, Frame& frame) {
  if (TRY(truth_of(TRY(evaluate(*statement.condition, frame))))) return {};
  const auto written = std::string(source_of(frame)->text_of(statement.condition->span));
  Names used;
  used.child(*statement.condition);
  std::string values;
  for (const auto& name : used.names) {
    const auto* value = frame.scope->find(name);
    if (!value) continue;
    values += (values.empty() ? "" : ", ") + name + " = " + TRY(text_of(*value));
  }
  if (!statement.message) {
    const auto seen = values.empty() ? std::string() : ". Values: " + values;
    return raise("org.codehaus.groovy.runtime.powerassert.PowerAssertionError", "assert {}{}",
                 written, seen);
  }
  const auto message = TRY(text(TRY(evaluate(*statement.message, frame)), frame.context));
  const bool enclosed = statement.condition->parenthesised;
  return raise("java.lang.AssertionError", "{}. Expression: {}{}{}{}", message, enclosed ? "" : "(",
               written, enclosed ? "" : ")",
               values.empty() ? std::string() : ". Values: " + values);
}

}  // namespace cupel::pipeline
