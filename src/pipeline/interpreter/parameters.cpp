// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.hpp"
#include "pipeline/interpreter/execute.hpp"

namespace cupel::pipeline {
namespace {

/// A literal's text; other default values would have to be evaluated before there is a run.
Result<std::string> constant(const syntax::Expression* expression, std::string_view parameter) {
  if (!expression) return std::string();
  if (const auto* text = expression->as<syntax::StringLiteral>()) return text->text;
  if (const auto* number = expression->as<syntax::IntegerLiteral>()) return number->digits;
  if (const auto* flag = expression->as<syntax::BooleanLiteral>())
    return std::string(flag->value ? "true" : "false");
  if (expression->as<syntax::NullLiteral>()) return std::string();
  return fail(Fault::invalid,
              "the default value of the parameter '{}' is no literal, which is not "
              "supported yet",
              parameter);
}

Result<Value> value_of(const syntax::BuildParameter& parameter, const std::string* given) {
  using Kind = syntax::BuildParameter::Kind;
  const auto& name = parameter.name.text;
  if (parameter.kind == Kind::choice) {
    if (parameter.choices_value && !given)
      return fail(Fault::invalid,
                  "the choices of the parameter '{}' are known at run time only: give it by -p",
                  name);
    if (parameter.choices_value) return Value(*given);
    if (parameter.choices.empty())
      return fail(Fault::invalid, "the parameter '{}' has no choices", name);
    if (!given) return Value(parameter.choices.front());
    if (std::find(parameter.choices.begin(), parameter.choices.end(), *given) !=
        parameter.choices.end())
      return Value(*given);
    return fail(Fault::invalid, "the parameter '{}' cannot be '{}'; the choices are: {}", name,
                *given, join(parameter.choices, ", "));
  }
  if (parameter.kind == Kind::file && given)
    return fail(Fault::invalid, "the parameter '{}' is a file, which cupel cannot take yet", name);
  const auto text = given ? *given : TRY(constant(parameter.initial, name));
  if (parameter.kind == Kind::credentials && parameter.required && text.empty())
    return fail(Fault::invalid, "the parameter '{}' needs the id of a credential: give it by -p",
                name);
  if (parameter.kind != Kind::flag) return Value(parameter.trim ? std::string(trim(text)) : text);
  const auto flag = lower(text);
  if (flag == "true" || flag == "1" || flag == "yes" || flag == "on") return Value(true);
  if (flag.empty() || flag == "false" || flag == "0" || flag == "no" || flag == "off")
    return Value(false);
  return fail(Fault::invalid, "the parameter '{}' must be true or false, not '{}'", name, text);
}

}  // namespace

Result<std::vector<std::pair<std::string, Value>>> resolve_parameters(
    const std::vector<syntax::BuildParameter>& declared,
    const std::map<std::string, std::string>& given) {
  std::vector<std::string> known;
  for (const auto& parameter : declared) known.push_back(parameter.name.text);
  for (const auto& [name, _] : given)
    if (std::find(known.begin(), known.end(), name) == known.end())
      return fail(Fault::invalid, "the pipeline has no parameter '{}'; {}", name,
                  known.empty() ? "it has none" : "it has: " + join(known, ", "));
  std::vector<std::pair<std::string, Value>> values;
  for (const auto& parameter : declared) {
    const auto found = given.find(parameter.name.text);
    values.emplace_back(parameter.name.text,
                        TRY(value_of(parameter, found == given.end() ? nullptr : &found->second)));
  }
  return values;
}

}  // namespace cupel::pipeline
