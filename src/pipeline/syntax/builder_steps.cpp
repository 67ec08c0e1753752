// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "pipeline/syntax/builder.hpp"
#include "pipeline/syntax/describable.hpp"

namespace cupel::pipeline::syntax {

namespace {

std::string_view own_words(const Expression& value) {
  return value.as<Property>() != nullptr || value.as<Call>() != nullptr ||
                 value.as<ValueCall>() != nullptr
             ? "Method calls on objects not allowed outside \"script\" blocks"
             : "Expected a step";
}

StepSignature binding_signature(std::string_view name, std::vector<std::string_view> required,
                                std::vector<std::string_view> optional = {}) {
  StepSignature made{std::string(name)};
  required.insert(required.begin(), "credentialsId");
  for (const auto one : required)
    made.parameters.push_back({std::string(one), ParameterKind::text, true});
  for (const auto one : optional) made.parameters.push_back({std::string(one), ParameterKind::text});
  return made;
}

/// What withCredentials takes, as the Credentials Binding plugin and those beside it document it.
std::span<const StepSignature> credential_kinds() {
  static const std::array kinds = {
      binding_signature("string", {"variable"}),
      binding_signature("usernamePassword", {"usernameVariable", "passwordVariable"}),
      binding_signature("usernameColonPassword", {"variable"}),
      binding_signature("file", {"variable"}),
      binding_signature("zip", {"variable"}),
      binding_signature("sshUserPrivateKey", {"keyFileVariable"},
                        {"usernameVariable", "passphraseVariable"}),
      binding_signature("certificate", {"keystoreVariable"}, {"aliasVariable", "passwordVariable"}),
  };
  return kinds;
}

}  // namespace

PipelineBuilder::PipelineBuilder(const Vocabulary& vocabulary, Diagnostics& diagnostics)
    : vocabulary_(vocabulary), diagnostics_(diagnostics) {
  for (const auto& signature : vocabulary.steps) steps_.emplace(signature.name, &signature);
  for (const auto& name : vocabulary.mapped) declared_.insert(name);
}

const StepSignature* PipelineBuilder::find_step(std::string_view name) const {
  const auto found = steps_.find(name);
  return found != steps_.end() ? found->second : nullptr;
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
    if (directive && find_step(directive->name) != nullptr)
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
        fmt::format("Invalid step \"{}\" used - not allowed in this context - {}", directive.name,
                    directive.name == "stage" ? "stages belong into 'stages { }' or 'script { }'"
                                              : "use the 'options' and 'parameters' sections"));
  const auto* signature = find_step(directive.name);
  if (signature == nullptr || declared_.contains(directive.name)) return unknown_step(directive);
  arguments(directive, *signature);
  for (const auto* argument : directive.arguments()) script_value(*argument->value);
  if (signature->name == "withCredentials") credential_bindings(directive);
  step_body(directive, *signature);
}

bool PipelineBuilder::may_be_of_library() const {
  return has_libraries_ || vocabulary_.others != Vocabulary::Others::unknown;
}

void PipelineBuilder::unknown_step(const Directive& directive) {
  if (find_describable(directive.name) != nullptr) return;  // an argument's object
  if (declared_.contains(directive.name) || may_be_of_library()) return;
  std::vector<std::string> names{"script", "parallel"};
  for (const auto& signature : vocabulary_.steps) names.push_back(signature.name);
  names.insert(names.end(), declared_.begin(), declared_.end());
  for (const auto name : describable_names()) names.emplace_back(name);
  auto hint = suggestion(directive.name, names);
  if (hint.empty()) hint = "give the [[library]] that has it, or map it in [steps], of cupel.toml";
  error(directive.name_span, fmt::format("unknown step '{}'", directive.name), std::move(hint));
}

/// withCredentials([string(credentialsId: 'x', variable: 'Y'), ...])
void PipelineBuilder::credential_bindings(const Directive& directive) {
  for (const auto* argument : directive.arguments()) {
    const auto* list = argument->value->as<ListLiteral>();
    if (list == nullptr) continue;
    for (const auto& element : list->elements) {
      const auto binding = directive_of(*element);
      if (!binding || binding->call == nullptr || declared_.contains(binding->name)) continue;
      if (const auto* signature = find_signature(credential_kinds(), binding->name))
        arguments(*binding, *signature);
    }
  }
}

void PipelineBuilder::script_step(const Directive& directive) {
  if (const auto* body = directive.only_block())
    script_block(*body);
  else
    error(directive.name_span, "script step without a block");
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
    if (given > 0 && !may_be_of_library())
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

}  // namespace cupel::pipeline::syntax
