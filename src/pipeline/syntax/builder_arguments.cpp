// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "pipeline/syntax/builder.hpp"

namespace cupel::pipeline::syntax {

namespace {

/// What a literal is; nothing for what is known only at run time.
std::optional<ParameterKind> literal_kind(const Expression& value) {
  if (value.as<StringLiteral>() != nullptr || value.as<GString>() != nullptr)
    return ParameterKind::text;
  if (value.as<IntegerLiteral>() != nullptr || value.as<DecimalLiteral>() != nullptr)
    return ParameterKind::number;
  if (value.as<BooleanLiteral>() != nullptr) return ParameterKind::flag;
  if (value.as<ListLiteral>() != nullptr) return ParameterKind::list;
  if (value.as<MapLiteral>() != nullptr) return ParameterKind::map;
  return std::nullopt;
}

bool has_class_key(const Argument& argument) {
  const auto* key = literal_text(argument.key.get());
  return key != nullptr && *key == "$class";
}
bool names_class(const Argument* argument) { return has_class_key(*argument); }

/// [$class: 'X', ...] stands for one object, where the step has a parameter to take it; and so does
/// any map where the step takes nothing else.
bool describes_argument(const MapLiteral& map, const StepSignature& signature) {
  if (signature.default_parameter.empty()) return false;
  const auto names_parameter = [&](const Argument& entry) {
    const auto* key = literal_text(entry.key.get());
    return key != nullptr && *key == signature.default_parameter;
  };
  return std::ranges::any_of(map.entries, has_class_key) ||
         (takes_one_map(signature) && std::ranges::none_of(map.entries, names_parameter));
}

}  // namespace

const Expression* NamedArguments::find(std::string_view name) const {
  const auto found = values_.find(name);
  return found != values_.end() ? found->second : nullptr;
}

const std::string* NamedArguments::text(std::string_view name) const {
  return literal_text(find(name));
}

bool NamedArguments::flag(std::string_view name, bool otherwise) const {
  const auto* value = find(name);
  const auto* literal = value != nullptr ? value->as<BooleanLiteral>() : nullptr;
  return literal != nullptr ? literal->value : otherwise;
}

NamedArguments PipelineBuilder::arguments(const Directive& directive,
                                          const StepSignature& signature) {
  NamedArguments found;
  const auto given = directive.arguments();
  std::vector<const Expression*> unnamed;
  bool unknowable = false;
  // step($class: 'X', ...) is step([$class: 'X', ...]).
  if (!signature.default_parameter.empty() && std::ranges::any_of(given, names_class)) return found;
  for (const auto* argument : given) {
    if (argument->kind == Argument::Kind::named)
      named_argument(*argument, signature, found);
    else if (argument->kind == Argument::Kind::positional)
      unnamed.push_back(argument->value.get());
    else
      unknowable = true;  // *list, *: map
  }
  const auto* map =
      given.size() == 1 && unnamed.size() == 1 ? unnamed.front()->as<MapLiteral>() : nullptr;
  if (map != nullptr && !describes_argument(*map, signature)) {  // step([a: 1])
    unnamed.clear();
    for (const auto& entry : map->entries) {
      if (entry.kind == Argument::Kind::named)
        named_argument(entry, signature, found);
      else
        unknowable = true;
    }
  }
  // step(map): its names are known at run time only.
  if (signature.open && signature.default_parameter.empty() && unnamed.size() == 1) return found;
  if (unnamed.size() > 1 && takes_several(signature)) {  // onMachines('a', 'b')
    found.add(signature.default_parameter, unnamed.front());
    return found;
  }
  if (unnamed.size() > 1 || (unnamed.size() == 1 && signature.default_parameter.empty())) {
    error(unnamed.front()->span,
          signature.parameters.empty()
              ? fmt::format("\"{}\" should have 0 arguments but has {} arguments instead",
                            signature.name, unnamed.size())
              : fmt::format("Arguments to \"{}\" must be explicitly named", signature.name));
    return found;
  }
  if (unnamed.size() == 1 && !found.empty()) {
    error(unnamed.front()->span, "Can't mix named and unnamed arguments");
    return found;
  }
  for (const auto& parameter : signature.parameters) {
    if (unnamed.size() == 1 && parameter.name == signature.default_parameter) {
      argument_type(*unnamed.front(), parameter);
      found.add(parameter.name, unnamed.front());
    }
    if (parameter.required && !unknowable && !found.has(parameter.name))
      error(directive.name_span, fmt::format("Missing required parameter: \"{}\"", parameter.name));
  }
  return found;
}

void PipelineBuilder::named_argument(const Argument& argument, const StepSignature& signature,
                                     NamedArguments& found) {
  const auto* key = literal_text(argument.key.get());
  if (key == nullptr) return error(argument.key->span, "Expected string literal");
  const auto known = std::ranges::find(signature.parameters, *key, &StepParameter::name);
  if (known == signature.parameters.end() && signature.open) return;
  if (known == signature.parameters.end()) {
    std::vector<std::string> names;
    for (const auto& parameter : signature.parameters) names.push_back(parameter.name);
    return error(argument.key->span,
                 fmt::format("Invalid parameter \"{}\" of \"{}\"", *key, signature.name),
                 suggestion(*key, names));
  }
  if (!found.add(known->name, argument.value.get()))
    return error(argument.key->span, fmt::format("Duplicate parameter: \"{}\"", *key));
  argument_type(*argument.value, *known);
}

void PipelineBuilder::argument_type(const Expression& value, const StepParameter& parameter) {
  const auto* text = literal_text(&value);
  if (text != nullptr && !parameter.choices.empty() &&
      std::ranges::find(parameter.choices, *text) == parameter.choices.end())
    return error(value.span,
                 fmt::format("Expecting one of {} for parameter \"{}\" but got '{}' instead",
                             join(parameter.choices, ", "), parameter.name, *text),
                 suggestion(*text, parameter.choices));
  const auto kind = literal_kind(value);
  if (!kind || parameter.kind == ParameterKind::any || *kind == parameter.kind) return;
  // A string with values in it may become anything.
  if (value.as<GString>() != nullptr) return;
  error(value.span, fmt::format("Expecting \"{}\" for parameter \"{}\" but got a {} instead",
                                name(parameter.kind), parameter.name, name(*kind)));
}

}  // namespace cupel::pipeline::syntax
