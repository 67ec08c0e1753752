// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/methods.hpp"

#include "base/text.hpp"
#include "pipeline/groovy/numbers.hpp"

namespace cupel::pipeline {
namespace {

using Table = std::unordered_map<std::string_view, Method>;

Outcome<Value> to_integer(MethodCall& call) {
  if (call.self.as_integer()) return call.self;
  if (call.self.is_number()) return Value(long_of(call.self));
  const auto text = TRY(call.own_text());
  if (const auto number = parse_integer(trim(text))) return Value(*number);
  return raise("java.lang.NumberFormatException", "For input string: \"{}\"", text);
}

Outcome<Value> times(MethodCall& call) {
  if (!call.self.as_integer())
    return refuse("times() of a {} is not supported", call.self.type_name());
  for (std::int64_t i = 0; i < *call.self.as_integer(); ++i) TRY(call.apply({Value(i)}));
  return Value();
}

Outcome<Value> absolute(MethodCall& call) {
  if (!call.self.is_number())
    return refuse("abs() of a {} is not supported", call.self.type_name());
  return numbers_compare(call.self, Value(0)) < 0 ? negated(call.self) : call.self;
}

const Table& any_methods() {
  static const Table table = {
      {"toString",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(TRY(c.own_text())); }}},
      {"equals",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(TRY(Outcome<bool>(equal(c.self, c.arguments[0]))));
        }}},
      {"compareTo",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(TRY(Outcome<int>(compare(c.self, c.arguments[0]))));
        }}},
      {"toInteger", {0, 0, to_integer}},
      {"toLong", {0, 0, to_integer}},
      {"intValue", {0, 0, to_integer}},
      {"longValue", {0, 0, to_integer}},
      {"times", {1, 1, times}},
      {"abs", {0, 0, absolute}},
      {"booleanValue",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(truth(c.self)); }}},
      {"asBoolean", {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(truth(c.self)); }}},
  };
  return table;
}

}  // namespace

Outcome<std::int64_t> MethodCall::integer(std::size_t i) {
  if (const auto* number = arguments[i].as_integer()) return *number;
  return raise("java.lang.IllegalArgumentException", "a whole number is needed, not a {}",
               arguments[i].type_name());
}

Outcome<Value> MethodCall::apply(std::vector<Value> values) {
  const auto closure = arguments.back().as_closure();
  if (!closure)
    return raise("groovy.lang.MissingMethodException", "a closure is needed, not a {}",
                 arguments.back().type_name());
  return evaluator.call(*closure, std::move(values), context);
}

const Method* find_any_method(std::string_view name) {
  const auto found = any_methods().find(name);
  return found == any_methods().end() ? nullptr : &found->second;
}

const Method* find_method(const Value& self, std::string_view name) {
  const Method* method = nullptr;
  if (self.is_text()) method = find_text_method(name);
  if (self.is_sequence() || self.set_here()) method = find_list_method(name);
  if (self.as_map()) method = find_map_method(name);
  return method ? method : find_any_method(name);
}

}  // namespace cupel::pipeline
