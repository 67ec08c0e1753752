// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/groovy/evaluator.hpp"

namespace cupel::pipeline {

/// A call of a method that Java or Groovy gives a built-in type. The evaluator's lock is held.
struct MethodCall {
  Evaluator& evaluator;
  Context& context;
  const Value& self;
  std::vector<Value>& arguments;

  std::size_t count() const { return arguments.size(); }
  Outcome<std::string> own_text() { return evaluator.text(self, context); }
  Outcome<std::string> text(std::size_t i) { return evaluator.text(arguments[i], context); }
  Outcome<std::int64_t> integer(std::size_t i);
  Outcome<std::vector<Value>> items() { return elements(self); }
  /// Calls the closure that is the last argument.
  Outcome<Value> apply(std::vector<Value> values);
  bool has_closure() const {
    return !arguments.empty() && arguments.back().as_closure() != nullptr;
  }
};

struct Method {
  std::size_t least, most;  ///< arguments
  Outcome<Value> (*run)(MethodCall&);
};

// Each null if the type has no such method, or not here.
const Method* find_text_method(std::string_view name);
const Method* find_list_method(std::string_view name);
const Method* find_map_method(std::string_view name);
const Method* find_any_method(std::string_view name);
/// The one for this value; tries its own type first.
const Method* find_method(const Value& self, std::string_view name);

}  // namespace cupel::pipeline
