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
constexpr std::uint64_t most_stashes = 50;
constexpr std::uint64_t most_kept = 100'000;  // of whatever unit

/// Steps with a body that make no sense around a whole pipeline or stage.
constexpr auto refused_wrappers = std::to_array<std::string_view>(
    {"node", "stage", "parallel", "script", "withEnv", "dir", "ws", "container", "waitUntil"});

const StepSignature* find_option(std::string_view name) {
  const auto types = option_types();
  const auto found = std::ranges::find(types, name, &StepSignature::name);
  return found != types.end() ? &*found : nullptr;
}

bool is_foreign(const Expression& call) {
  const auto directive = directive_of(call);
  return directive && directive->name != "logRotator";
}

}  // namespace

Options PipelineBuilder::options(const Directive& section, Of of) {
  Options made;
  const auto* body = filled_block(section);
  if (body == nullptr) return made;
  Seen seen;
  for (const auto& one : directives(*body, "Expected an option")) {
    if (!seen.emplace(one.name, one.span).second)
      error(one.name_span, fmt::format("Duplicate option name: \"{}\"", one.name));
    if (one.call == nullptr)
      error(one.name_span, "Expected an option", fmt::format("write '{}()'", one.name));
    else
      option(one, of, made);
  }
  return made;
}

void PipelineBuilder::option(const Directive& directive, Of of, Options& options) {
  const auto name = directive.name;
  const auto* known = find_option(name);
  const auto* step = known == nullptr ? find_step(name) : nullptr;
  const bool refused = std::ranges::find(refused_wrappers, name) != refused_wrappers.end();
  if (name == "parameters" || name == "triggers" || name == "pipelineTriggers") {
    const auto* section = name == "parameters" ? "parameters" : "triggers";
    return error(directive.name_span,
                 fmt::format("The \"{0}\" job property can't be used in the \"options\" directive. "
                             "Use the \"{0} {{...}}\" directive instead",
                             section));
  }
  if (of == Of::stage && (known != nullptr || is_foreign_option(name)) && !is_stage_option(name))
    return error(directive.name_span, fmt::format("Invalid option type \"{}\" for a stage", name),
                 "it belongs into the 'options' of the pipeline");
  if (directive.call->arguments.trailing_closures > 0)
    return error(directive.name_span, "Options definitions cannot have blocks");
  if (known != nullptr) {
    const auto given = arguments(directive, *known);
    return known->takes_body ? wrapper(directive, given, options)
                             : job_option(directive, given, options);
  }
  if (step != nullptr && step->takes_body && !refused)
    return wrapper(directive, arguments(directive, *step), options);
  if (is_foreign_option(name)) {
    warning(directive.name_span, fmt::format("the option '{}' has no effect in cupel", name));
    options.foreign.push_back({{std::string(name), directive.name_span}, directive.call});
    return;
  }
  unknown_option(directive, of);
}

void PipelineBuilder::unknown_option(const Directive& directive, Of of) {
  if (vocabulary_.others == Vocabulary::Others::ignored) return;
  auto names = names_of(option_types());
  if (of == Of::stage) std::erase_if(names, [](const auto& one) { return !is_stage_option(one); });
  std::ranges::sort(names);
  error(directive.name_span,
        fmt::format("Invalid option type \"{}\". Valid option types: {}", directive.name,
                    bracketed(names)),
        suggestion(directive.name, names));
}

void PipelineBuilder::wrapper(const Directive& directive, const NamedArguments& given,
                              Options& options) {
  options.wrappers.push_back(
      {{std::string(directive.name), directive.name_span}, directive.call, directive.span});
  if (directive.name == "timeout") options.timeout = timeout(directive, given);
  if (directive.name == "timestamps") options.timestamps = true;
  if (directive.name == "retry") {
    options.retry = Retry{given.find("count"), given.find("conditions"), directive.span};
    const auto* count = given.find("count");
    const auto* literal = count != nullptr ? count->as<IntegerLiteral>() : nullptr;
    if (literal != nullptr && literal->value == 0)
      error(count->span, "the count of retry must be positive");
  }
  if (directive.name == "lock" && !given.has("resource") && !given.has("label") &&
      !given.has("extra"))
    error(directive.name_span, "either resource label or resource name must be specified");
}

