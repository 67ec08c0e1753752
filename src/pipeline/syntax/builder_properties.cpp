// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "pipeline/syntax/builder.hpp"
#include "pipeline/syntax/words.hpp"

namespace cupel::pipeline::syntax {

namespace {

bool is_literal(const Expression* value) {
  return value == nullptr || value->as<StringLiteral>() != nullptr ||
         value->as<IntegerLiteral>() != nullptr || value->as<BooleanLiteral>() != nullptr ||
         value->as<NullLiteral>() != nullptr;
}

const Expression* find(const std::vector<const Argument*>& arguments, std::string_view name) {
  for (const auto* argument : arguments) {
    const auto* key = literal_text(argument->key.get());
    if (key != nullptr && *key == name) return argument->value.get();
  }
  return nullptr;
}

std::vector<const Argument*> entries_of(const MapLiteral& map) {
  std::vector<const Argument*> entries;
  for (const auto& entry : map.entries) entries.push_back(&entry);
  return entries;
}

/// The class in [$class: 'a.b.Name$Of'] without its package; empty: it names none.
std::string class_in(const MapLiteral& map) {
  const auto* text = literal_text(find(entries_of(map), "$class"));
  return text != nullptr ? text->substr(text->find_last_of(".$") + 1) : std::string();
}

std::optional<BuildParameter::Kind> kind_of_class(std::string_view name) {
  using Kind = BuildParameter::Kind;
  if (name == "StringParameterDefinition") return Kind::text;
  if (name == "TextParameterDefinition") return Kind::lines;
  if (name == "BooleanParameterDefinition") return Kind::flag;
  if (name == "ChoiceParameterDefinition") return Kind::choice;
  if (name == "PasswordParameterDefinition") return Kind::password;
  if (name == "CredentialsParameterDefinition") return Kind::credentials;
  if (name == "FileParameterDefinition" || name == "StashedFileParameterDefinition")
    return Kind::file;
  if (name == "Base64FileParameterDefinition") return Kind::base64_file;
  if (name == "RunParameterDefinition") return Kind::run;
  return std::nullopt;
}

void add_parameter(BuildParameter made, std::vector<BuildParameter>& list) {
  const auto same = [&](const BuildParameter& other) { return other.name.text == made.name.text; };
  if (std::ranges::none_of(list, same)) list.push_back(std::move(made));
}

/// Whether what holds for the parameter is known without running.
bool is_known(const BuildParameter& parameter) {
  return is_literal(parameter.initial) && parameter.choices_value == nullptr;
}

}  // namespace

JobProperties PipelineBuilder::job(const std::optional<Pipeline>& pipeline) const {
  JobProperties made;
  if (pipeline) {
    made.parameters = pipeline->parameters;
    made.triggers = pipeline->triggers;
    made.build_discarder = pipeline->options.build_discarder;
    made.disable_concurrent_builds = pipeline->options.disable_concurrent_builds;
    made.preserve_stashes = pipeline->options.preserve_stashes;
    made.keep_machine = pipeline->options.keep_machine;
  }
  for (const auto& parameter : job_.parameters) add_parameter(parameter, made.parameters);
  made.triggers.insert(made.triggers.end(), job_.triggers.begin(), job_.triggers.end());
  if (!made.build_discarder) made.build_discarder = job_.build_discarder;
  if (!made.disable_concurrent_builds)
    made.disable_concurrent_builds = job_.disable_concurrent_builds;
  if (!made.preserve_stashes) made.preserve_stashes = job_.preserve_stashes;
  const bool libraries = has_libraries_ || vocabulary_.others != Vocabulary::Others::unknown;
  made.open = job_.open || (!pipeline && libraries);
  return made;
}

bool PipelineBuilder::may_be_declared(std::string_view name) const {
  return declared_.contains(name) || has_libraries_ ||
         vocabulary_.others != Vocabulary::Others::unknown;
}

bool PipelineBuilder::properties(const Directive& directive) {
  const auto* value = directive.only_value();
  const auto* list = value != nullptr ? value->as<ListLiteral>() : nullptr;
  if (list == nullptr) {
    job_.open = true;
    return false;
  }
  for (const auto& element : list->elements) job_property(*element);
  return true;
}

void PipelineBuilder::job_property(const Expression& value) {
  if (const auto* map = value.as<MapLiteral>(); map != nullptr && !class_in(*map).empty())
    return class_property(*map);
  if (is_literal(&value) || value.as<MapLiteral>() != nullptr)
    return error(value.span, "Expected a job property",
                 "write it as buildDiscarder(...), parameters([...]), ...");
  const auto directive = directive_of(value);
  if (!directive || directive->call == nullptr) {
    job_.open = true;
    return;
  }
  if (directive->name == "parameters") return job_parameters(directive->only_value());
  if (directive->name == "pipelineTriggers") return job_triggers(directive->only_value());
  const auto types = option_types();
  const auto known = std::ranges::find(types, directive->name, &StepSignature::name);
  if (known == types.end() || !is_job_property(directive->name))
    return unknown_property(*directive);
  Options options;
  job_option(*directive, arguments(*directive, *known), options);
  if (options.build_discarder) job_.build_discarder = options.build_discarder;
  if (options.disable_concurrent_builds)
    job_.disable_concurrent_builds = options.disable_concurrent_builds;
  if (options.preserve_stashes) job_.preserve_stashes = options.preserve_stashes;
}

void PipelineBuilder::unknown_property(const Directive& directive) {
  if (is_foreign_option(directive.name))
    return warning(directive.name_span,
                   fmt::format("the job property '{}' has no effect in cupel", directive.name));
  if (may_be_declared(directive.name)) {
    job_.open = true;
    return;
  }
  std::vector<std::string> names{"parameters", "pipelineTriggers"};
  for (const auto& type : option_types())
    if (is_job_property(type.name)) names.push_back(type.name);
  std::ranges::sort(names);
  error(directive.name_span,
        fmt::format("Invalid job property \"{}\". Valid job properties: {}", directive.name,
                    bracketed(names)),
        suggestion(directive.name, names));
}

/// The form of old: [$class: 'BuildDiscarderProperty', strategy: [$class: 'LogRotator', ...]].
void PipelineBuilder::class_property(const MapLiteral& map) {
  const auto name = class_in(map);
  const auto entries = entries_of(map);
  if (name == "ParametersDefinitionProperty")
    return job_parameters(find(entries, "parameterDefinitions"));
  if (name == "PipelineTriggersJobProperty") return job_triggers(find(entries, "triggers"));
  if (name == "DisableConcurrentBuildsJobProperty")
    job_.disable_concurrent_builds = ConcurrentBuilds{};
  const auto* strategy = find(entries, "strategy");
  const auto* rotator = strategy != nullptr ? strategy->as<MapLiteral>() : nullptr;
  if (name != "BuildDiscarderProperty" || rotator == nullptr) return;
  const auto rules = entries_of(*rotator);
  job_.build_discarder = BuildDiscarder{find(rules, "daysToKeepStr"), find(rules, "numToKeepStr"),
                                        find(rules, "artifactDaysToKeepStr"),
                                        find(rules, "artifactNumToKeepStr"), strategy->span};
}

void PipelineBuilder::job_parameters(const Expression* list) {
  const auto* literal = list != nullptr ? list->as<ListLiteral>() : nullptr;
  if (literal == nullptr) {
    job_.open = true;
    return;
  }
  for (const auto& element : literal->elements) {
    auto made = job_parameter(*element);
    if (made && is_known(*made))
      add_parameter(std::move(*made), job_.parameters);
    else
      job_.open = true;
  }
}

std::optional<BuildParameter> PipelineBuilder::job_parameter(const Expression& value) {
  if (const auto* map = value.as<MapLiteral>()) return class_parameter(*map);
  const auto directive = directive_of(value);
  if (!directive || directive->call == nullptr) return std::nullopt;
  const auto types = parameter_types();
  const bool known = std::ranges::find(types, directive->name, &StepSignature::name) != types.end();
  const auto given = directive->arguments();
  if (known) {
    // A name that is made at run time is no mistake here.
    const auto* name = find(given, "name");
    if (name != nullptr && literal_text(name) == nullptr) return std::nullopt;
    return parameter(*directive);
  }
  if (is_foreign_parameter(directive->name) && literal_text(find(given, "name")) == nullptr)
    return std::nullopt;
  if (!is_foreign_parameter(directive->name) && may_be_declared(directive->name))
    return std::nullopt;
  return parameter(*directive);
}

std::optional<BuildParameter> PipelineBuilder::class_parameter(const MapLiteral& map) {
  const auto entries = entries_of(map);
  const auto* name = find(entries, "name");
  const auto* text = literal_text(name);
  const auto kind = kind_of_class(class_in(map));
  if (!kind || text == nullptr) return std::nullopt;
  BuildParameter made;
  made.kind = *kind;
  made.name = {*text, name->span};
  made.initial = find(entries, "defaultValue");
  made.description = find(entries, "description");
  if (const auto* list = find(entries, "choices")) choices(*list, made);
  return made;
}

void PipelineBuilder::job_triggers(const Expression* list) {
  const auto* literal = list != nullptr ? list->as<ListLiteral>() : nullptr;
  if (literal == nullptr) return;
  for (const auto& element : literal->elements) {
    const auto directive = directive_of(*element);
    if (!directive || directive->call == nullptr || may_be_declared(directive->name)) continue;
    if (auto made = trigger(*directive)) job_.triggers.push_back(std::move(*made));
  }
}

}  // namespace cupel::pipeline::syntax
