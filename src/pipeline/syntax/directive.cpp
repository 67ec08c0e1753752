// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/directive.hpp"

namespace cupel::pipeline::syntax {

std::vector<const Argument*> Directive::arguments() const {
  std::vector<const Argument*> list;
  if (call == nullptr) return list;
  const auto& all = call->arguments;
  for (std::size_t i = 0; i + all.trailing_closures < all.items.size(); ++i)
    list.push_back(&all.items[i]);
  return list;
}

const Block* Directive::only_block() const {
  if (call == nullptr || call->arguments.items.size() != 1) return nullptr;
  return block_of(call->arguments.items.front().value.get());
}

const Expression* Directive::only_value() const {
  if (call == nullptr || call->arguments.items.size() != 1) return nullptr;
  const auto& argument = call->arguments.items.front();
  return argument.kind == Argument::Kind::positional ? argument.value.get() : nullptr;
}

std::optional<Directive> directive_of(const Expression& expression) {
  if (const auto* variable = expression.as<Variable>())
    return Directive{variable->name, nullptr, expression.span, expression.span};
  const auto* call = expression.as<Call>();
  if (call == nullptr || call->receiver || call->computed_name) return std::nullopt;
  return Directive{call->name.text, call, call->name.span, expression.span};
}

std::optional<Directive> directive_of(const Statement& statement) {
  const auto* only = statement.as<ExpressionStatement>();
  return only != nullptr ? directive_of(*only->value) : std::nullopt;
}

const std::string* literal_text(const Expression* expression) {
  const auto* literal = expression != nullptr ? expression->as<StringLiteral>() : nullptr;
  return literal != nullptr ? &literal->text : nullptr;
}

const Block* block_of(const Expression* expression) {
  const auto* closure = expression != nullptr ? expression->as<Closure>() : nullptr;
  return closure != nullptr && !closure->explicit_parameters ? &closure->body : nullptr;
}

}  // namespace cupel::pipeline::syntax
