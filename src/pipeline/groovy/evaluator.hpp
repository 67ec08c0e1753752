// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
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
  /// Reads what is not the same in each execution of a pipeline: the clock, chance, the environment
  /// of a place. `live` reads it, at most once: when a run is resumed from its journal, the value
  /// comes from there. The value must be plain data; `name` says what is read, and is the same each
  /// time. Keeps the lock, so `live` must be brief and run no Groovy code.
  virtual Outcome<Value> observe(const Context& context, std::string_view name,
                                 const std::function<Outcome<Value>()>& live) = 0;
};

}  // namespace cupel::pipeline
