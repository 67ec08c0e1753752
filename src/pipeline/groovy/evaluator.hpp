// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "pipeline/groovy/signal.hpp"

namespace cupel::pipeline {

/// What the methods of values need of whoever evaluates Groovy code. The caller has the
/// evaluator's lock; a call may give it up while a step runs.
class Evaluator {
 public:
  virtual ~Evaluator() = default;
  virtual Outcome<Value> call(const Closure& closure, std::vector<Value> arguments,
                              Context& context) = 0;
  /// The value as text, with the lazy parts of a GString evaluated.
  virtual Outcome<std::string> text(const Value& value, Context& context) = 0;
  /// receiver[key]
  virtual Outcome<Value> index(const Value& receiver, const Value& key, Context& context) = 0;
  /// Counts memory that was just allocated.
  virtual Outcome<void> charge(std::size_t bytes) = 0;
};

}  // namespace cupel::pipeline
