// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/collections.hpp"
#include "pipeline/groovy/java_class.hpp"

namespace cupel::pipeline {
namespace {

using Values = std::vector<Value>;

/// What { } or nothing (the truth of the element itself) says of one.
Outcome<bool> accepts(MethodCall& call, const Value& item) {
  if (call.count() == 0) return truth_of(item);
  return call.test({item});
}

Outcome<Value> find(MethodCall& call) {
  for (const auto& item : TRY(call.items()))
    if (TRY(accepts(call, item))) return item;
  return Value();
}

Outcome<Value> find_all(MethodCall& call) {
  Values kept;
  for (const auto& item : TRY(call.items()))
    if (TRY(accepts(call, item))) kept.push_back(item);
  return same_kind(call, std::move(kept));
}

/// findResult { }, findResult(otherwise) { }
Outcome<Value> find_result(MethodCall& call) {
  for (const auto& item : TRY(call.items())) {
    auto result = TRY(call.apply({item}));
    if (!result.is_null()) return result;
  }
  return call.count() == 2 ? call[0] : Value();
}

Outcome<Value> find_results(MethodCall& call) {
  Values results;
  for (const auto& item : TRY(call.items())) {
    auto result = TRY(call.apply({item}));
    if (!result.is_null()) results.push_back(std::move(result));
  }
  return call.list_value(std::move(results));
}

enum class Which { first, last };
Outcome<Value> find_index(MethodCall& call, Which which) {
  const auto items = TRY(call.items());
  const auto start = call.count() == 2 ? TRY(call.integer(0)) : 0;
  std::int64_t found = -1;
  for (std::int64_t i = std::max<std::int64_t>(start, 0);
       i < static_cast<std::int64_t>(items.size()); ++i) {
    if (!TRY(call.test({items[static_cast<std::size_t>(i)]}))) continue;
    found = i;
    if (which == Which::first) break;
  }
  return Value(found);
}

Outcome<Value> find_indexes(MethodCall& call) {
  const auto start = call.count() == 2 ? TRY(call.integer(0)) : 0;
  std::int64_t i = 0;
  Values places;
  for (const auto& item : TRY(call.items())) {
    if (i >= start && TRY(call.test({item}))) places.push_back(Value::long_of(i));
    ++i;
  }
  return call.list_value(std::move(places));
}

Outcome<Value> any(MethodCall& call) {
  for (const auto& item : TRY(call.items()))
    if (TRY(accepts(call, item))) return Value(true);
  return Value(false);
}

Outcome<Value> every(MethodCall& call) {
  for (const auto& item : TRY(call.items()))
    if (!TRY(accepts(call, item))) return Value(false);
  return Value(true);
}

/// As switch { case what } decides.
Outcome<bool> fits(MethodCall& call, const Value& item) {
  if (call.count() == 0) return truth_of(item);
  if (const auto* type = dynamic_cast<const ClassObject*>(call[0].object_here()))
    return call.evaluator.is_instance(item, type->name(), call.context);
  return truth_of(TRY(call.evaluator.invoke(call[0], "isCase", {item}, call.context)));
}

Outcome<Value> grep(MethodCall& call) {
  Values kept;
  for (const auto& item : TRY(call.items()))
    if (TRY(fits(call, item))) kept.push_back(item);
  return same_kind(call, std::move(kept));
}

Outcome<Value> split(MethodCall& call) {
  Values yes, no;
  for (const auto& item : TRY(call.items())) (TRY(call.test({item})) ? yes : no).push_back(item);
  return Value::list({TRY(same_kind(call, std::move(yes))), TRY(same_kind(call, std::move(no)))});
}

Outcome<Value> contains(MethodCall& call) {
  if (const auto set = call.self.as_set()) return Value(set->contains(call[0]));
  for (const auto& item : TRY(call.items()))
    if (TRY(Outcome<bool>(same_key(item, call[0])))) return Value(true);
  return Value(false);
}

Outcome<Value> contains_all(MethodCall& call) {
  const auto own = TRY(Members::of(TRY(call.items()), Members::Equality::java));
  for (const auto& wanted : TRY(collection(call, 0)))
    if (!TRY(own.has(wanted))) return Value(false);
  return Value(true);
}

Outcome<Value> disjoint(MethodCall& call) {
  const auto others = TRY(Members::of(TRY(collection(call, 0)), Members::Equality::java));
  for (const auto& item : TRY(call.items()))
    if (TRY(others.has(item))) return Value(false);
  return Value(true);
}

Outcome<Value> index_of(MethodCall& call, Which which) {
  const auto items = TRY(call.items());
  std::int64_t found = -1;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!TRY(Outcome<bool>(same_key(items[i], call[0])))) continue;
    found = static_cast<std::int64_t>(i);
    if (which == Which::first) break;
  }
  return Value(found);
}

}  // namespace

void add_searching(MethodTable& table) {
  table = {
      {"find", {0, 1, find}},
      {"findAll", {0, 1, find_all}},
      {"findResult", {1, 2, find_result}},
      {"findResults", {1, 1, find_results}},
      {"findIndexOf", {1, 2, [](MethodCall& c) { return find_index(c, Which::first); }}},
      {"findLastIndexOf", {1, 2, [](MethodCall& c) { return find_index(c, Which::last); }}},
      {"findIndexValues", {1, 2, find_indexes}},
      {"any", {0, 1, any}},
      {"every", {0, 1, every}},
      {"grep", {0, 1, grep}},
      {"split", {1, 1, split}},
      {"contains", {1, 1, contains}},
      {"containsAll", {1, 1, contains_all}},
      {"disjoint", {1, 1, disjoint}},
      {"indexOf", {1, 1, [](MethodCall& c) { return index_of(c, Which::first); }}},
      {"lastIndexOf", {1, 1, [](MethodCall& c) { return index_of(c, Which::last); }}},
  };
}

}  // namespace cupel::pipeline
