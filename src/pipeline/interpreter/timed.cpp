// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/timed.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/time_span.hpp"

namespace cupel::pipeline {

Outcome<Value> run_timed(std::chrono::nanoseconds limit, Context& inner,
                         const std::function<Outcome<Value>()>& body) {
  using namespace std::chrono;
  auto& interpreter = inner.run.interpreter;
  // The end stays where it was when the run is resumed.
  const auto since_epoch = [] { return system_clock::now().time_since_epoch(); };
  const auto began = TRY(interpreter.observe(inner, "clock", [&]() -> Outcome<Value> {
    return Value(duration_cast<milliseconds>(since_epoch()).count());
  }));
  auto left = limit;
  if (interpreter.turns().recorded() > 0 && began.as_integer())
    left = std::max(nanoseconds(0), limit - (since_epoch() - milliseconds(*began.as_integer())));
  const TimedBody timed(inner, inner.stop.within(duration_cast<Duration>(left)));
  inner.timed = &timed;
  inner.stop = timed.timed;
  inner.note("Timeout set to expire in " +
             time_span(std::chrono::duration_cast<std::chrono::milliseconds>(limit)));
  return leave_timed(body(), timed, inner);
}

namespace {

void tell(const TimedBody& timed, const Context& context) {
  if (!timed.told.exchange(true))
    context.run.observer.note(timed.path, "Cancelling nested steps due to timeout");
}

}  // namespace

void tell_timeout(const Context& context) {
  std::vector<const TimedBody*> bodies;  // the innermost first
  for (const auto* one = context.timed; one; one = one->around) bodies.push_back(one);
  if (bodies.empty()) return;
  auto& interpreter = context.run.interpreter;
  auto looking = context;
  looking.stop = bodies.back()->outer;
  if (interpreter.sees_stop(looking, "run")) return;
  for (auto i = bodies.size(); i-- > 0;) {
    looking.stop = bodies[i]->timed;
    if (interpreter.sees_stop(looking, fmt::format("timeout {}", i)))
      return tell(*bodies[i], context);
  }
}

tl::unexpected<Signal> interrupted(const Context& context) {
  tell_timeout(context);
  return interrupt("", model::Verdict::aborted);
}

Outcome<Value> leave_timed(Outcome<Value> result, const TimedBody& timed, const Context& inner) {
  auto& interpreter = inner.run.interpreter;
  const auto exception = result ? nullptr : result.error().exception();
  if (!exception || !exception->interruption || !exception->actual) return result;
  auto looking = inner;
  looking.stop = timed.outer;
  if (interpreter.sees_stop(looking, "timeout")) return result;
  looking.stop = timed.timed;  // the body may have left another one in `inner`
  if (!interpreter.sees_stop(looking, "timeout body")) return result;
  tell(timed, inner);
  auto signal = interrupt("Timeout has been exceeded", model::Verdict::aborted);
  // Over now: a retry around this may try again.
  signal.value().exception()->actual = false;
  return signal;
}

Result<std::chrono::nanoseconds> multiply(std::int64_t time, std::chrono::nanoseconds unit) {
  std::int64_t total = 0;
  constexpr std::int64_t longest = std::int64_t{100} * 365 * 86400 * 1'000'000'000;
  if (time <= 0 || __builtin_mul_overflow(time, unit.count(), &total) || total > longest)
    return fail(Fault::invalid, "a time of {} is not possible", time);
  return std::chrono::nanoseconds(total);
}

}  // namespace cupel::pipeline
