// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "pipeline/groovy/evaluator.hpp"

namespace cupel::pipeline {

/// A number from the kernel, by way of observe(): a resumed run gets the same again.
Outcome<std::int64_t> random_seed(Evaluator& evaluator, Context& context, std::string_view what);

/// The next of a simple generator (SplitMix64); the same numbers for the same start.
std::uint64_t next_random(std::uint64_t& state);

/// Milliseconds since 1970, by way of observe().
Outcome<std::int64_t> clock_millis(Evaluator& evaluator, Context& context);

}  // namespace cupel::pipeline
