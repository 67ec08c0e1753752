// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/groovy/signal.hpp"

namespace cupel::pipeline {

/// What the methods of values need of whoever evaluates Groovy code. The caller has the
/// evaluator's lock; a call may give it up while a step runs. What needs no context (equality,
/// order, text, truth, elements of any value) is in walk.hpp.
class Evaluator {
 public:
  virtual ~Evaluator() = default;
  virtual Outcome<Value> call(const Closure& closure, std::vector<Value> arguments,
                              Context& context) = 0;
  /// Calls whatever can be called: a closure, a method pointer, an object with call().
  virtual Outcome<Value> call(const Value& callable, std::vector<Value> arguments,
                              Context& context) = 0;
  /// receiver.name(arguments), of any value, as Groovy dispatches it.
  virtual Outcome<Value> invoke(const Value& receiver, const std::string& name,
                                std::vector<Value> arguments, Context& context) = 0;
  /// receiver.name and receiver.name = value
  virtual Outcome<Value> get(const Value& receiver, const std::string& name, Context& context) = 0;
  virtual Outcome<void> set(const Value& receiver, const std::string& name, Value value,
                            Context& context) = 0;
  /// receiver[key] and receiver[key] = value
  virtual Outcome<Value> index(const Value& receiver, const Value& key, Context& context) = 0;
  virtual Outcome<void> put(const Value& receiver, const Value& key, Value value,
                            Context& context) = 0;
  /// a + b, of any values; what sum() needs.
  virtual Outcome<Value> plus(const Value& a, const Value& b, Context& context) = 0;
  /// The value as text, with the lazy parts of a GString evaluated.
  virtual Outcome<std::string> text(const Value& value, Context& context) = 0;
  /// `value instanceof TYPE` and `value as TYPE`; the type as written or in full.
  virtual Outcome<bool> is_instance(const Value& value, const std::string& type,
                                    Context& context) = 0;
  virtual Outcome<Value> cast(const Value& value, const std::string& type, Context& context) = 0;
  /// How much work one match of a regular expression may be; see Regex::compile.
  virtual std::uint32_t regex_work() const = 0;
  /// Counts memory that was just allocated.
  virtual Outcome<void> charge(std::size_t bytes) = 0;
  /// Reads what is not the same in each execution of a pipeline: the clock, chance, the environment
  /// of a place. `live` reads it, at most once: when a run is resumed from its journal, the value
  /// comes from there. The value must be plain data; `name` says what is read, and is the same each
  /// time. Keeps the lock, so `live` must be brief and run no Groovy code.
  virtual Outcome<Value> observe(const Context& context, std::string_view name,
                                 const std::function<Outcome<Value>()>& live) = 0;
  /// Of the code that runs now.
  virtual Context& here() = 0;
};

}  // namespace cupel::pipeline
