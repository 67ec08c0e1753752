// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "pipeline/groovy/signal.hpp"
#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/run_parameters.hpp"

namespace cupel::pipeline {

Outcome<std::vector<std::string>> choices_of(const Value& value, std::string_view parameter) {
  std::vector<std::string> choices;
  if (value.is_text()) {
    for (const auto& line : split(TRY(Outcome<std::string>(to_text(value))), '\n'))
      if (!trim(line).empty()) choices.emplace_back(trim(line));
    return choices;
  }
  if (!value.is_sequence())
    return raise("java.lang.IllegalArgumentException",
                 "the choices of the parameter '{}' must be a list or a text, not {}", parameter,
                 value.type_name());
  for (const auto& item : TRY(elements_of(value)))
    if (!item.is_null()) choices.push_back(TRY(Outcome<std::string>(to_text(item))));
  return choices;
}

namespace {

using Kind = DeclaredParameter::Kind;

/// The default's text, as a literal has it.
Outcome<std::string> initial_of(const Value& value, const DeclaredParameter& parameter) {
  if (value.is_null()) return std::string();
  const bool fits = parameter.kind == Kind::foreign ||
                    (parameter.kind == Kind::flag ? value.as_flag() != nullptr : value.is_text());
  if (fits) return Outcome<std::string>(to_text(value));
  return raise("java.lang.IllegalArgumentException",
               "the default value of the parameter '{}' must be {}, not {}", parameter.name,
               parameter.kind == Kind::flag ? "true or false" : "a text", value.type_name());
}

Outcome<void> evaluate(const syntax::Expression& expression, DeclaredParameter& parameter,
                       Context& context) {
  const auto value = TRY(context.run.interpreter.evaluate(expression, context));
  if (parameter.kind != Kind::choice) {
    parameter.initial = TRY(initial_of(value, parameter));
    return {};
  }
  parameter.choices = TRY(choices_of(value, parameter.name));
  if (parameter.choices.empty())
    return raise("java.lang.IllegalArgumentException", "the parameter '{}' has no choices",
                 parameter.name);
  return {};
}

}  // namespace

Outcome<void> declare_parameters(const std::vector<syntax::BuildParameter>& parameters,
                                 const syntax::Source& source, Context& context,
                                 RunParameters::Unclaimed unclaimed) {
  auto& known = RunParameters::of(context.run);
  std::vector<DeclaredParameter> declared;
  for (const auto& one : parameters) {
    auto& made = declared.emplace_back(declared_parameter(one));
    const auto* value = known.find(made.name);
    const bool is_choice = made.kind == Kind::choice;
    if (!is_known_at_run_time(one) || (value && !is_choice)) continue;
    const auto& expression = is_choice ? *one.choices_value : *one.initial;
    if (auto evaluated = evaluate(expression, made, context); !evaluated) {
      evaluated.error().place(expression.span, &source);
      return evaluated;
    }
    if (!value) continue;
    const auto given = TRY(Outcome<std::string>(to_text(*value)));
    TRY(Outcome<Value>(parameter_value(made, &given)));
  }
  return known.declare(declared, context, unclaimed);
}

}  // namespace cupel::pipeline
