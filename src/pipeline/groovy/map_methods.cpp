// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/methods.hpp"
#include "pipeline/groovy/object.hpp"
#include "pipeline/groovy/scope.hpp"

namespace cupel::pipeline {
namespace {

using Table = std::unordered_map<std::string_view, Method>;

/// As the closure wants it: { key, value -> } or { entry -> }.
Outcome<Value> apply(MethodCall& call, const Value& key, const Value& value) {
  const auto closure = call.arguments.back().as_closure();
  if (closure && closure->parameter_count() == 2) return call.apply({key, value});
  return call.apply({Value(std::shared_ptr<Object>(std::make_shared<MapEntry>(key, value)))});
}

/// A copy: the closure may change the map.
std::vector<Map::Entry> entries(const MethodCall& call) { return call.self.as_map()->entries(); }

Outcome<Value> keys(MethodCall& call) {
  std::vector<Value> keys;
  for (const auto& [key, _] : entries(call)) keys.push_back(key);
  return Value::list(std::move(keys));
}

Outcome<Value> values(MethodCall& call) {
  std::vector<Value> values;
  for (const auto& [_, value] : entries(call)) values.push_back(value);
  return Value::list(std::move(values));
}

Outcome<Value> get(MethodCall& call) {
  const auto map = call.self.as_map();
  if (const auto* value = map->find(call.arguments[0])) return *value;
  if (call.count() == 1) return Value();
  TRY(Outcome<void>(map->put(call.arguments[0], call.arguments[1])));
  return call.arguments[1];
}

Outcome<Value> put(MethodCall& call) {
  const auto map = call.self.as_map();
  const auto* before = map->find(call.arguments[0]);
  auto old = before ? *before : Value();
  TRY(call.evaluator.charge(sizeof(Map::Entry)));
  TRY(Outcome<void>(map->put(call.arguments[0], call.arguments[1])));
  return old;
}

Outcome<Value> put_all(MethodCall& call) {
  const auto more = call.arguments[0].as_map();
  if (!more) return refuse("putAll of a {} is not supported", call.arguments[0].type_name());
  for (const auto& [key, value] : std::vector<Map::Entry>(more->entries()))
    TRY(Outcome<void>(call.self.as_map()->put(key, value)));
  return Value();
}

Outcome<Value> each(MethodCall& call) {
  for (const auto& [key, value] : entries(call)) TRY(apply(call, key, value));
  return call.self;
}

Outcome<Value> collect(MethodCall& call) {
  std::vector<Value> results;
  for (const auto& [key, value] : entries(call)) results.push_back(TRY(apply(call, key, value)));
  return Value::list(std::move(results));
}

Outcome<Value> collect_entries(MethodCall& call) {
  auto map = std::make_shared<Map>();
  for (const auto& [key, value] : entries(call)) {
    const auto entry = TRY(apply(call, key, value));
    if (const auto list = entry.as_list(); list && list->items.size() == 2) {
      TRY(Outcome<void>(map->put(list->items[0], list->items[1])));
    } else if (const auto more = entry.as_map()) {
      for (const auto& [k, v] : more->entries()) TRY(Outcome<void>(map->put(k, v)));
    } else {
      return refuse("collectEntries needs [key, value] or [key: value]");
    }
  }
  return Value(std::move(map));
}

Outcome<Value> find_all(MethodCall& call) {
  auto map = std::make_shared<Map>();
  for (const auto& [key, value] : entries(call))
    if (truth(TRY(apply(call, key, value)))) TRY(Outcome<void>(map->put(key, value)));
  return Value(std::move(map));
}

Outcome<Value> any(MethodCall& call) {
  for (const auto& [key, value] : entries(call))
    if (truth(TRY(apply(call, key, value)))) return Value(true);
  return Value(false);
}

Outcome<Value> find(MethodCall& call) {
  for (const auto& [key, value] : entries(call))
    if (truth(TRY(apply(call, key, value))))
      return Value(std::shared_ptr<Object>(std::make_shared<MapEntry>(key, value)));
  return Value();
}

const Table& table() {
  static const Table methods = {
      {"size",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(static_cast<std::int64_t>(c.self.as_map()->entries().size()));
        }}},
      {"isEmpty", {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(!truth(c.self)); }}},
      {"containsKey",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(c.self.as_map()->find(c.arguments[0]) != nullptr);
        }}},
      {"keySet", {0, 0, keys}},
      {"values", {0, 0, values}},
      {"entrySet",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value::list(TRY(c.items())); }}},
      {"get", {1, 2, get}},
      {"getOrDefault",
       {2, 2,
        [](MethodCall& c) -> Outcome<Value> {
          const auto* value = c.self.as_map()->find(c.arguments[0]);
          return value ? *value : c.arguments[1];
        }}},
      {"put", {2, 2, put}},
      {"putAll", {1, 1, put_all}},
      {"remove",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> { return c.self.as_map()->remove(c.arguments[0]); }}},
      {"clear",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          c.self.as_map()->clear();
          return Value();
        }}},
      {"each", {1, 1, each}},
      {"collect", {1, 1, collect}},
      {"collectEntries", {1, 1, collect_entries}},
      {"findAll", {1, 1, find_all}},
      {"find", {1, 1, find}},
      {"any", {1, 1, any}},
  };
  return methods;
}

}  // namespace

const Method* find_map_method(std::string_view name) {
  const auto found = table().find(name);
  return found == table().end() ? nullptr : &found->second;
}

}  // namespace cupel::pipeline