void PipelineBuilder::job_option(const Directive& directive, const NamedArguments& given,
                                 Options& options) {
  const auto name = directive.name;
  if (name == "skipDefaultCheckout") {
    options.skip_default_checkout = given.flag("value", true);
  } else if (name == "skipStagesAfterUnstable") {
    options.skip_stages_after_unstable = given.flag("value", true);
  } else if (name == "parallelsAlwaysFailFast") {
    options.parallels_always_fail_fast = given.flag("value", true);
  } else if (name == "newContainerPerStage") {
    options.new_container_per_stage = true;
  } else if (name == "disableResume") {
    options.disable_resume = true;
  } else if (name == "disableRestartFromStage") {
    options.disable_restart_from_stage = true;
  } else if (name == "overrideIndexTriggers") {
    options.override_index_triggers = given.flag("value", true);
  } else if (name == "quietPeriod") {
    options.quiet_period = given.find("quietPeriod");
  } else if (name == "checkoutToSubdirectory") {
    options.checkout_directory = given.find("directory");
  } else if (name == "disableConcurrentBuilds") {
    using Otherwise = ConcurrentBuilds::Otherwise;
    options.disable_concurrent_builds =
        ConcurrentBuilds{given.flag("abortPrevious") ? Otherwise::abort_previous : Otherwise::wait};
  } else if (name == "buildDiscarder") {
    if (const auto* strategy = given.find("strategy"))
      options.build_discarder = build_discarder(directive, *strategy);
  } else if (name == "rateLimitBuilds") {
    if (const auto* throttle = given.find("throttle")) options.rate_limit = rate_limit(*throttle);
  } else if (name == "preserveStashes") {
    const auto* count = given.find("buildCount");
    const auto* literal = count != nullptr ? count->as<IntegerLiteral>() : nullptr;
    options.preserve_stashes =
        literal != nullptr ? static_cast<std::uint32_t>(std::min(literal->value, most_stashes)) : 1;
    if (literal != nullptr && (literal->value < 1 || literal->value > most_stashes))
      error(count->span, fmt::format("buildCount must be between 1 and {}", most_stashes));
  } else if (name == "keepMachine") {
    options.keep_machine = keep_machine(directive, given);
  } else if (name == "durabilityHint") {
    static const std::vector<std::string> hints{"MAX_SURVIVABILITY", "SURVIVABLE_NONATOMIC",
                                                "PERFORMANCE_OPTIMIZED"};
    const auto* hint = given.text("hint");
    if (hint != nullptr) options.durability_hint = *hint;
    if (hint != nullptr && std::ranges::find(hints, *hint) == hints.end())
      error(given.find("hint")->span,
            fmt::format("Expecting one of {} for parameter \"hint\"", bracketed(hints)),
            suggestion(*hint, hints));
  }
}

Timeout PipelineBuilder::timeout(const Directive& option, const NamedArguments& given) {
  Timeout made;
  made.span = option.span;
  made.time = given.find("time");
  made.activity = given.flag("activity");
  const auto* amount = made.time != nullptr ? made.time->as<IntegerLiteral>() : nullptr;
  if (amount != nullptr && amount->value == 0)
    error(made.time->span, "a timeout must be longer than 0");
  const auto* unit = given.find("unit");
  if (unit == nullptr) return made;
  const auto* text = literal_text(unit);
  const auto* known = std::ranges::find(units, text != nullptr ? *text : "", &Unit::name);
  std::vector<std::string> names;
  for (const auto& candidate : units) names.emplace_back(candidate.name);
  if (known != units.end())
    made.unit = known->length;
  else
    error(unit->span,
          fmt::format("Expecting a unit of time for parameter \"unit\": one of {}",
                      join(names, ", ")),
          text != nullptr ? suggestion(*text, names) : "");
  return made;
}

