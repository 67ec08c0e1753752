// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <functional>

#include "pipeline/interpreter/context.hpp"

namespace cupel::pipeline {

/// Runs `body` with a deadline in `inner.stop`. When it passes, what the body does is interrupted,
/// and so is the caller, with the result ABORTED. Serves the step and the option `timeout`.
Outcome<Value> run_timed(std::chrono::nanoseconds limit, Context& inner,
                         const std::function<Outcome<Value>()>& body);

/// A body that ends when `timed` stops, which may be sooner than `outer` around it. The innermost
/// stands in Context::timed.
struct TimedBody {
  TimedBody(const Context& inner, Stop timed_stop)
      : around(inner.timed), outer(inner.stop), timed(std::move(timed_stop)), path(inner.path) {}
  const TimedBody* around;  ///< null: this is the outermost
  Stop outer, timed;
  StagePath path;
  mutable std::atomic<bool> told = false;  ///< that it cancels what is inside
};

/// Something in `context` was interrupted: says so of the timeout that did it, if one did, before
/// the code that catches it or cleans up after it runs.
void tell_timeout(const Context& context);

/// The interruption of what happens in `context`, told of as above.
tl::unexpected<Signal> interrupted(const Context& context);

/// How such a body is left, whatever made it stop.
Outcome<Value> leave_timed(Outcome<Value> result, const TimedBody& timed, const Context& inner);

/// time * unit; fails when it is not positive or longer than a hundred years.
Result<std::chrono::nanoseconds> multiply(std::int64_t time, std::chrono::nanoseconds unit);

}  // namespace cupel::pipeline
