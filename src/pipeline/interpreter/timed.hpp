// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>

#include "pipeline/interpreter/context.hpp"

namespace cupel::pipeline {

/// Runs `body` with a deadline in `inner.stop`. When it passes, what the body does is interrupted,
/// and so is the caller, with the result ABORTED. Serves the step and the option `timeout`.
Outcome<Value> run_timed(std::chrono::nanoseconds limit, Context& inner,
                         const std::function<Outcome<Value>()>& body);

/// How such a body is left, whatever made `timed` stop: `outer` is the stop around it.
Outcome<Value> leave_timed(Outcome<Value> result, const Stop& outer, const Stop& timed,
                           const Context& inner);

/// time * unit; fails when it is not positive or longer than a hundred years.
Result<std::chrono::nanoseconds> multiply(std::int64_t time, std::chrono::nanoseconds unit);

}  // namespace cupel::pipeline
