// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "pipeline/syntax/builder.hpp"

namespace cupel::pipeline::syntax {

namespace {

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

/// [$class: 'X', ...] stands for one object, where the step has a parameter to take it.
bool describes_argument(const MapLiteral& map, const StepSignature& signature) {
  return !signature.default_parameter.empty() && std::ranges::any_of(map.entries, has_class_key);
}

std::string_view own_words(const Expression& value) {
  return value.as<Property>() != nullptr || value.as<Call>() != nullptr ||
                 value.as<ValueCall>() != nullptr
             ? "Method calls on objects not allowed outside \"script\" blocks"
             : "Expected a step";
}

}  // namespace

const StepSignature* find_signature(std::span<const StepSignature> steps, std::string_view name) {
  const auto found = std::ranges::find(steps, name, &StepSignature::name);
  return found != steps.end() ? &*found : nullptr;
}

void PipelineBuilder::declare(const Script& script) {
  for (const auto& statement : script.statements) {
    if (const auto* method = statement->as<MethodDeclaration>())
      declared_.insert(method->name.text);
    if (const auto* variables = statement->as<VariableDeclaration>())
      for (const auto& declarator : variables->declarators) declared_.insert(declarator.name.text);
    if (const auto* import = statement->as<Import>(); import != nullptr && import->is_static) {
      const auto dot = import->path.text.rfind('.');
      declared_.insert(import->alias.text.empty() ? import->path.text.substr(dot + 1)
                                                  : import->alias.text);
    }
    const auto* only = statement->as<ExpressionStatement>();
    const auto* assignment = only != nullptr ? only->value->as<Assignment>() : nullptr;
    if (assignment == nullptr) continue;
    if (const auto* variable = assignment->target->as<Variable>()) declared_.insert(variable->name);
  }
}

void PipelineBuilder::steps(const Block& block) {
  if (block.statements.empty()) error(block.span, "No steps specified for branch");
  for (const auto& statement : block.statements) {
    if (statement->as<BadStatement>() != nullptr) continue;
    const auto directive = directive_of(*statement);
    if (directive && directive->call != nullptr) {
      step(*directive, block.statements.size());
      continue;
    }
    const auto* only = statement->as<ExpressionStatement>();
    if (only != nullptr && only->value->as<BadExpression>() != nullptr) continue;
    if (directive && find_signature(steps_, directive->name) != nullptr)
      error(statement->span, "Expected a step", fmt::format("write '{}()'", directive->name));
    else
      error(statement->span,
            std::string(only != nullptr ? own_words(*only->value) : "Expected a step"),
            "put Groovy code into a 'script { }' block");
  }
}

void PipelineBuilder::step(const Directive& directive, std::size_t siblings) {
  if (directive.name == "script") return script_step(directive);
  if (directive.name == "parallel") return parallel_step(directive, siblings);
  if (directive.name == "stage" || directive.name == "properties")
    return error(
        directive.name_span,
        fmt::format("Invalid step \"{}\" used - not allowed in this context", directive.name),
        directive.name == "stage" ? "stages belong into 'stages { }' or 'script { }'"
                                  : "use the 'options' and 'parameters' sections");
  const auto* signature = find_signature(steps_, directive.name);
  if (signature == nullptr) {
    if (!declared_.contains(directive.name)) unknown_step(directive);
    return;
  }
  arguments(directive, *signature);
  step_body(directive, *signature);
}

void PipelineBuilder::unknown_step(const Directive& directive) {
  std::vector<std::string> names{"script", "parallel"};
  for (const auto& signature : steps_) names.push_back(signature.name);
  error(directive.name_span, fmt::format("unknown step '{}'", directive.name),
        suggestion(directive.name, names));
}

/// Anything goes in its block: only the interpreter knows what its code will call.
void PipelineBuilder::script_step(const Directive& directive) {
  if (directive.only_block() == nullptr) error(directive.name_span, "script step without a block");
}

/// The old form, parallel(a: { }, b: { }, failFast: true), which must stand alone.
void PipelineBuilder::parallel_step(const Directive& directive, std::size_t siblings) {
  if (siblings > 1)
    error(directive.name_span,
          "Invalid step \"parallel\" used - not allowed in this context - it must be the only step "
          "of its stage");
  Seen names;
  for (const auto& argument : directive.call->arguments.items) {
    const auto* key = literal_text(argument.key.get());
    const auto* body = block_of(argument.value.get());
    const bool fail_fast = key != nullptr && *key == "failFast";
    if (key == nullptr ||
        (fail_fast ? argument.value->as<BooleanLiteral>() == nullptr : body == nullptr)) {
      error(argument.span, "Expected closure or failFast");
      continue;
    }
    if (!names.emplace(*key, argument.span).second)
      error(argument.key->span, fmt::format("Duplicate parallel branch name: \"{}\"", *key));
    if (body != nullptr) steps(*body);
  }
  if (directive.call->arguments.items.empty())
    error(directive.name_span, "No steps specified for branch");
}

void PipelineBuilder::step_body(const Directive& directive, const StepSignature& signature) {
  const auto& all = directive.call->arguments;
  const auto given = all.trailing_closures;
  if (!signature.takes_body) {
    if (given > 0)
      error(directive.name_span, fmt::format("the step '{}' takes no block", directive.name));
    return;
  }
  if (given == 0 && signature.body_optional) return;
  const auto* body = given == 1 ? block_of(all.items.back().value.get()) : nullptr;
  if (body == nullptr)
    return error(directive.name_span,
                 fmt::format("Expected a block with the \"{}\" step", directive.name));
  steps(*body);
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
      found.emplace(parameter.name, unnamed.front());
    }
    if (parameter.required && !unknowable && !found.contains(parameter.name))
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
  if (!found.emplace(known->name, argument.value.get()).second)
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
