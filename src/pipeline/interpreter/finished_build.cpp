// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/finished_build.hpp"

#include <array>

#include "base/text.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/script_values.hpp"

namespace cupel::pipeline {
namespace {

using model::Verdict;

Result<Value> map_of(const std::map<std::string, std::string>& texts) {
  auto map = std::make_shared<Map>();
  for (const auto& [name, text] : texts) TRY(map->put(Value(name), Value(text)));
  return Value(std::move(map));
}

const Value* entry(const Value& plain, std::string_view name) {
  const auto map = plain.as_map();
  return map ? map->find(Value(name)) : nullptr;
}

std::string text_in(const Value& plain, std::string_view name) {
  const auto* value = entry(plain, name);
  return value && value->as_text() ? *value->as_text() : std::string();
}

std::int64_t number_in(const Value& plain, std::string_view name) {
  const auto* value = entry(plain, name);
  return value && value->as_integer() ? *value->as_integer() : 0;
}

Value text_or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

class FinishedBuild final : public Object {
 public:
  FinishedBuild(PastRun run, std::string job) : run_(std::move(run)), job_(std::move(job)) {}

  std::string type_name() const override {
    return "org.jenkinsci.plugins.workflow.support.steps.build.RunWrapper";
  }

  Outcome<Value> get(const std::string& name, Context& context) override {
    if (auto value = TRY(Outcome<std::optional<Value>>(own(name)))) return std::move(*value);
    if (!job_.empty())
      if (auto value = TRY(previous_build(name, job_, run_.number, context)))
        return std::move(*value);
    if (const auto hint = instead_of(name))
      return raise("java.lang.UnsupportedOperationException", "{}: {}", name, *hint);
    return raise("groovy.lang.MissingPropertyException", "No such property: {} for class: {}", name,
                 type_name());
  }

  Outcome<void> set(const std::string& name, const Value&, Context&) override {
    return raise("java.lang.SecurityException",
                 "can only set the property {} of the current build, and run {} is over", name,
                 run_.number);
  }

  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    if (auto value = TRY(compare_result(run_.verdict, name, arguments, context)))
      return std::move(*value);
    const auto property = arguments.empty() ? property_of_getter(name) : std::string();
    if (!property.empty() && property != "class") return get(property, context);
    return Object::call(name, arguments, context);
  }

  std::optional<Value> plain() const override {
    auto made = plain_run(run_);
    return made ? std::optional(std::move(*made)) : std::nullopt;
  }

 private:
  Result<std::optional<Value>> own(const std::string& name) const {
    if (name == "number") return Value(static_cast<std::int64_t>(run_.number));
    if (name == "id") return Value(std::to_string(run_.number));
    if (name == "result" || name == "currentResult") return Value(model::name(run_.verdict));
    if (name == "displayName") return Value(run_.display_name);
    if (name == "fullDisplayName") return Value(run_.project + " " + run_.display_name);
    if (name == "projectName") return Value(run_.project.substr(run_.project.rfind('/') + 1));
    if (name == "fullProjectName") return Value(run_.project);
    if (name == "description") return text_or_null(run_.description);
    if (name == "timeInMillis" || name == "startTimeInMillis") return long_of(run_.started);
    if (name == "duration") return long_of(run_.duration);
    if (name == "durationString") return Value(span_text(run_.duration));
    if (name == "keepLog") return Value(run_.keep);
    if (name == "absoluteUrl") return Value(run_.url);
    if (name == "buildVariables") return TRY(map_of(run_.variables));
    return std::optional<Value>();
  }

  PastRun run_;
  std::string job_;
};

}  // namespace

Result<Value> plain_run(const PastRun& run) {
  auto map = std::make_shared<Map>();
  TRY(map->put(Value("number"), Value(static_cast<std::int64_t>(run.number))));
  TRY(map->put(Value("project"), Value(run.project)));
  TRY(map->put(Value("result"), Value(model::name(run.verdict))));
  TRY(map->put(Value("started"), long_of(run.started)));
  TRY(map->put(Value("duration"), long_of(run.duration)));
  TRY(map->put(Value("displayName"), Value(run.display_name)));
  TRY(map->put(Value("description"), Value(run.description)));
  TRY(map->put(Value("keep"), Value(run.keep)));
  TRY(map->put(Value("variables"), TRY(map_of(run.variables))));
  TRY(map->put(Value("url"), Value(run.url)));
  TRY(map->put(Value("failure"), Value(run.failure)));
  return Value(std::move(map));
}

PastRun run_of_plain(const Value& plain) {
  PastRun run;
  run.number = static_cast<unsigned>(number_in(plain, "number"));
  run.project = text_in(plain, "project");
  run.verdict = model::verdict_named(text_in(plain, "result")).value_or(run.verdict);
  run.started = std::chrono::milliseconds(number_in(plain, "started"));
  run.duration = std::chrono::milliseconds(number_in(plain, "duration"));
  run.display_name = text_in(plain, "displayName");
  run.description = text_in(plain, "description");
  const auto* keep = entry(plain, "keep");
  run.keep = keep && keep->as_flag() && *keep->as_flag();
  if (const auto* variables = entry(plain, "variables"); variables && variables->as_map())
    for (const auto& [name, value] : variables->as_map()->entries())
      if (name.as_text() && value.as_text()) run.variables[*name.as_text()] = *value.as_text();
  run.url = text_in(plain, "url");
  run.failure = text_in(plain, "failure");
  return run;
}

