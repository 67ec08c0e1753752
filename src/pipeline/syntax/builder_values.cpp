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
  if (value.as<StringLiteral>() != nullptr || value.as<GString>() != nullptr) return true;
  const auto* sum = value.as<Binary>();
  return sum != nullptr && sum->op == BinaryOperator::add && is_quoted(*sum->left) &&
         is_quoted(*sum->right);
}

struct ParameterType {
  BuildParameter::Kind kind;
  StepSignature signature;
};

const std::vector<ParameterType>& parameter_types() {
  using Kind = BuildParameter::Kind;
  const StepParameter name{"name", ParameterKind::text, true};
  const StepParameter description{"description", ParameterKind::text, false};
  static const std::vector<ParameterType> types{
      {Kind::text,
       {"string",
        {name, description, {"defaultValue", ParameterKind::text}, {"trim", ParameterKind::flag}},
        {},
        false}},
      {Kind::flag,
       {"booleanParam", {name, description, {"defaultValue", ParameterKind::flag}}, {}, false}},
      {Kind::choice,
       {"choice", {name, description, {"choices", ParameterKind::any, true}}, {}, false}}};
  return types;
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
    environment_value(*entry->value);
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
  return EnvironmentEntry{{key->name, assignment->target->span}, assignment->value.get()};
}

void PipelineBuilder::environment_value(const Expression& value) {
  if (is_constant(value)) return;
  if (const auto* call = value.as<Call>(); call != nullptr && !call->receiver)
    return environment_call(value, *call);
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

void PipelineBuilder::environment_call(const Expression& value, const Call& call) {
  const auto directive = *directive_of(value);
  if (call.name.text == "$" && directive.only_block() != nullptr)
    return error(value.span, "${...} cannot be used as a value directly",
                 "did you mean \"${...}\"?");
  if (is_unsupported(Where::environment, call.name.text))
    return unsupported(call.name.span, fmt::format("'{}()' in an environment", call.name.text));
  if (const auto* signature = find_signature(steps_, call.name.text))
    arguments(directive, *signature);
  else if (!declared_.contains(call.name.text))
    unknown_step(directive);
}

std::vector<BuildParameter> PipelineBuilder::parameters(const Directive& section) {
  std::vector<BuildParameter> list;
  const auto* body = block(section);
  if (body == nullptr) return list;
  if (body->statements.empty()) error(section.name_span, "parameters can not be empty");
  for (const auto& directive : directives(*body, "Expected a build parameter definition")) {
    auto made = parameter(directive);
    if (!made) continue;
    const auto same = [&](const BuildParameter& other) {
      return other.name.text == made->name.text;
    };
    if (std::ranges::any_of(list, same))
      error(made->name.span, fmt::format("Duplicate parameter name: \"{}\"", made->name.text));
    list.push_back(std::move(*made));
  }
  return list;
}

std::optional<BuildParameter> PipelineBuilder::parameter(const Directive& directive) {
  const auto& types = parameter_types();
  const auto known = std::ranges::find_if(
      types, [&](const auto& type) { return type.signature.name == directive.name; });
  if (known == types.end()) {
    if (is_unsupported(Where::parameter, directive.name))
      unsupported(directive.name_span, fmt::format("the parameter type '{}'", directive.name));
    else
      error(
          directive.name_span, fmt::format("Invalid parameter type \"{}\"", directive.name),
          suggestion(directive.name, std::vector<std::string>{"string", "booleanParam", "choice"}));
    return std::nullopt;
  }
  const auto given = arguments(directive, known->signature);
  const auto value = [&](std::string_view parameter) {
    const auto found = given.find(parameter);
    return found != given.end() ? found->second : nullptr;
  };
  BuildParameter made;
  made.kind = known->kind;
  made.initial = value("defaultValue");
  made.description = value("description");
  if (const auto* trim = value("trim"))
    made.trim = trim->as<BooleanLiteral>() != nullptr && trim->as<BooleanLiteral>()->value;
  if (const auto* list = value("choices")) made.choices = choices(*list);
  const auto* name = value("name");
  if (name == nullptr) return std::nullopt;
  if (const auto* text = literal_text(name); text != nullptr && !text->empty())
    made.name = {*text, name->span};
  else
    error(name->span, "a parameter's name must be a string literal that is not empty");
  return made;
}

std::vector<std::string> PipelineBuilder::choices(const Expression& value) {
  std::vector<std::string> list;
  if (const auto* text = literal_text(&value)) {
    for (const auto& line : split(*text, '\n'))
      if (!trim(line).empty()) list.emplace_back(trim(line));
  } else if (const auto* written = value.as<ListLiteral>()) {
    for (const auto& element : written->elements) {
      if (const auto* choice = literal_text(element.get()))
        list.push_back(*choice);
      else
        error(element->span, "Expected string literal");
    }
  } else {
    error(value.span,
          "choices must be a list of strings, or one string with a choice on each line");
    return list;
  }
  const auto* elements = value.as<ListLiteral>();
  if (list.empty() && (elements == nullptr || elements->elements.empty()))
    error(value.span, "a choice parameter needs at least one choice");
  return list;
}

}  // namespace cupel::pipeline::syntax
