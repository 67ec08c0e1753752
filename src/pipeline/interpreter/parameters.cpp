// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.hpp"
#include "pipeline/interpreter/execute.hpp"
#include "pipeline/interpreter/run_parameters.hpp"

namespace cupel::pipeline {
namespace {

/// A literal's text; nothing of another expression.
std::optional<std::string> literal_of(const syntax::Expression* expression) {
  if (!expression) return std::string();
  if (const auto* text = expression->as<syntax::StringLiteral>()) return text->text;
  if (const auto* number = expression->as<syntax::IntegerLiteral>()) return number->digits;
  if (const auto* flag = expression->as<syntax::BooleanLiteral>())
    return std::string(flag->value ? "true" : "false");
  if (expression->as<syntax::NullLiteral>()) return std::string();
  return std::nullopt;
}

Result<bool> flag_of(const DeclaredParameter& parameter, const std::string& text) {
  const auto flag = lower(text);
  if (flag == "true" || flag == "1" || flag == "yes" || flag == "on") return true;
  if (flag.empty() || flag == "false" || flag == "0" || flag == "no" || flag == "off") return false;
  return fail(Fault::invalid, "the parameter '{}' must be true or false, not '{}'", parameter.name,
              text);
}

Result<Value> choice_of(const DeclaredParameter& parameter, const std::string* given) {
  if (parameter.choices.empty())
    return fail(Fault::invalid, "the parameter '{}' has no choices", parameter.name);
  if (!given) return Value(parameter.choices.front());
  if (std::find(parameter.choices.begin(), parameter.choices.end(), *given) !=
      parameter.choices.end())
    return Value(*given);
  return fail(Fault::invalid, "the parameter '{}' cannot be '{}'; the choices are: {}",
              parameter.name, *given, join(parameter.choices, ", "));
}

}  // namespace

bool is_known_at_run_time(const syntax::BuildParameter& parameter) {
  if (parameter.kind == DeclaredParameter::Kind::choice) return parameter.choices_value != nullptr;
  return !literal_of(parameter.initial);
}

DeclaredParameter declared_parameter(const syntax::BuildParameter& parameter) {
  DeclaredParameter made;
  made.kind = parameter.kind;
  made.name = parameter.name.text;
  if (parameter.kind != DeclaredParameter::Kind::choice)
    made.initial = literal_of(parameter.initial).value_or("");
  made.choices = parameter.choices;
  made.trim = parameter.trim;
  made.required = parameter.required;
  return made;
}

Result<Value> parameter_value(const DeclaredParameter& parameter, const std::string* given) {
  using Kind = DeclaredParameter::Kind;
  const auto& name = parameter.name;
  if (parameter.kind == Kind::choice) return choice_of(parameter, given);
  const auto& text = given ? *given : parameter.initial;
  if (parameter.kind == Kind::credentials && parameter.required && text.empty())
    return fail(Fault::invalid, "the parameter '{}' needs the id of a credential: give it by -p",
                name);
  if (parameter.kind == Kind::flag) return Value(TRY(flag_of(parameter, text)));
  return Value(parameter.trim ? std::string(trim(text)) : text);
}

namespace {

Result<> none_unknown(const std::vector<syntax::BuildParameter>& declared,
                      const std::map<std::string, std::string>& given) {
  std::vector<std::string> known;
  for (const auto& parameter : declared) known.push_back(parameter.name.text);
  for (const auto& [name, _] : given)
    if (std::find(known.begin(), known.end(), name) == known.end())
      return fail(Fault::invalid, "the pipeline has no parameter '{}'; {}", name,
                  known.empty() ? "it has none" : "it has: " + join(known, ", "));
  return {};
}

}  // namespace

Result<ResolvedParameters> resolve_parameters(const syntax::JobProperties& job,
                                              const std::map<std::string, std::string>& given) {
  if (!job.open) TRY(none_unknown(job.parameters, given));
  ResolvedParameters resolved;
  resolved.unclaimed = given;
  for (const auto& parameter : job.parameters) {
    const auto found = given.find(parameter.name.text);
    const auto* text = found == given.end() ? nullptr : &found->second;
    if (parameter.kind == DeclaredParameter::Kind::password)
      resolved.passwords.push_back(parameter.name.text);
    const bool late = is_known_at_run_time(parameter);
    if (late && !text) continue;
    // The run checks whether it is one of the choices.
    auto value = late && parameter.kind == DeclaredParameter::Kind::choice
                     ? Value(*text)
                     : TRY(parameter_value(declared_parameter(parameter), text));
    resolved.values.emplace_back(parameter.name.text, std::move(value));
    resolved.unclaimed.erase(parameter.name.text);
  }
  return resolved;
}

}  // namespace cupel::pipeline