Value finished_build(PastRun run, std::string job) {
  return Value(
      std::shared_ptr<Object>(std::make_shared<FinishedBuild>(std::move(run), std::move(job))));
}

namespace {

struct Previous {
  std::string_view property;
  std::vector<Verdict> verdicts;  ///< none: any
};

const std::vector<Previous>& kinds_of_previous() {
  static const std::vector<Previous> all = {
      {"previousBuild", {}},
      {"previousCompletedBuild", {}},
      {"previousBuiltBuild",
       {Verdict::success, Verdict::unstable, Verdict::failure, Verdict::aborted}},
      {"previousSuccessfulBuild", {Verdict::success}},
      {"previousFailedBuild", {Verdict::failure}},
      {"previousNotFailedBuild",
       {Verdict::success, Verdict::unstable, Verdict::not_built, Verdict::aborted}},
  };
  return all;
}

}  // namespace

Outcome<std::optional<Value>> previous_build(const std::string& property, const std::string& job,
                                             unsigned number, Context& context) {
  // Runs that go on beside this one are not shown, and none comes after it.
  if (property == "previousBuildInProgress" || property == "nextBuild")
    return std::optional<Value>(Value());
  for (const auto& kind : kinds_of_previous()) {
    if (kind.property != property) continue;
    const auto* runs = context.run.services.past_runs;
    const auto known = TRY(context.run.interpreter.observe(
        context, fmt::format("{} of {}", property, number), [&]() -> Outcome<Value> {
          if (!runs) return Value();
          const auto found =
              TRY(Outcome<std::optional<PastRun>>(runs->before(job, number, kind.verdicts)));
          return found ? TRY(Outcome<Value>(plain_run(*found))) : Value();
        }));
    if (known.is_null()) return std::optional<Value>(Value());
    return std::optional<Value>(finished_build(run_of_plain(known), job));
  }
  return std::optional<Value>();
}

namespace {

struct TimeUnit {
  std::int64_t length;  ///< milliseconds
  std::string_view name;
};
constexpr std::array time_units = {TimeUnit{365LL * 86'400'000, "yr"},
                                   TimeUnit{30LL * 86'400'000, "mo"},
                                   TimeUnit{86'400'000, "day"},
                                   TimeUnit{3'600'000, "hr"},
                                   TimeUnit{60'000, "min"},
                                   TimeUnit{1'000, "sec"}};

std::string counted(std::int64_t count, std::string_view unit) {
  return fmt::format("{} {}{}", count, unit, unit == "day" && count != 1 ? "s" : "");
}

}  // namespace

std::string span_text(std::chrono::milliseconds span) {
  const auto ms = std::int64_t{span.count()};
  if (ms < 100) return fmt::format("{} ms", ms);
  if (ms < 1'000) return fmt::format("0.{} sec", ms / 100);
  if (ms < 10'000) return fmt::format("{}.{} sec", ms / 1'000, ms % 1'000 / 100);
  std::size_t largest = 0;
  while (ms < time_units[largest].length) ++largest;
  const auto& unit = time_units[largest];
  auto text = counted(ms / unit.length, unit.name);
  if (largest + 1 == time_units.size()) return text;
  const auto& next = time_units[largest + 1];
  return text + " " + counted(ms % unit.length / next.length, next.name);
}

Value long_of(std::chrono::milliseconds span) { return Value::long_of(std::int64_t{span.count()}); }

model::Verdict result_of_word(const std::string& text) {
  return model::verdict_named(upper(text)).value_or(model::Verdict::failure);
}

Outcome<std::optional<Value>> compare_result(model::Verdict verdict, const std::string& method,
                                             const std::vector<Value>& arguments,
                                             Context& context) {
  const bool better = method == "resultIsBetterOrEqualTo";
  if (arguments.size() != 1 || (!better && method != "resultIsWorseOrEqualTo"))
    return std::optional<Value>();
  const auto other = result_of_word(TRY(context.run.interpreter.text(arguments[0], context)));
  return std::optional<Value>(Value(better ? verdict <= other : verdict >= other));
}

std::optional<std::string> instead_of(const std::string& property) {
  static const std::map<std::string, std::string, std::less<>> all = {
      {"rawBuild",
       "there is no Jenkins object behind a run: use currentBuild.result, getBuildCauses(), "
       "changeSets, previousBuild or env instead"},
      {"parent", "there is no Jenkins object behind a job: use currentBuild.projectName or env"},
      {"log", "the log of a run is not given to it: use tee, or sh(returnStdout: true)"},
      {"environment", "use env"},
  };
  const auto found = all.find(property);
  return found == all.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace cupel::pipeline
