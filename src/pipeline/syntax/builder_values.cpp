// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "pipeline/syntax/builder.hpp"
#include "pipeline/syntax/characters.hpp"

namespace cupel::pipeline::syntax {

namespace {

bool is_environment_key(std::string_view key) {
  const auto plain = [](char c) {
    return c != '$' && (static_cast<unsigned char>(c) & 0x80U) == 0;
  };
  return !key.empty() && !is_digit(key[0]) && std::ranges::all_of(key, continues_word) &&
         std::ranges::all_of(key, plain);
}

bool is_constant(const Expression& value) {
  return value.as<StringLiteral>() != nullptr || value.as<GString>() != nullptr ||
         value.as<IntegerLiteral>() != nullptr || value.as<DecimalLiteral>() != nullptr ||
         value.as<BooleanLiteral>() != nullptr || value.as<BadExpression>() != nullptr;
}

bool is_quoted(const Expression& value) {
  if (is_constant(value)) return true;
  const auto* sum = value.as<Binary>();
  return sum != nullptr && sum->op == BinaryOperator::add && is_quoted(*sum->left) &&
         is_constant(*sum->right);
}

}  // namespace

std::vector<EnvironmentEntry> PipelineBuilder::environment(const Directive& section) {
  std::vector<EnvironmentEntry> list;
  const auto* body = block(section);
  if (body == nullptr) return list;
  if (body->statements.empty()) error(section.name_span, "No variables specified for environment");
  for (const auto& statement : body->statements) {
    auto entry = environment_entry(*statement);
    if (!entry) continue;
    const auto same = [&](const EnvironmentEntry& other) {
      return other.name.text == entry->name.text;
    };
    if (std::ranges::any_of(list, same))
      error(entry->name.span,
            fmt::format("Duplicate environment variable name: \"{}\"", entry->name.text));
    environment_value(*entry);
    list.push_back(std::move(*entry));
  }
  return list;
}

std::optional<EnvironmentEntry> PipelineBuilder::environment_entry(const Statement& statement) {
  const auto* only = statement.as<ExpressionStatement>();
  const auto* assignment = only != nullptr ? only->value->as<Assignment>() : nullptr;
  const auto* key = assignment != nullptr ? assignment->target->as<Variable>() : nullptr;
  if (key == nullptr || assignment->op || assignment->elvis) {
    if (statement.as<BadStatement>() == nullptr)
      error(statement.span, "not a valid environment expression", "use \"key = value\" pairs");
    return std::nullopt;
  }
  if (!is_environment_key(key->name))
    error(
        assignment->target->span,
        fmt::format("\"{}\" is not a valid identifier and cannot be used for an environment "
                    "variable. Identifiers must start with a letter or underscore and can contain "
                    "only letters, numbers or underscores",
                    key->name));
  return EnvironmentEntry{{key->name, assignment->target->span}, assignment->value.get(), nullptr};
}

void PipelineBuilder::environment_value(EnvironmentEntry& entry) {
  const auto& value = *entry.value;
  if (is_constant(value)) return;
  if (const auto* call = value.as<Call>())
    return call->receiver ? script_value(value) : environment_call(entry, *call);
  const auto* sum = value.as<Binary>();
  if (sum != nullptr && sum->op != BinaryOperator::add)
    return error(value.span, "Environment variable values can only be joined together with '+'s");
  if (sum != nullptr) {
    if (is_quoted(value)) return;
    return error(value.span,
                 "Environment variable values to be concatenated together must be single or double "
                 "quoted");
  }
  error(value.span, "Environment variable values must either be strings or function calls",
        "put the expression into a string: \"${...}\"");
}

void PipelineBuilder::environment_call(EnvironmentEntry& entry, const Call& call) {
  const auto& value = *entry.value;
  const auto directive = *directive_of(value);
  if (call.name.text == "$" && directive.only_block() != nullptr)
    return error(value.span, "${...} cannot be used as a value directly",
                 "did you mean \"${...}\"?");
  if (call.name.text == "credentials") {
    entry.credentials = directive.only_value();
    if (entry.credentials == nullptr)
      error(value.span, "\"credentials\" should have 1 arguments but has " +
                            std::to_string(directive.arguments().size()) + " arguments instead");
    else if (entry.credentials->as<StringLiteral>() == nullptr &&
             entry.credentials->as<GString>() == nullptr)
      error(entry.credentials->span, "Internal function call parameters must be strings");
    else if (const auto* id = literal_text(entry.credentials); id != nullptr && id->empty())
      error(entry.credentials->span, "the id of the credentials must not be empty");
    return;
  }
  if (const auto* signature = find_step(call.name.text))
    arguments(directive, *signature);
  else
    unknown_step(directive);
}

}  // namespace cupel::pipeline::syntax
