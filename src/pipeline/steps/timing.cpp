// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "base/crew.hpp"
#include "base/text.hpp"
#include "os/wait.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/time_span.hpp"
#include "pipeline/interpreter/timed.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

using std::chrono::nanoseconds;

constexpr std::array<std::pair<std::string_view, nanoseconds>, 7> units = {{
    {"NANOSECONDS", nanoseconds(1)},
    {"MICROSECONDS", std::chrono::microseconds(1)},
    {"MILLISECONDS", std::chrono::milliseconds(1)},
    {"SECONDS", std::chrono::seconds(1)},
    {"MINUTES", std::chrono::minutes(1)},
    {"HOURS", std::chrono::hours(1)},
    {"DAYS", std::chrono::hours(24)},
}};

std::vector<std::string> unit_names() {
  std::vector<std::string> names;
  for (const auto& [name, unit] : units) names.emplace_back(name);
  return names;
}

Result<nanoseconds> unit_of(const Arguments& arguments, std::string_view otherwise) {
  const auto name = TRY(arguments.text("unit", otherwise));
  for (const auto& [known, unit] : units)
    if (known == name) return unit;
  return fail(Fault::invalid, "'{}' is no unit of time; there are {}", name,
              join(unit_names(), ", "));
}

Result<nanoseconds> duration_of(const Arguments& arguments, std::string_view unit) {
  return multiply(TRY(arguments.integer("time")), TRY(unit_of(arguments, unit)));
}

/// Asks to stop when a body has printed nothing for too long. While a resumed run comes to where it
/// was, nothing is printed, and no time counts.
class Silence final : public OutputTap {
 public:
  Silence(OutputTap* outer, nanoseconds limit, const Stop& stop, const Turns& turns)
      : OutputTap(outer), source_(stop), limit_(limit), turns_(turns), crew_(Stop()) {
    state_.lock()->last = std::chrono::steady_clock::now();
    crew_.add("silence", [this](const Stop& crew_stop) { return watch(crew_stop); });
  }
  ~Silence() override {
    state_.lock()->done = true;
    state_.notify();
    static_cast<void>(crew_.join());  // it only waits
  }

  void take(place::Stream, std::string_view) override {
    state_.lock()->last = std::chrono::steady_clock::now();
  }
  Stop stop() const { return source_.stop(); }
  /// An earlier process saw it.
  void was_too_long() { source_.request(); }

 private:
  struct State {
    SteadyTime last;
    bool done = false;
  };

  Result<> watch(const Stop& crew_stop) {
    for (;;) {
      if (turns_.replaying()) state_.lock()->last = std::chrono::steady_clock::now();
      const auto last = state_.lock()->last;
      const auto left = last + limit_ - std::chrono::steady_clock::now();
      if (left <= Duration::zero()) {
        source_.request();
        return {};
      }
      if (state_.wait(crew_stop.within(left), [](const State& now) { return now.done; })) return {};
    }
  }

  StopSource source_;
  nanoseconds limit_;
  const Turns& turns_;
  Locked<State> state_;
  Crew crew_;  // last: its thread uses the others
};

