// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/text_output.hpp"
#include "cupel/knowledge.hpp"
#include "cupel/reading_commands.hpp"

namespace cupel {
namespace {

namespace syntax = pipeline::syntax;

std::string body_of(const syntax::StepSignature& step) {
  if (!step.takes_body) return "none";
  return step.body_optional ? "optional" : "required";
}

json::Value to_json(const syntax::StepSignature& step) {
  json::Array parameters;
  for (const auto& parameter : step.parameters) {
    json::Object one{{"name", parameter.name},
                     {"type", syntax::name(parameter.kind)},
                     {"required", parameter.required},
                     {"about", parameter.about}};
    if (!parameter.otherwise.empty()) one.emplace_back("default", parameter.otherwise);
    if (!parameter.choices.empty()) {
      json::Array choices;
      for (const auto& choice : parameter.choices) choices.emplace_back(choice);
      one.emplace_back("choices", std::move(choices));
    }
    parameters.emplace_back(std::move(one));
  }
  json::Object made{{"name", step.name},
                    {"about", step.about},
                    {"parameters", std::move(parameters)},
                    {"body", body_of(step)}};
  if (!step.default_parameter.empty())
    made.emplace_back("defaultParameter", step.default_parameter);
  if (step.open) made.emplace_back("furtherParameters", true);
  return made;
}

/// One step in full.
std::string page(const syntax::StepSignature& step) {
  auto text = syntax::call_text(step) + "\n";
  if (!step.about.empty()) text += fmt::format("  {}\n", step.about);
  std::size_t width = 0;
  for (const auto& parameter : step.parameters) width = std::max(width, parameter.name.size());
  for (const auto& parameter : step.parameters) {
    auto about = parameter.about;
    const auto add = [&](const std::string& more) {
      about += (about.empty() ? "" : about.ends_with('.') ? " " : ". ") + more;
    };
    if (!parameter.choices.empty()) add(fmt::format("One of {}.", join(parameter.choices, ", ")));
    if (parameter.required) add("Required.");
    if (!parameter.otherwise.empty()) add(fmt::format("Default: {}.", parameter.otherwise));
    auto line = fmt::format("  {:<{}}  {:<7}  {}", parameter.name, width,
                            syntax::name(parameter.kind), about);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  if (!step.default_parameter.empty())
    text += fmt::format("  {} VALUE sets {}.\n", step.name, step.default_parameter);
  return text;
}

std::string list(const std::vector<syntax::StepSignature>& steps) {
  std::size_t width = 0;
  for (const auto& step : steps) width = std::max(width, step.name.size());
  std::string text;
  for (const auto& step : steps) {
    auto line = fmt::format("{:<{}}  {}", step.name, width, step.about);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

Result<int> steps_checked(const cli::StepsCommand& command, const Surroundings& surroundings) {
  const auto settings = TRY(settings_of({".", "Jenkinsfile", command.config}, surroundings));
  auto steps = TRY(Knowledge::of(settings, surroundings)).signatures();
  std::ranges::sort(steps, {}, &syntax::StepSignature::name);
  if (!command.name.empty()) {
    std::vector<std::string> names;
    for (const auto& step : steps) names.push_back(step.name);
    std::erase_if(steps, [&](const auto& step) { return step.name != command.name; });
    if (steps.empty()) {
      const auto meant = nearest(command.name, names);
      return fail(Fault::not_found, "there is no step '{}'{}", command.name,
                  meant ? fmt::format(": did you mean '{}'?", *meant) : "");
    }
  }
  std::string text;
  if (command.format == cli::Format::json) {
    json::Array all;
    for (const auto& step : steps) all.push_back(to_json(step));
    text = json::write(json::Object{{"steps", std::move(all)}}) + "\n";
  } else {
    text = command.name.empty() ? list(steps) : page(steps.front());
  }
  cli::TextOutput(STDOUT_FILENO, surroundings.stop).write(text);
  return exit_success;
}

}  // namespace

int steps(const cli::StepsCommand& command, const Surroundings& surroundings) {
  return status_of(steps_checked(command, surroundings));
}

}  // namespace cupel
