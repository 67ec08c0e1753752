// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/timed.hpp"

#include "base/text.hpp"

namespace cupel::pipeline {

Outcome<Value> run_timed(std::chrono::nanoseconds limit, Context& inner,
                         const std::function<Outcome<Value>()>& body) {
  const auto outer = inner.stop;
  const auto timed = outer.within(limit);
  inner.stop = timed;
  inner.note("Timeout set to expire in " + cupel::to_text(limit));
  return leave_timed(body(), outer, timed, inner);
}

Outcome<Value> leave_timed(Outcome<Value> result, const Stop& outer, const Stop& timed,
                           const Context& inner) {
  if (result || outer.requested() || !timed.requested()) return result;
  const auto exception = result.error().exception();
  if (!exception || !exception->interruption || !exception->actual) return result;
  inner.note("Cancelling nested steps due to timeout");
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
