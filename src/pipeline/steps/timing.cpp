// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <limits>

#include "base/text.hpp"
#include "os/wait.hpp"
#include "pipeline/interpreter/timed.hpp"
#include "pipeline/steps/makers.hpp"

namespace cupel::pipeline::steps {
namespace {

using Kind = syntax::ParameterKind;

Result<std::chrono::nanoseconds> unit_of(const Arguments& arguments, std::string_view otherwise) {
  using namespace std::chrono;
  const auto name = TRY(arguments.text("unit", otherwise));
  static constexpr std::array<std::pair<std::string_view, nanoseconds>, 7> units = {{
      {"NANOSECONDS", nanoseconds(1)},
      {"MICROSECONDS", microseconds(1)},
      {"MILLISECONDS", milliseconds(1)},
      {"SECONDS", seconds(1)},
      {"MINUTES", minutes(1)},
      {"HOURS", hours(1)},
      {"DAYS", days(1)},
  }};
  for (const auto& [known, unit] : units)
    if (known == name) return unit;
  return fail(
      Fault::invalid,
      "'{}' is no unit of time; there are NANOSECONDS, MICROSECONDS, MILLISECONDS, SECONDS, "
      "MINUTES, HOURS, DAYS",
      name);
}

Result<std::chrono::nanoseconds> duration_of(const Arguments& arguments, std::string_view unit) {
  return multiply(TRY(arguments.integer("time")), TRY(unit_of(arguments, unit)));
}

/// timeout(time: 30, unit: 'MINUTES') { ... }
class TimeoutStep final : public SignedStep {
 public:
  TimeoutStep()
      : SignedStep({"timeout",
                    {{"time", Kind::number, true}, {"unit", Kind::text}, {"activity", Kind::flag}},
                    "time",
                    true}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    if (TRY(arguments.flag("activity"))) return refuse("timeout: activity is not supported yet");
    const auto limit = TRY(duration_of(arguments, "MINUTES"));
    auto inner = context.inner();
    return run_timed(limit, inner, [&] { return context.run_body(inner); });
  }
};

/// sleep 5  |  sleep time: 5, unit: 'MINUTES'
class Sleep final : public SignedStep {
 public:
  Sleep()
      : SignedStep({"sleep", {{"time", Kind::number, true}, {"unit", Kind::text}}, "time", false}) {
  }

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto duration = TRY(duration_of(arguments, "SECONDS"));
    context.print("Sleeping for " + cupel::to_text(duration));
    auto slept = os::sleep(duration, context.stop());
    if (!slept) return tl::unexpected(context.failure(std::move(slept.error())));
    return Value();
  }
};

/// retry(3) { ... }
class Retry final : public SignedStep {
 public:
  Retry() : SignedStep({"retry", {{"count", Kind::number, true}}, "count", true}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto count = TRY(arguments.integer("count"));
    for (std::int64_t attempt = 1;; ++attempt) {
      auto inner = context.inner();
      auto result = context.run_body(inner);
      if (result || attempt >= count) return result;
      const auto* thrown = std::get_if<Throw>(&result.error().kind());
      // An abort, or a timeout around us, is not tried again; a timeout inside is.
      if (!thrown || (thrown->exception->interruption && thrown->exception->actual)) return result;
      context.print("ERROR: " + thrown->exception->message());
      context.print("Retrying");
    }
  }
};

/// withEnv(['A=1', 'PATH+TOOLS=/opt/bin']) { ... }
class WithEnv final : public SignedStep {
 public:
  WithEnv() : SignedStep({"withEnv", {{"overrides", Kind::list, true}}, "overrides", true}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    auto inner = context.inner();
    for (const auto& entry : TRY(arguments.texts("overrides"))) {
      const auto equals = entry.find('=');
      if (equals == std::string::npos || equals == 0)
        return raise("java.lang.IllegalArgumentException",
                     "withEnv: '{}' is not of the form NAME=value", entry);
      inner.set_variable(entry.substr(0, equals), entry.substr(equals + 1));
    }
    return context.run_body(inner);
  }
};

}  // namespace

std::unique_ptr<Step> make_timeout() { return std::make_unique<TimeoutStep>(); }
std::unique_ptr<Step> make_sleep() { return std::make_unique<Sleep>(); }
std::unique_ptr<Step> make_retry() { return std::make_unique<Retry>(); }
std::unique_ptr<Step> make_with_env() { return std::make_unique<WithEnv>(); }

}  // namespace cupel::pipeline::steps
