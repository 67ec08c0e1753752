// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/environment.hpp"

#include <algorithm>

#include "pipeline/interpreter/interpreter.hpp"

namespace cupel::pipeline {

Outcome<std::optional<Value>> LazyEnvironment::find(const std::string& name, Context& context) {
  if (const auto known = known_.find(name); known != known_.end())
    return std::optional<Value>(Value(known->second));
  const auto entry = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const auto& one) { return one.name.text == name; });
  if (entry == entries_.end()) return std::optional<Value>();
  if (!evaluating_.empty() && evaluating_.back() == name) return std::optional<Value>();
  if (std::find(evaluating_.begin(), evaluating_.end(), name) != evaluating_.end())
    return raise("java.lang.IllegalArgumentException",
                 "the environment variables {} and {} are defined by each other", name,
                 evaluating_.back());
  evaluating_.push_back(name);
  const auto value = TRY(interpreter_.evaluate_here(*entry->value, context));
  if (value.is_null())
    return raise("java.lang.IllegalArgumentException",
                 "Environment variable '{}' has the value null", name);
  auto text = TRY(interpreter_.text(value, context));
  evaluating_.pop_back();
  known_[name] = text;
  return std::optional<Value>(Value(std::move(text)));
}

Outcome<Variables> LazyEnvironment::evaluate(Interpreter& interpreter,
                                             const std::vector<syntax::EnvironmentEntry>& entries,
                                             Context context) {
  const Interpreter::Turn turn(interpreter);
  LazyEnvironment block(interpreter, entries);
  context.lazy = &block;
  for (const auto& entry : entries) {
    auto value = block.find(entry.name.text, context);
    if (!value) {
      value.error().place(entry.value->span);
      return tl::unexpected(std::move(value.error()));
    }
  }
  return std::move(block.known_);
}

}  // namespace cupel::pipeline