/// timeout(time: 30, unit: 'MINUTES') { ... }
class TimeoutStep final : public SignedStep {
 public:
  TimeoutStep()
      : SignedStep(block(
            "timeout", "time", "Interrupts its body when it takes too long; the run is ABORTED",
            {needs("time", Kind::number, "How long"),
             takes_one_of("unit", unit_names(), "MINUTES", "The unit of `time`"),
             takes("activity", Kind::flag, "false",
                   "Whether to count from the last output instead of from the beginning")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto limit = TRY(duration_of(arguments, "MINUTES"));
    auto inner = context.inner();
    if (!TRY(arguments.flag("activity")))
      return run_timed(limit, inner, [&] { return context.run_body(inner); });
    const auto outer = inner.stop;
    const auto& turns = context.run().interpreter.turns();
    Silence silence(inner.tap, limit, outer, turns);
    const TimedBody timed(inner, silence.stop());
    inner.tap = &silence;
    inner.timed = &timed;
    inner.stop = timed.timed;
    inner.note("Timeout set to expire after " +
               time_span(std::chrono::duration_cast<std::chrono::milliseconds>(limit)) +
               " without activity");
    auto result = context.run_body(inner);
    // Nothing but its end is recorded of a step that was interrupted, so of what stopped it there
    // is nothing left in a resumed run but a deadline. Without one it was the silence.
    const auto exception = result ? nullptr : result.error().exception();
    if (exception && exception->interruption && exception->actual && turns.recorded() > 0 &&
        !outer.requested())
      silence.was_too_long();
    return leave_timed(std::move(result), timed, inner);
  }
};

/// sleep 5  |  sleep time: 5, unit: 'MINUTES'
class Sleep final : public SignedStep {
 public:
  Sleep()
      : SignedStep(step("sleep", "time", "Waits",
                        {needs("time", Kind::number, "How long"),
                         takes_one_of("unit", unit_names(), "SECONDS", "The unit of `time`")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto unit = TRY(unit_of(arguments, "SECONDS"));
    const auto time = TRY(arguments.integer("time"));
    const auto duration = time <= 0 ? nanoseconds(0) : TRY(multiply(time, unit));
    context.print("Sleeping for " + cupel::to_text(duration));
    auto left = duration;
    if (const auto begun = context.begun())
      left -= std::chrono::system_clock::now().time_since_epoch() - *begun;
    auto slept = left.count() > 0 ? os::sleep(left, context.stop()) : Result<>();
    if (!slept) return tl::unexpected(context.failure(std::move(slept.error())));
    return Value();
  }
};

/// waitUntil { fileExists 'x' }
class WaitUntil final : public SignedStep {
 public:
  WaitUntil()
      : SignedStep(block(
            "waitUntil", "", "Runs its body again and again until it gives true",
            {takes("initialRecurrencePeriod", Kind::number, "250",
                   "The first wait, in milliseconds; each further one is 1.2 times as long, up to "
                   "15 seconds"),
             takes("quiet", Kind::flag, "false", "Whether to say nothing between the tries")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    constexpr double growth = 1.2;
    constexpr auto longest = std::chrono::milliseconds(15000);
    std::int64_t first = 250;
    if (arguments.has("initialRecurrencePeriod"))
      first = TRY(arguments.integer("initialRecurrencePeriod"));
    if (first <= 0) first = 250;
    auto wait = std::min(std::chrono::milliseconds(first), longest);
    const bool quiet = TRY(arguments.flag("quiet"));
    for (;;) {
      auto inner = context.inner();
      const auto value = TRY(context.run_body(inner));
      const auto* done = value.as_flag();
      if (!done)
        return raise("java.lang.ClassCastException", "body return value {} is not boolean",
                     TRY(Outcome<std::string>(cupel::pipeline::to_text(value))));
      if (*done) return Value();
      // A resumed run sees the same number of tries.
      TRY(context.recorded("pause", Replay::reads, [&](StepContext& pause) -> Outcome<Value> {
        if (!quiet) pause.print("Will try again after " + time_span(wait));
        auto slept = os::sleep(wait, pause.stop());
        if (!slept) return tl::unexpected(pause.failure(std::move(slept.error())));
        return Value();
      }));
      wait = std::min(std::chrono::milliseconds(
                          static_cast<std::int64_t>(static_cast<double>(wait.count()) * growth)),
                      longest);
    }
  }
};

}  // namespace

std::unique_ptr<Step> make_timeout() { return std::make_unique<TimeoutStep>(); }
std::unique_ptr<Step> make_sleep() { return std::make_unique<Sleep>(); }
std::unique_ptr<Step> make_wait_until() { return std::make_unique<WaitUntil>(); }

}  // namespace cupel::pipeline::steps