KeepMachine PipelineBuilder::keep_machine(const Directive& option, const NamedArguments& given) {
  KeepMachine made;
  if (!given.flag("onFailure", true)) made.when = KeepMachine::When::always;
  const auto limit = timeout(option, given);
  if (limit.time == nullptr) return made;
  const auto* amount = limit.time->as<IntegerLiteral>();
  const auto unit = std::chrono::duration_cast<std::chrono::seconds>(limit.unit);
  if (amount == nullptr || unit < 1s)
    error(limit.time->span,
          "the time that a machine is kept must be a literal, in seconds or more");
  else
    made.time = unit * std::min(amount->value, most_kept);
  return made;
}

BuildDiscarder PipelineBuilder::build_discarder(const Directive& option,
                                                const Expression& strategy) {
  static const StepSignature rotator{"logRotator",
                                     {{"daysToKeepStr", ParameterKind::text},
                                      {"numToKeepStr", ParameterKind::text},
                                      {"artifactDaysToKeepStr", ParameterKind::text},
                                      {"artifactNumToKeepStr", ParameterKind::text},
                                      {"removeLastBuild", ParameterKind::flag}},
                                     "",
                                     false};
  BuildDiscarder made;
  made.span = option.span;
  const auto directive = directive_of(strategy);
  if (!directive || directive->call == nullptr) {
    error(strategy.span, "Expected a symbol", "write buildDiscarder(logRotator(...))");
    return made;
  }
  if (is_foreign(strategy)) {
    warning(strategy.span, fmt::format("'{}' has no effect in cupel", directive->name));
    return made;
  }
  const auto given = arguments(*directive, rotator);
  made.days_to_keep = given.find("daysToKeepStr");
  made.builds_to_keep = given.find("numToKeepStr");
  made.artifact_days_to_keep = given.find("artifactDaysToKeepStr");
  made.artifact_builds_to_keep = given.find("artifactNumToKeepStr");
  for (const auto* name :
       {"daysToKeepStr", "numToKeepStr", "artifactDaysToKeepStr", "artifactNumToKeepStr"}) {
    const auto* text = given.text(name);
    if (text != nullptr && !text->empty() && !parse_integer(*text))
      error(given.find(name)->span, fmt::format("Expecting a number for parameter \"{}\"", name));
  }
  return made;
}

RateLimit PipelineBuilder::rate_limit(const Expression& throttle) {
  RateLimit made;
  const auto* map = throttle.as<MapLiteral>();
  const auto call = directive_of(throttle);
  std::vector<const Argument*> entries;
  if (map != nullptr)
    for (const auto& entry : map->entries) entries.push_back(&entry);
  else if (call)
    entries = call->arguments();
  static const std::vector<std::string> durations{"second", "minute", "hour", "day",
                                                  "week",   "month",  "year"};
  for (const auto* entry : entries) {
    const auto* key = literal_text(entry->key.get());
    if (key == nullptr) continue;
    const auto* text = literal_text(entry->value.get());
    if (*key == "count") {
      made.count = entry->value.get();
    } else if (*key == "userBoost") {
      const auto* flag = entry->value->as<BooleanLiteral>();
      made.user_boost = flag != nullptr && flag->value;
    } else if (*key == "durationName" && text != nullptr) {
      made.duration_name = *text;
      if (std::ranges::find(durations, *text) == durations.end())
        error(
            entry->value->span,
            fmt::format("Expecting one of {} for parameter \"durationName\"", bracketed(durations)),
            suggestion(*text, durations));
    }
  }
  if (made.count == nullptr) error(throttle.span, "Missing required parameter: \"count\"");
  return made;
}

}  // namespace cupel::pipeline::syntax
