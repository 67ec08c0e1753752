// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "pipeline/syntax/builder.hpp"

namespace cupel::pipeline::syntax {

namespace {

using namespace std::chrono_literals;

struct Unit {
  std::string_view name;
  std::chrono::nanoseconds length;
};
constexpr auto units = std::to_array<Unit>({{"NANOSECONDS", 1ns},
                                            {"MICROSECONDS", 1us},
                                            {"MILLISECONDS", 1ms},
                                            {"SECONDS", 1s},
                                            {"MINUTES", 1min},
                                            {"HOURS", 1h},
                                            {"DAYS", 24h}});

constexpr auto post_conditions = std::to_array<std::string_view>(
    {"always", "changed", "fixed", "regression", "aborted", "success", "unsuccessful", "unstable",
     "failure", "notBuilt", "cleanup"});

std::vector<std::string> words(std::span<const std::string_view> views) {
  return {views.begin(), views.end()};
}

const StepSignature& timeout_signature() {
  static const StepSignature signature{"timeout",
                                       {{"time", ParameterKind::number, true},
                                        {"unit", ParameterKind::text, false},
                                        {"activity", ParameterKind::flag, false}},
                                       "time",
                                       false};
  return signature;
}

}  // namespace

std::string_view name(PostCondition condition) {
  return post_conditions.at(static_cast<std::size_t>(condition));
}

Agent PipelineBuilder::agent(const Directive& section) {
  Agent made;
  made.span = section.span;
  const auto* value = section.only_value();
  const auto* word = value != nullptr ? value->as<Variable>() : nullptr;
  if (word != nullptr && (word->name == "any" || word->name == "none")) {
    made.kind = word->name == "any" ? Agent::Kind::any : Agent::Kind::none;
    return made;
  }
  if (section.call == nullptr || section.call->arguments.items.empty()) {
    error(section.name_span, "No argument for agent");
    return made;
  }
  const auto* body = section.only_block();
  if (body == nullptr) {
    error(section.span, "Only \"agent none\", \"agent any\" or \"agent {...}\" are allowed");
    return made;
  }
  if (body->statements.empty())
    error(section.name_span, "No agent type specified. Must be one of [any, label, none]");
  for (const auto& key : directives(*body, "Expected to find 'key \"value\"'")) {
    if (made.kind == Agent::Kind::label && key.name == "label")
      error(key.name_span, "Only one agent type is allowed per agent section");
    agent_key(key, made);
  }
  return made;
}

void PipelineBuilder::agent_key(const Directive& key, Agent& agent) {
  if (is_unsupported(Where::agent, key.name))
    return unsupported(key.name_span, fmt::format("'{}' in an agent", key.name));
  if (key.name != "label")
    return error(
        key.name_span,
        fmt::format("Invalid agent type \"{}\" specified. Must be one of [any, label, none]",
                    key.name),
        suggestion(key.name, std::vector<std::string>{"label", "docker", "dockerfile"}));
  const auto* value = key.only_value();
  if (value == nullptr)
    return error(key.name_span,
                 fmt::format("{} for agent key \"label\"",
                             key.arguments().empty() ? "No argument" : "Too many arguments"));
  agent.kind = Agent::Kind::label;
  agent.label_text = value;
  const auto* text = literal_text(value);
  if (text == nullptr) return;
  if (trim(*text).empty()) {
    agent.kind = Agent::Kind::any;  // as Jenkins takes an empty label
    return;
  }
  auto label = parse_label(*text);
  if (!label) return error(value->span, label.error().text());
  agent.label = std::move(*label);
}

Options PipelineBuilder::options(const Directive& section) {
  Options made;
  const auto* body = block(section);
  if (body == nullptr) return made;
  if (body->statements.empty()) error(section.name_span, "options can not be empty");
  Seen seen;
  for (const auto& option : directives(*body, "Expected an option")) {
    if (!seen.emplace(option.name, option.span).second)
      error(option.name_span, fmt::format("Duplicate option name: \"{}\"", option.name));
    if (option.call == nullptr) {
      error(option.name_span, "Expected an option", fmt::format("write '{}()'", option.name));
    } else if (option.name == "timeout") {
      made.timeout = timeout(option);
    } else if (option.name == "timestamps") {
      arguments(option, {"timestamps", {}, {}, false});
      made.timestamps = true;
    } else if (is_unsupported(Where::option, option.name)) {
      unsupported(option.name_span, fmt::format("the option '{}'", option.name));
    } else {
      error(option.name_span, fmt::format("Invalid option type \"{}\"", option.name),
            suggestion(option.name, std::vector<std::string>{"timeout", "timestamps"}));
    }
  }
  return made;
}

Timeout PipelineBuilder::timeout(const Directive& option) {
  Timeout made;
  made.span = option.span;
  const auto given = arguments(option, timeout_signature());
  if (const auto time = given.find("time"); time != given.end()) {
    made.time = time->second;
    const auto* amount = made.time->as<IntegerLiteral>();
    if (amount != nullptr && amount->value == 0)
      error(made.time->span, "a timeout must be longer than 0");
  }
  if (const auto activity = given.find("activity"); activity != given.end()) {
    const auto* flag = activity->second->as<BooleanLiteral>();
    made.activity = flag != nullptr && flag->value;
  }
  const auto unit = given.find("unit");
  if (unit == given.end()) return made;
  const auto* text = literal_text(unit->second);
  const auto* known = std::ranges::find(units, text != nullptr ? *text : "", &Unit::name);
  std::vector<std::string> names;
  for (const auto& candidate : units) names.emplace_back(candidate.name);
  if (known != units.end())
    made.unit = known->length;
  else
    error(unit->second->span,
          fmt::format("Expecting a unit of time for parameter \"unit\": one of {}",
                      join(names, ", ")),
          text != nullptr ? suggestion(*text, names) : "");
  return made;
}

bool PipelineBuilder::fail_fast(const Directive& section) {
  const auto* value = section.only_value();
  const auto* flag = value != nullptr ? value->as<BooleanLiteral>() : nullptr;
  if (flag == nullptr) error(section.name_span, "Expected a boolean with failFast");
  return flag != nullptr && flag->value;
}

std::vector<PostBlock> PipelineBuilder::post(const Directive& section) {
  std::vector<PostBlock> list;
  const auto* body = block(section);
  if (body == nullptr) return list;
  if (body->statements.empty()) error(section.name_span, "post can not be empty");
  constexpr std::string_view expected =
      "The 'post' section can only contain build condition names with code blocks";
  for (const auto& directive : directives(*body, expected)) {
    const auto* known = std::ranges::find(post_conditions, directive.name);
    if (known == post_conditions.end()) {
      const auto names = words(post_conditions);
      error(directive.name_span,
            fmt::format("Invalid condition \"{}\" - valid conditions are [{}]", directive.name,
                        join(names, ", ")),
            suggestion(directive.name, names));
      continue;
    }
    const auto* inner = block(directive);
    if (inner == nullptr) continue;
    steps(*inner);
    const auto condition = static_cast<PostCondition>(known - post_conditions.begin());
    if (std::ranges::find(list, condition, &PostBlock::condition) != list.end())
      error(directive.name_span,
            fmt::format("Duplicate build condition name: \"{}\"", directive.name));
    list.push_back({condition, inner, directive.span});
  }
  std::ranges::stable_sort(list, {}, &PostBlock::condition);
  return list;
}

}  // namespace cupel::pipeline::syntax
