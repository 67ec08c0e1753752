// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/collections.hpp"
#include "pipeline/groovy/object.hpp"
#include "pipeline/groovy/view.hpp"

namespace cupel::pipeline {
namespace {

Outcome<std::shared_ptr<Map>> changeable_map(MethodCall& call) {
  auto map = call.self.as_map();
  if (map->fixed)
    return raise("java.lang.UnsupportedOperationException", "this {} cannot be changed",
                 call.self.type_name());
  return map;
}

Outcome<void> put_into(MethodCall& call, Map& map, const Value& key, Value value) {
  TRY(call.evaluator.charge(sizeof(Map::Entry)));
  return map.put(key, std::move(value));
}

/// get(key), which makes what is missing where withDefault { } says so; get(key, otherwise), which
/// puts it.
Outcome<Value> get(MethodCall& call) {
  const auto map = call.self.as_map();
  if (const auto* value = map->find(call[0])) return *value;
  if (call.count() == 2) {
    TRY(put_into(call, *TRY(changeable_map(call)), call[0], call[1]));
    return call[1];
  }
  if (map->fallback.is_null()) return Value();
  auto made = TRY(call.evaluator.call(map->fallback, {call[0]}, call.context));
  TRY(put_into(call, *map, call[0], made));
  return made;
}

Outcome<Value> get_or_default(MethodCall& call) {
  const auto* value = call.self.map_here()->find(call[0]);
  return value ? *value : call[1];
}

Outcome<Value> put(MethodCall& call) {
  const auto map = TRY(changeable_map(call));
  const auto* before = map->find(call[0]);
  auto old = before ? *before : Value();
  TRY(put_into(call, *map, call[0], call[1]));
  return old;
}

Outcome<Value> put_at(MethodCall& call) {
  TRY(put(call));
  return call[1];
}

Outcome<Value> put_all(MethodCall& call) {
  const auto map = TRY(changeable_map(call));
  if (call[0].is_null())
    return raise("java.lang.NullPointerException", "a map is needed, not null");
  if (const auto other = call[0].as_map()) {
    for (const auto& [key, value] : std::vector<Map::Entry>(other->entries()))
      TRY(put_into(call, *map, key, value));
    return Value();
  }
  for (const auto& pair : TRY(elements_of(call[0]))) TRY(put_entry(*map, pair));
  return Value();
}

Outcome<Value> put_if_absent(MethodCall& call) {
  const auto map = TRY(changeable_map(call));
  if (const auto* value = map->find(call[0]); value && !value->is_null()) return *value;
  TRY(put_into(call, *map, call[0], call[1]));
  return Value();
}

Outcome<Value> compute_if_absent(MethodCall& call) {
  const auto map = TRY(changeable_map(call));
  if (const auto* value = map->find(call[0]); value && !value->is_null()) return *value;
  auto made = TRY(call.apply({call[0]}));
  if (!made.is_null()) TRY(put_into(call, *map, call[0], made));
  return made;
}

/// compute and computeIfPresent: null takes the entry away.
enum class When { present, always };
Outcome<Value> compute(MethodCall& call, When when) {
  const auto map = TRY(changeable_map(call));
  const auto* value = map->find(call[0]);
  if (when == When::present && (!value || value->is_null())) return Value();
  const auto old = value ? *value : Value();
  auto made = TRY(call.apply({call[0], old}));
  if (made.is_null())
    map->remove(call[0]);
  else
    TRY(put_into(call, *map, call[0], made));
  return made;
}

Outcome<Value> merge(MethodCall& call) {
  const auto map = TRY(changeable_map(call));
  const auto* value = map->find(call[0]);
  const bool known = value && !value->is_null();
  auto made = known ? TRY(call.apply({Value(*value), call[1]})) : call[1];
  if (made.is_null())
    map->remove(call[0]);
  else
    TRY(put_into(call, *map, call[0], made));
  return made;
}

Outcome<Value> replace(MethodCall& call) {
  const auto map = TRY(changeable_map(call));
  const auto* value = map->find(call[0]);
  if (!value) return Value();
  auto old = *value;
  TRY(put_into(call, *map, call[0], call[1]));
  return old;
}

/// remove(key), remove(key, value)
Outcome<Value> remove(MethodCall& call) {
  const auto map = TRY(changeable_map(call));
  if (call.count() == 1) return map->remove(call[0]);
  const auto* value = map->find(call[0]);
  if (!value || !TRY(equal_values(*value, call[1]))) return Value(false);
  map->remove(call[0]);
  return Value(true);
}

Outcome<Value> contains_value(MethodCall& call) {
  for (const auto& [_, value] : call.self.map_here()->entries())
    if (TRY(Outcome<bool>(same_key(value, call[0])))) return Value(true);
  return Value(false);
}

Outcome<Value> key_set(MethodCall& call) {
  const auto map = call.self.as_map();
  TRY(call.evaluator.charge(map->size() * 2 * sizeof(Value)));
  return key_view(map);
}

Outcome<Value> values(MethodCall& call) {
  const auto map = call.self.as_map();
  TRY(call.evaluator.charge(map->size() * sizeof(Value)));
  return value_view(map);
}

Outcome<Value> entry_set(MethodCall& call) {
  const auto map = call.self.as_map();
  TRY(call.evaluator.charge(map->size() * sizeof(Value)));
  return entry_view(map);
}

Outcome<Value> with_default(MethodCall& call) {
  auto map = std::make_shared<Map>(*call.self.map_here());
  map->fallback = call[0];
  return Value(std::move(map));
}

Outcome<Value> copied(MethodCall& call, bool fixed) {
  auto map = std::make_shared<Map>(*call.self.map_here());
  map->fixed = fixed;
  TRY(call.evaluator.charge(map->size() * sizeof(Map::Entry)));
  return Value(std::move(map));
}

Outcome<Value> first_entry(MethodCall& call, bool last) {
  const auto& entries = call.self.map_here()->entries();
  if (entries.empty()) return Value();
  const auto& [key, value] = last ? entries.back() : entries.front();
  return Value(std::shared_ptr<Object>(std::make_shared<MapEntry>(key, value)));
}

Outcome<Value> end_key(MethodCall& call, bool last) {
  const auto& entries = call.self.map_here()->entries();
  if (entries.empty()) return raise("java.util.NoSuchElementException", "the map is empty");
  return last ? entries.back().first : entries.front().first;
}

Outcome<Value> size(MethodCall& call) {
  return Value(static_cast<std::int64_t>(call.self.map_here()->size()));
}

}  // namespace

void add_map_access(MethodTable& table) {
  table = {
      {"get", {1, 2, get}},
      {"getAt", {1, 1, get}},
      {"getOrDefault", {2, 2, get_or_default}},
      {"getProperty", {1, 2, get}},
      {"put", {2, 2, put}},
      {"putAt", {2, 2, put_at}},
      {"setProperty", {2, 2, put}},
      {"putAll", {1, 1, put_all}},
      {"putIfAbsent", {2, 2, put_if_absent}},
      {"computeIfAbsent", {2, 2, compute_if_absent}},
      {"computeIfPresent", {2, 2, [](MethodCall& c) { return compute(c, When::present); }}},
      {"compute", {2, 2, [](MethodCall& c) { return compute(c, When::always); }}},
      {"merge", {3, 3, merge}},
      {"replace", {2, 2, replace}},
      {"remove", {1, 2, remove}},
      {"containsKey",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(c.self.map_here()->find(c[0]) != nullptr);
        }}},
      {"isCase",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(c.self.map_here()->find(c[0]) != nullptr);
        }}},
      {"containsValue", {1, 1, contains_value}},
      {"keySet", {0, 0, key_set}},
      {"navigableKeySet", {0, 0, key_set}},
      {"values", {0, 0, values}},
      {"entrySet", {0, 0, entry_set}},
      {"size", {0, 0, size}},
      {"isEmpty",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(c.self.map_here()->empty()); }}},
      {"clear",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          TRY(changeable_map(c))->clear();
          return Value();
        }}},
      {"withDefault", {1, 1, with_default}},
      {"asImmutable", {0, 0, [](MethodCall& c) { return copied(c, true); }}},
      {"asUnmodifiable", {0, 0, [](MethodCall& c) { return copied(c, true); }}},
      {"asSynchronized", {0, 0, [](MethodCall& c) -> Outcome<Value> { return c.self; }}},
      {"clone", {0, 0, [](MethodCall& c) { return copied(c, false); }}},
      {"firstEntry", {0, 0, [](MethodCall& c) { return first_entry(c, false); }}},
      {"lastEntry", {0, 0, [](MethodCall& c) { return first_entry(c, true); }}},
      {"firstKey", {0, 0, [](MethodCall& c) { return end_key(c, false); }}},
      {"lastKey", {0, 0, [](MethodCall& c) { return end_key(c, true); }}},
  };
}

}  // namespace cupel::pipeline
