// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pipeline/groovy/evaluator.hpp"
#include "pipeline/groovy/scope.hpp"
#include "pipeline/groovy/walk.hpp"

namespace cupel::pipeline {

/// A call of a method that Java or Groovy gives a built-in type. The evaluator's lock is held.
struct MethodCall {
  Evaluator& evaluator;
  Context& context;
  const Value& self;
  std::vector<Value>& arguments;

  std::size_t count() const { return arguments.size(); }
  const Value& operator[](std::size_t i) const { return arguments[i]; }
  Outcome<std::string> own_text() { return evaluator.text(self, context); }
  Outcome<std::string> text(std::size_t i) { return evaluator.text(arguments[i], context); }
  Outcome<std::int64_t> integer(std::size_t i);
  /// What iterating over the receiver yields, as a copy: code may change it meanwhile.
  Outcome<std::vector<Value>> items() { return elements_of(self); }
  /// Calls the closure that is the last argument.
  Outcome<Value> apply(std::vector<Value> values);
  Outcome<bool> test(std::vector<Value> values);
  bool has_closure() const { return !arguments.empty() && arguments.back().closure_here(); }
  /// Makes values of the result, counting the memory.
  Outcome<Value> text_value(std::string text);
  Outcome<Value> list_value(std::vector<Value> items);
};

/// `run` gets as many arguments as it asks for.
struct Method {
  std::size_t least, most;
  Outcome<Value> (*run)(MethodCall&);
};
inline constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();
using MethodTable = std::unordered_map<std::string_view, Method>;

/// The one for this value: of its own type first, then of what all have; null if there is none.
const Method* find_method(const Value& self, std::string_view name);

/// What every value has: toString, inspect, with, ...
const Method* find_any_method(std::string_view name);

/// Calls it with the number of arguments checked. `name` is for messages.
Outcome<Value> call_method(const Method& method, MethodCall& call, std::string_view name);

/// groovy.lang.MissingMethodException with Groovy's text, and the nearest known name.
tl::unexpected<Signal> missing_method(const Value& self, std::string_view name,
                                      const std::vector<Value>& arguments);

// The tables, each filled by the files named after it.
void add_text_case(MethodTable& table);
void add_text_search(MethodTable& table);
void add_text_cut(MethodTable& table);
void add_text_split(MethodTable& table);
void add_text_regex(MethodTable& table);
void add_text_numbers(MethodTable& table);
void add_text_bytes(MethodTable& table);
void add_text_format(MethodTable& table);
/// Of whatever can be iterated over: strings, maps, ranges, arrays, matchers, iterators.
void add_iteration(MethodTable& table);
void add_searching(MethodTable& table);
void add_folding(MethodTable& table);
void add_grouping(MethodTable& table);
void add_ordering(MethodTable& table);
void add_list_cut(MethodTable& table);
void add_list_combine(MethodTable& table);
void add_list_change(MethodTable& table);
void add_list_shape(MethodTable& table);
void add_set_methods(MethodTable& table);
void add_map_access(MethodTable& table);
void add_map_iteration(MethodTable& table);
void add_map_order(MethodTable& table);
void add_range_methods(MethodTable& table);
void add_number_methods(MethodTable& table);
void add_character_methods(MethodTable& table);
void add_any_methods(MethodTable& table);
void add_byte_methods(MethodTable& table);

}  // namespace cupel::pipeline
