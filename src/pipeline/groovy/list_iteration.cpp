// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/collections.hpp"
#include "pipeline/groovy/streams.hpp"

namespace cupel::pipeline {
namespace {

using Values = std::vector<Value>;

Outcome<Value> each(MethodCall& call) {
  for (const auto& item : TRY(call.items())) TRY(call.apply({item}));
  return call.self;
}

Outcome<Value> for_each(MethodCall& call) {
  TRY(each(call));
  return Value();
}

Outcome<Value> each_with_index(MethodCall& call) {
  std::int64_t index = 0;
  for (const auto& item : TRY(call.items())) TRY(call.apply({item, Value(index++)}));
  return call.self;
}

Outcome<Value> reverse_each(MethodCall& call) {
  const auto items = TRY(call.items());
  for (auto item = items.rbegin(); item != items.rend(); ++item) TRY(call.apply({*item}));
  return call.self;
}

/// collect(), collect { }, collect(into) { }
Outcome<Value> collect(MethodCall& call) {
  const auto items = TRY(call.items());
  if (call.count() == 0) return call.list_value(items);
  if (call.count() == 2 && !call[0].is_null()) {
    for (const auto& item : items)
      TRY(call.evaluator.invoke(call[0], "add", {TRY(call.apply({item}))}, call.context));
    return call[0];
  }
  if (!call.has_closure() && call.count() == 1 && call[0].list_here()) {
    auto list = call[0].as_list();
    list->items.insert(list->items.end(), items.begin(), items.end());
    return call[0];
  }
  Values results;
  results.reserve(items.size());
  for (const auto& item : items) results.push_back(TRY(call.apply({item})));
  return call.list_value(std::move(results));
}

Outcome<Value> collect_many(MethodCall& call) {
  Values results;
  for (const auto& item : TRY(call.items()))
    for (auto& one : TRY(elements_of(TRY(call.apply({item}))))) {
      results.push_back(std::move(one));
      if (results.size() > max_items) break;
    }
  return call.list_value(std::move(results));
}

Outcome<Value> collect_entries(MethodCall& call) {
  auto map = std::make_shared<Map>();
  if (call.count() > 0 && call[0].map_here()) map = call[0].as_map();
  for (const auto& item : TRY(call.items()))
    TRY(put_entry(*map, call.has_closure() ? TRY(call.apply({item})) : item));
  TRY(call.evaluator.charge(map->size() * sizeof(Map::Entry)));
  return Value(std::move(map));
}

Outcome<Value> nested(MethodCall& call, const Values& items, int depth) {
  if (depth > 100) return refuse("the list is nested too deep");
  Values results;
  for (const auto& item : items)
    results.push_back(item.list_here() || item.set_here()
                          ? TRY(nested(call, TRY(elements_of(item)), depth + 1))
                          : TRY(call.apply({item})));
  return call.list_value(std::move(results));
}

Outcome<Value> index_pairs(MethodCall& call) {
  auto index = call.count() == 1 ? TRY(call.integer(0)) : 0;
  Values pairs;
  for (const auto& item : TRY(call.items())) pairs.push_back(Value::list({item, Value(index++)}));
  return call.list_value(std::move(pairs));
}

Outcome<Value> indexed(MethodCall& call) {
  auto index = call.count() == 1 ? TRY(call.integer(0)) : 0;
  auto map = std::make_shared<Map>();
  for (const auto& item : TRY(call.items())) TRY(Outcome<void>(map->put(Value(index++), item)));
  return Value(std::move(map));
}

Outcome<Value> to_set(MethodCall& call) {
  auto set = std::make_shared<Set>();
  const auto items = TRY(call.items());
  TRY(call.evaluator.charge(items.size() * 2 * sizeof(Value)));
  for (const auto& item : items) TRY(Outcome<bool>(set->add(item)));
  return Value(std::move(set));
}

/// From a place, or the beginning.
Outcome<Value> list_iterator(MethodCall& call) {
  auto items = TRY(call.items());
  const auto place = call.count() == 1 ? TRY(call.integer(0)) : 0;
  if (place < 0 || place > static_cast<std::int64_t>(items.size()))
    return raise("java.lang.IndexOutOfBoundsException", "Index: {}", place);
  return iterator_value(std::move(items), call.self, static_cast<std::size_t>(place));
}

}  // namespace

void add_iteration(MethodTable& table) {
  table = {
      {"each", {1, 1, each}},
      {"forEach", {1, 1, for_each}},
      {"eachWithIndex", {1, 1, each_with_index}},
      {"reverseEach", {1, 1, reverse_each}},
      {"collect", {0, 2, collect}},
      {"collectMany", {1, 1, collect_many}},
      {"collectEntries", {0, 2, collect_entries}},
      {"collectNested",
       {1, 1, [](MethodCall& c) -> Outcome<Value> { return nested(c, TRY(c.items()), 0); }}},
      {"withIndex", {0, 1, index_pairs}},
      {"indexed", {0, 1, indexed}},
      {"toList",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return c.list_value(TRY(c.items())); }}},
      {"asList",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return c.list_value(TRY(c.items())); }}},
      {"toSet", {0, 0, to_set}},
      {"iterator",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> { return iterator_value(TRY(c.items()), c.self); }}},
      {"listIterator", {0, 1, list_iterator}},
      {"stream",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return stream_value(TRY(c.items())); }}},
      {"parallelStream",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return stream_value(TRY(c.items())); }}},
  };
}

}  // namespace cupel::pipeline
