// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/signature.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace cupel::pipeline::syntax {

std::string_view name(ParameterKind kind) {
  switch (kind) {
    case ParameterKind::text: return "string";
    case ParameterKind::number: return "number";
    case ParameterKind::flag: return "boolean";
    case ParameterKind::list: return "list";
    case ParameterKind::map: return "map";
    case ParameterKind::any: break;
  }
  return "any";
}

bool takes_several(const StepSignature& signature) {
  return std::any_of(
      signature.parameters.begin(), signature.parameters.end(), [&](const auto& one) {
        return one.name == signature.default_parameter && one.kind == ParameterKind::list;
      });
}

const StepSignature* find_signature(std::span<const StepSignature> steps, std::string_view name) {
  const auto found = std::ranges::find(steps, name, &StepSignature::name);
  return found != steps.end() ? &*found : nullptr;
}

std::string call_text(const StepSignature& signature) {
  std::string text = signature.name + "(";
  for (const auto& parameter : signature.parameters) {
    if (text.back() != '(') text += ", ";
    const auto one = fmt::format("{}: {}", parameter.name, name(parameter.kind));
    text += parameter.required ? one : fmt::format("[{}]", one);
  }
  if (signature.open) text += signature.parameters.empty() ? "..." : ", ...";
  text += ")";
  if (signature.takes_body) text += signature.body_optional ? " [{ }]" : " { }";
  return text;
}

std::string describe(const StepSignature& signature) {
  std::string text = fmt::format("```groovy\n{}\n```\n", call_text(signature));
  if (!signature.about.empty()) text += fmt::format("\n{}\n", signature.about);
  if (!signature.parameters.empty()) text += "\n";
  for (const auto& parameter : signature.parameters) {
    text += fmt::format("- `{}`", parameter.name);
    if (!parameter.about.empty())
      text += ": " + parameter.about + (parameter.about.ends_with('.') ? "" : ".");
    if (!parameter.choices.empty())
      text += fmt::format(" One of {}.", join(parameter.choices, ", "));
    if (parameter.required) text += " Required.";
    if (!parameter.otherwise.empty()) text += fmt::format(" Default: {}.", parameter.otherwise);
    text += "\n";
  }
  if (!signature.default_parameter.empty())
    text += fmt::format("\n`{} value` sets `{}`.\n", signature.name, signature.default_parameter);
  return text;
}

bool takes_one_map(const StepSignature& signature) {
  return signature.parameters.size() == 1 && signature.parameters[0].kind == ParameterKind::map &&
         signature.parameters[0].name == signature.default_parameter;
}

}  // namespace cupel::pipeline::syntax
