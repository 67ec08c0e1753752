// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "pipeline/syntax/builder.hpp"
#include "pipeline/syntax/words.hpp"

namespace cupel::pipeline::syntax {

namespace {

/// Kept for what cupel will do with them.
constexpr auto reserved_types = std::to_array<std::string_view>({"vagrantfile", "dockerContainer"});

std::vector<std::string> type_names() {
  std::vector<std::string> names{"any", "none"};
  for (auto& name : names_of(agent_types())) names.push_back(std::move(name));
  return names;
}

const StepSignature* find_type(std::string_view name) {
  const auto types = agent_types();
  const auto found = std::ranges::find(types, name, &StepSignature::name);
  return found != types.end() ? &*found : nullptr;
}

DockerAgent docker(const NamedArguments& given) {
  return {given.find("image"),       given.find("args"),
          given.find("registryUrl"), given.find("registryCredentialsId"),
          given.find("reuseNode"),   given.find("alwaysPull")};
}

DockerfileAgent dockerfile(const NamedArguments& given) {
  return {given.find("filename"), given.find("dir"),         given.find("additionalBuildArgs"),
          given.find("args"),     given.find("registryUrl"), given.find("registryCredentialsId"),
          given.find("reuseNode")};
}

}  // namespace

Agent PipelineBuilder::agent(const Directive& section) {
  Agent made;
  made.span = section.span;
  const auto* value = section.only_value();
  const auto* word = value != nullptr ? value->as<Variable>() : nullptr;
  if (word != nullptr && (word->name == "any" || word->name == "none")) {
    made.kind = word->name == "any" ? Agent::Kind::any : Agent::Kind::none;
    return made;
  }
  const auto types = type_names();
  if (section.call == nullptr || section.call->arguments.items.empty()) {
    error(section.name_span, "No argument for agent");
    return made;
  }
  if (word != nullptr) {
    error(word == nullptr ? section.span : value->span,
          fmt::format("Invalid argument for agent - \"{}\" - must be map of config options or bare "
                      "[any, none]",
                      word->name),
          find_type(word->name) != nullptr ? fmt::format("write 'agent {{ {} ... }}'", word->name)
                                           : suggestion(word->name, types));
    return made;
  }
  const auto* body = section.only_block();
  if (body == nullptr) {
    error(section.span, "Only \"agent none\", \"agent any\" or \"agent {...}\" are allowed");
    return made;
  }
  if (body->statements.empty())
    error(section.name_span,
          fmt::format("No agent type specified. Must be one of {}", bracketed(types)));
  const auto keys = directives(*body, "Expected to find 'key \"value\"'");
  if (keys.size() > 1) {
    error(keys[1].name_span, "Only one agent type is allowed per agent section",
          find_type(keys[1].name) == nullptr ? "put more than a label into 'node { }'" : "");
    return made;
  }
  if (!keys.empty()) agent_type(keys.front(), made);
  return made;
}

void PipelineBuilder::agent_type(const Directive& type, Agent& agent) {
  if (std::ranges::find(reserved_types, type.name) != reserved_types.end())
    return error(
        type.name_span,
        fmt::format("the agent type '{}' is reserved: cupel does not have it yet", type.name));
  const auto* signature = find_type(type.name);
  if (signature == nullptr) {
    if (vocabulary_.others == Vocabulary::Others::ignored) return;
    const auto names = type_names();
    return error(type.name_span,
                 fmt::format("Invalid agent type \"{}\" specified. Must be one of {}", type.name,
                             bracketed(names)),
                 suggestion(type.name, names));
  }
  const auto given = agent_keys(type, *signature);
  agent.custom_workspace = given.find("customWorkspace");
  agent.retries = given.find("retries");
  if (type.name == "docker") {
    agent.kind = Agent::Kind::docker;
    agent.container = docker(given);
  } else if (type.name == "dockerfile") {
    agent.kind = Agent::Kind::dockerfile;
    agent.container = dockerfile(given);
    const auto* file = given.text("filename");
    if (file != nullptr &&
        (file->find('/') != std::string::npos || file->find('\\') != std::string::npos))
      error(given.find("filename")->span, "Dockerfile filename cannot contain directory separators",
            "use 'dir' beside it");
  } else if (type.name == "kubernetes") {
    agent.kind = Agent::Kind::kubernetes;
    agent.container = kubernetes(type, given);
  } else if (type.name == "machine") {
    agent.kind = Agent::Kind::machine;
    agent.machine = machine(type, given);
  } else if (type.name == "topology") {
    agent.kind = Agent::Kind::topology;
    agent.topology = given.find("file");
    if (agent.topology != nullptr) project_file(*agent.topology);
  }
  if (const auto* label = given.find("label")) agent_label(*label, agent);
}

void PipelineBuilder::agent_label(const Expression& value, Agent& agent) {
  const bool plain = agent.kind == Agent::Kind::any;
  const auto* text = literal_text(&value);
  if (text != nullptr && trim(*text).empty()) return;  // any node, as Jenkins takes it
  if (plain) agent.kind = Agent::Kind::label;
  agent.label_text = &value;
  if (text == nullptr) return;
  auto label = parse_label(*text);
  if (!label) return error(value.span, label.error().text());
  agent.label = std::move(*label);
}

NamedArguments PipelineBuilder::agent_keys(const Directive& type, const StepSignature& signature) {
  NamedArguments found;
  const auto* body = type.only_block();
  if (body == nullptr) {
    const auto* value = type.only_value();
    if (value == nullptr)
      error(
          type.name_span,
          fmt::format("{} for agent key \"{}\"",
                      type.arguments().empty() ? "No argument" : "Too many arguments", type.name));
    else if (!signature.default_parameter.empty())
      found.add(signature.default_parameter, value);
    else if (type.name != "dockerfile" || value->as<BooleanLiteral>() == nullptr)
      error(type.span, fmt::format("Expected a block for {}", type.name));
    return found;
  }
  // What is a block by itself.
  const auto inner = type.name == "kubernetes" ? "containerTemplate"
                     : type.name == "machine"  ? "provision"
                                               : std::string_view();
  for (const auto& key : directives(*body, "Expected to find 'key \"value\"'")) {
    const auto known = std::ranges::find(signature.parameters, key.name, &StepParameter::name);
    if (known == signature.parameters.end()) {
      std::vector<std::string> names;
      for (const auto& parameter : signature.parameters) names.push_back(parameter.name);
      error(key.name_span,
            fmt::format("Invalid config option \"{}\" for agent type \"{}\". Valid config options "
                        "are {}",
                        key.name, type.name, bracketed(names)),
            suggestion(key.name, names));
      continue;
    }
    if (key.name == inner) continue;
    const auto* value = key.only_value();
    if (value == nullptr) {
      error(key.name_span,
            fmt::format("{} for agent key \"{}\"",
                        key.arguments().empty() ? "No argument" : "Too many arguments", key.name));
      continue;
    }
    argument_type(*value, *known);
    if (!found.add(known->name, value))
      error(key.name_span, fmt::format("Duplicate agent key: \"{}\"", key.name));
  }
  for (const auto& parameter : signature.parameters)
    if (parameter.required && !found.has(parameter.name))
      error(type.name_span, fmt::format("Missing required parameter for agent type \"{}\": {}",
                                        type.name, parameter.name));
  return found;
}

KubernetesAgent PipelineBuilder::kubernetes(const Directive& type, const NamedArguments& given) {
  KubernetesAgent made;
  made.yaml = given.find("yaml");
  made.yaml_file = given.find("yamlFile");
  made.default_container = given.find("defaultContainer");
  const auto* body = type.only_block();
  if (body == nullptr) return made;
  for (const auto& statement : body->statements) {
    const auto key = directive_of(*statement);
    if (!key) continue;
    const auto* value = given.find(key->name);
    if (key->name == "containerTemplate")
      made.containers.push_back(container(*key));
    else if (key->name == "containerTemplates" && value != nullptr)
      made.containers = containers(*value);
    else if (value != nullptr && value != made.yaml && value != made.yaml_file &&
             value != made.default_container && key->name != "label")
      made.others.push_back({{std::string(key->name), key->name_span}, value});
  }
  return made;
}

ContainerTemplate PipelineBuilder::container(const Directive& directive) {
  ContainerTemplate made;
  made.span = directive.span;
  const auto& signature = container_template();
  const auto add = [&](std::string_view name, const Span& span, const Expression* value) {
    const auto known = std::ranges::find(signature.parameters, name, &StepParameter::name);
    if (known != signature.parameters.end()) {
      argument_type(*value, *known);
      made.settings.push_back({{std::string(name), span}, value});
      return;
    }
    std::vector<std::string> names;
    for (const auto& parameter : signature.parameters) names.push_back(parameter.name);
    error(span, fmt::format("Invalid parameter \"{}\" of \"{}\"", name, signature.name),
          suggestion(name, names));
  };
  if (const auto* body = directive.only_block()) {
    for (const auto& key : directives(*body, "Expected to find 'key \"value\"'")) {
      if (const auto* value = key.only_value())
        add(key.name, key.name_span, value);
      else
        error(key.name_span, fmt::format("No argument for field \"{}\"", key.name));
    }
  } else {
    for (const auto* argument : directive.arguments()) {
      const auto* key = literal_text(argument->key.get());
      if (argument->kind == Argument::Kind::named && key != nullptr)
        add(*key, argument->key->span, argument->value.get());
      else
        error(argument->span, "Expected to find 'key \"value\"'");
    }
  }
  const auto has = [&](std::string_view name) {
    return std::ranges::any_of(made.settings,
                               [&](const Setting& one) { return one.name.text == name; });
  };
  for (const auto* needed : {"name", "image"})
    if (!has(needed))
      error(directive.name_span, fmt::format("Missing required parameter: \"{}\"", needed));
  return made;
}

std::vector<ContainerTemplate> PipelineBuilder::containers(const Expression& list) {
  std::vector<ContainerTemplate> made;
  const auto* written = list.as<ListLiteral>();
  if (written == nullptr) return made;
  for (const auto& element : written->elements) {
    const auto directive = directive_of(*element);
    if (directive && directive->name == "containerTemplate")
      made.push_back(container(*directive));
    else
      error(element->span, "Expected a containerTemplate");
  }
  return made;
}

}  // namespace cupel::pipeline::syntax
