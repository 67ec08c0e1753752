// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/random.hpp"

#include <chrono>
#include <cstring>

#include "base/digest.hpp"

namespace cupel::pipeline {

Outcome<std::int64_t> random_seed(Evaluator& evaluator, Context& context, std::string_view what) {
  const auto seen = TRY(evaluator.observe(context, what, []() -> Outcome<Value> {
    const auto bytes = random_bytes(sizeof(std::int64_t));
    std::int64_t number = 0;
    std::memcpy(&number, bytes.data(), sizeof number);
    return Value::long_of(number);
  }));
  return *seen.as_integer();
}

std::uint64_t next_random(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15U;
  auto mixed = state;
  mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
  return mixed ^ (mixed >> 31U);
}

Outcome<std::int64_t> clock_millis(Evaluator& evaluator, Context& context) {
  const auto seen = TRY(evaluator.observe(context, "clock", []() -> Outcome<Value> {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return Value::long_of(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  }));
  return *seen.as_integer();
}

}  // namespace cupel::pipeline
