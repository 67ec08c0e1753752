// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "pipeline/syntax/builder.hpp"
#include "pipeline/syntax/words.hpp"

namespace cupel::pipeline::syntax {

namespace {

constexpr std::uint64_t most_cpus = 255;
constexpr Bytes least_memory = mib(128);

std::vector<std::string> names_in(const StepSignature& signature) {
  std::vector<std::string> names;
  for (const auto& parameter : signature.parameters) names.push_back(parameter.name);
  return names;
}

const StepParameter* find_parameter(const StepSignature& signature, std::string_view name) {
  const auto found = std::ranges::find(signature.parameters, name, &StepParameter::name);
  return found != signature.parameters.end() ? &*found : nullptr;
}

bool leads_out(const std::string& path) {
  const auto parts = split(path, '/');
  return path.starts_with('/') || std::ranges::find(parts, "..") != parts.end();
}

}  // namespace

MachineAgent PipelineBuilder::machine(const Directive& type, const NamedArguments& given) {
  MachineAgent made{given.find("box"),    given.find("cpus"), given.find("cpu"),
                    given.find("memory"), given.find("disk"), {}};
  machine_literals(made);
  const auto* body = type.only_block();
  if (body == nullptr) return made;
  bool seen = false;
  for (const auto& statement : body->statements) {
    const auto key = directive_of(*statement);
    if (!key || key->name != "provision") continue;
    if (std::exchange(seen, true)) error(key->name_span, "Duplicate agent key: \"provision\"");
    made.provision = provision(*key);
  }
  return made;
}

void PipelineBuilder::machine_literals(const MachineAgent& machine) {
  if (const auto* cpus = machine.cpus) {
    const auto* number = cpus->as<IntegerLiteral>();
    const auto* text = literal_text(cpus);
    const auto count = text != nullptr ? parse_integer(trim(*text)) : std::nullopt;
    const bool wrong_number = number != nullptr && (number->value < 1 || number->value > most_cpus);
    const bool wrong_text =
        text != nullptr && (!count || *count < 1 || *count > static_cast<int>(most_cpus));
    if (wrong_number || wrong_text || cpus->as<BooleanLiteral>() != nullptr ||
        cpus->as<DecimalLiteral>() != nullptr)
      error(cpus->span, fmt::format("cpus must be a number from 1 to {}", most_cpus));
  }
  if (const auto* cpu = literal_text(machine.cpu);
      cpu != nullptr && (cpu->empty() || (*cpu)[0] == '-'))
    error(machine.cpu->span, "cpu must be a model of QEMU's, as 'EPYC,+svm'", "how many is 'cpus'");
  for (const auto& [name, value] :
       {std::pair("memory", machine.memory), std::pair("disk", machine.disk)}) {
    const auto* text = literal_text(value);
    if (text == nullptr) continue;
    const auto size = parse_bytes(*text);
    if (!size || size->count == 0)
      error(value->span, fmt::format("{} must be a size with its unit, as '2GiB'", name));
    else if (value == machine.memory && *size < least_memory)
      error(value->span, "memory must be at least 128MiB");
  }
}

std::vector<Provisioning> PipelineBuilder::provision(const Directive& section) {
  std::vector<Provisioning> steps;
  const auto* body = filled_block(section);
  if (body == nullptr) return steps;
  for (const auto& directive : directives(*body, "Expected a step of provision"))
    if (auto step = provisioning(directive)) steps.push_back(std::move(*step));
  return steps;
}

std::optional<Provisioning> PipelineBuilder::provisioning(const Directive& directive) {
  const auto* signature = find_signature(provision_steps(), directive.name);
  if (signature == nullptr) {
    const auto names = names_of(provision_steps());
    error(directive.name_span,
          fmt::format("Invalid provision step \"{}\". Valid steps are {}", directive.name,
                      bracketed(names)),
          suggestion(directive.name, names));
    return std::nullopt;
  }
  Provisioning step;
  step.kind = {std::string(directive.name), directive.name_span};
  step.span = directive.span;
  for (const auto* argument : directive.arguments()) {
    if (argument->kind == Argument::Kind::named)
      provisioning_setting(*argument, *signature, step);
    else if (argument->kind == Argument::Kind::positional)
      step.values.push_back(argument->value.get());
    else
      error(argument->span, "Expected a value, or a name and a value");
  }
  if (directive.call != nullptr && directive.only_block() != nullptr)
    error(directive.span, fmt::format("\"{}\" takes no block", directive.name));
  provisioning_values(step, *signature);
  return step;
}

void PipelineBuilder::provisioning_setting(const Argument& argument, const StepSignature& signature,
                                           Provisioning& step) {
  const auto* key = literal_text(argument.key.get());
  if (key == nullptr) return error(argument.key->span, "Expected string literal");
  const auto* parameter = find_parameter(signature, *key);
  if (parameter == nullptr)
    return error(argument.key->span,
                 fmt::format("Invalid parameter \"{}\" of \"{}\"", *key, signature.name),
                 suggestion(*key, names_in(signature)));
  argument_type(*argument.value, *parameter);
  if (*key == signature.default_parameter) {
    step.values.push_back(argument.value.get());
    return;
  }
  const auto same = [&](const Setting& one) { return one.name.text == *key; };
  if (std::ranges::any_of(step.settings, same))
    return error(argument.key->span, fmt::format("Duplicate parameter: \"{}\"", *key));
  step.settings.push_back({{*key, argument.key->span}, argument.value.get()});
  const auto* text = literal_text(argument.value.get());
  if (*key == "to" && text != nullptr && !text->starts_with('/'))
    error(argument.value->span, "'to' must be an absolute path in the machine");
}

void PipelineBuilder::provisioning_values(const Provisioning& step,
                                          const StepSignature& signature) {
  const bool several = step.kind.text == "packages";
  if (step.values.empty())
    error(step.kind.span,
          fmt::format("Missing required parameter: \"{}\"", signature.default_parameter));
  if (!several && step.values.size() > 1)
    error(step.values[1]->span, fmt::format("Too many arguments for \"{}\"", step.kind.text));
  for (const auto* value : step.values) {
    argument_type(*value, *find_parameter(signature, signature.default_parameter));
    const auto* text = literal_text(value);
    if (text == nullptr) continue;
    if (trim(*text).empty())
      error(value->span, fmt::format("\"{}\" must not be empty", step.kind.text));
    else if (step.kind.text == "file" || step.kind.text == "script")
      project_file(*value);
  }
  const auto has_target = [](const Setting& one) { return one.name.text == "to"; };
  if (step.kind.text == "file" && std::ranges::none_of(step.settings, has_target))
    error(step.kind.span, "Missing required parameter: \"to\"", "where it goes, as to: '/etc/x'");
}

void PipelineBuilder::project_file(const Expression& value) {
  const auto* text = literal_text(&value);
  if (text != nullptr && leads_out(*text))
    error(value.span, "Only files of the project can be named",
          "write it relative to the project's directory");
}

}  // namespace cupel::pipeline::syntax
