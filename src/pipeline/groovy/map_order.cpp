// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pipeline/groovy/collections.hpp"
#include "pipeline/groovy/map_entry.hpp"

namespace cupel::pipeline {
namespace {

using Values = std::vector<Value>;

Outcome<Value> map_of(MethodCall& call, const Values& entries) {
  auto map = std::make_shared<Map>();
  for (const auto& entry : entries) TRY(put_entry(*map, entry));
  TRY(call.evaluator.charge(map->size() * sizeof(Map::Entry)));
  return Value(std::move(map));
}

/// By { entry -> }, { a, b -> } of entries, { key, value -> } never; else by the keys.
Outcome<Value> sort(MethodCall& call) {
  if (call.count() == 0) {
    auto map = std::make_shared<Map>([](const Value& a, const Value& b) { return compare(a, b); });
    for (const auto& [key, value] : call.self.map_here()->entries())
      TRY(Outcome<void>(map->put(key, value)));
    return Value(std::move(map));
  }
  auto order = TRY(order_of(call, call[0]));
  if (!call[0].closure_here()) {
    // A Comparator is of keys.
    const auto keys = order;
    order = [keys](const Value& a, const Value& b) {
      return keys(as_entry(a)->first, as_entry(b)->first);
    };
  }
  return map_of(call, TRY(sorted(TRY(call.items()), order)));
}

Outcome<Value> extreme(MethodCall& call, int wanted) {
  const auto order = TRY(order_of(call, call[0]));
  Value best;
  for (const auto& entry : TRY(call.items()))
    if (best.is_null() || TRY(order(entry, best)) * wanted > 0) best = entry;
  return best;
}

Outcome<Value> sub_map(MethodCall& call) {
  auto part = std::make_shared<Map>();
  const auto map = call.self.as_map();
  for (const auto& key : TRY(collection(call, 0))) {
    const auto* value = map->find(key);
    if (value)
      TRY(Outcome<void>(part->put(key, *value)));
    else if (call.count() == 2)
      TRY(Outcome<void>(part->put(key, call[1])));
  }
  return Value(std::move(part));
}

Outcome<Value> plus(MethodCall& call) {
  auto map = std::make_shared<Map>(*call.self.map_here());
  map->fixed = false;
  if (const auto other = call[0].as_map())
    for (const auto& [key, value] : other->entries()) TRY(Outcome<void>(map->put(key, value)));
  else
    for (const auto& entry : TRY(collection(call, 0))) TRY(put_entry(*map, entry));
  TRY(call.evaluator.charge(map->size() * sizeof(Map::Entry)));
  return Value(std::move(map));
}

Outcome<Value> left_shift(MethodCall& call) {
  const auto map = call.self.as_map();
  if (map->fixed)
    return raise("java.lang.UnsupportedOperationException", "this map cannot be changed");
  TRY(put_entry(*map, call[0]));
  return call.self;
}

Outcome<Value> minus(MethodCall& call) {
  auto map = std::make_shared<Map>(*call.self.map_here());
  const auto other = call[0].as_map();
  if (!other) return missing_method(call.self, "minus", call.arguments);
  for (const auto& [key, value] : other->entries()) {
    const auto* own = map->find(key);
    if (own && TRY(equal_values(*own, value))) map->remove(key);
  }
  return Value(std::move(map));
}

Outcome<Value> intersect(MethodCall& call) {
  auto common = std::make_shared<Map>();
  const auto other = call[0].as_map();
  if (!other) return missing_method(call.self, "intersect", call.arguments);
  for (const auto& [key, value] : call.self.map_here()->entries()) {
    const auto* theirs = other->find(key);
    if (theirs && TRY(equal_values(*theirs, value))) TRY(Outcome<void>(common->put(key, value)));
  }
  return Value(std::move(common));
}

/// take, drop, and the same while { } holds.
enum class Part { take, drop };
Outcome<Value> part(MethodCall& call, Part which) {
  const auto items = TRY(call.items());
  auto count = static_cast<std::int64_t>(items.size());
  if (call.has_closure()) {
    count = 0;
    for (const auto& item : items) {
      const auto entry = *as_entry(item);
      if (!TRY(truth_of(TRY(apply_entry(call, entry.first, entry.second))))) break;
      ++count;
    }
  } else {
    count = std::clamp<std::int64_t>(TRY(call.integer(0)), 0, count);
  }
  return which == Part::take ? map_of(call, {items.begin(), items.begin() + count})
                             : map_of(call, {items.begin() + count, items.end()});
}

Outcome<Value> spread_values(MethodCall& call) {
  auto reversed = TRY(call.items());
  std::reverse(reversed.begin(), reversed.end());
  return map_of(call, reversed);
}

}  // namespace

void add_map_order(MethodTable& table) {
  table = {
      {"sort", {0, 1, sort}},
      {"toSorted", {0, 1, sort}},
      {"max", {1, 1, [](MethodCall& c) { return extreme(c, 1); }}},
      {"min", {1, 1, [](MethodCall& c) { return extreme(c, -1); }}},
      {"subMap", {1, 2, sub_map}},
      {"plus", {1, 1, plus}},
      {"leftShift", {1, 1, left_shift}},
      {"minus", {1, 1, minus}},
      {"intersect", {1, 1, intersect}},
      {"take", {1, 1, [](MethodCall& c) { return part(c, Part::take); }}},
      {"drop", {1, 1, [](MethodCall& c) { return part(c, Part::drop); }}},
      {"takeWhile", {1, 1, [](MethodCall& c) { return part(c, Part::take); }}},
      {"dropWhile", {1, 1, [](MethodCall& c) { return part(c, Part::drop); }}},
      {"descendingMap", {0, 0, spread_values}},
      {"toMapString",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(TRY(c.own_text())); }}},
  };
}

}  // namespace cupel::pipeline
