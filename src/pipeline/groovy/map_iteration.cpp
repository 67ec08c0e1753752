// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/collections.hpp"
#include "pipeline/groovy/map_entry.hpp"

namespace cupel::pipeline {
namespace {

using Values = std::vector<Value>;
/// A copy: code may change the map meanwhile.
std::vector<Map::Entry> entries_of(MethodCall& call) { return call.self.map_here()->entries(); }

Value entry_value(MethodCall& call, const Map::Entry& entry) {
  return entry_of(call.self.as_map(), entry.first, entry.second);
}

Outcome<bool> accepts(MethodCall& call, const Map::Entry& entry) {
  if (call.count() == 0) return true;
  return truth_of(TRY(apply_entry(call, entry.first, entry.second)));
}

Outcome<Value> each(MethodCall& call) {
  for (const auto& [key, value] : entries_of(call)) TRY(apply_entry(call, key, value));
  return call.self;
}

Outcome<Value> each_with_index(MethodCall& call) {
  std::int64_t index = 0;
  for (const auto& [key, value] : entries_of(call))
    TRY(apply_entry(call, key, value, Value(index++)));
  return call.self;
}

Outcome<Value> reverse_each(MethodCall& call) {
  const auto entries = entries_of(call);
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry)
    TRY(apply_entry(call, entry->first, entry->second));
  return call.self;
}

Outcome<Value> collect(MethodCall& call) {
  Values results;
  for (const auto& entry : entries_of(call))
    results.push_back(call.count() == 0 ? entry_value(call, entry)
                                        : TRY(apply_entry(call, entry.first, entry.second)));
  if (call.count() == 2) {
    for (auto& one : results)
      TRY(call.evaluator.invoke(call[0], "add", {std::move(one)}, call.context));
    return call[0];
  }
  return call.list_value(std::move(results));
}

Outcome<Value> collect_many(MethodCall& call) {
  Values results;
  for (const auto& [key, value] : entries_of(call))
    for (auto& one : TRY(elements_of(TRY(apply_entry(call, key, value)))))
      results.push_back(std::move(one));
  return call.list_value(std::move(results));
}

Outcome<Value> collect_entries(MethodCall& call) {
  auto map = std::make_shared<Map>();
  if (call.count() == 2 && call[0].map_here()) map = call[0].as_map();
  for (const auto& [key, value] : entries_of(call))
    TRY(put_entry(*map, TRY(apply_entry(call, key, value))));
  TRY(call.evaluator.charge(map->size() * sizeof(Map::Entry)));
  return Value(std::move(map));
}

Outcome<Value> find(MethodCall& call) {
  for (const auto& entry : entries_of(call))
    if (TRY(accepts(call, entry))) return entry_value(call, entry);
  return Value();
}

Outcome<Value> find_all(MethodCall& call) {
  auto map = std::make_shared<Map>();
  for (const auto& entry : entries_of(call))
    if (TRY(accepts(call, entry))) TRY(Outcome<void>(map->put(entry.first, entry.second)));
  TRY(call.evaluator.charge(map->size() * sizeof(Map::Entry)));
  return Value(std::move(map));
}

Outcome<Value> find_result(MethodCall& call) {
  for (const auto& [key, value] : entries_of(call)) {
    auto result = TRY(apply_entry(call, key, value));
    if (!result.is_null()) return result;
  }
  return call.count() == 2 ? call[0] : Value();
}

Outcome<Value> find_results(MethodCall& call) {
  Values results;
  for (const auto& [key, value] : entries_of(call)) {
    auto result = TRY(apply_entry(call, key, value));
    if (!result.is_null()) results.push_back(std::move(result));
  }
  return call.list_value(std::move(results));
}

Outcome<Value> any(MethodCall& call) {
  for (const auto& entry : entries_of(call))
    if (TRY(accepts(call, entry))) return Value(true);
  return Value(false);
}

Outcome<Value> every(MethodCall& call) {
  for (const auto& entry : entries_of(call))
    if (!TRY(accepts(call, entry))) return Value(false);
  return Value(true);
}

Outcome<Value> count(MethodCall& call) {
  std::int64_t number = 0;
  for (const auto& entry : entries_of(call)) number += TRY(accepts(call, entry)) ? 1 : 0;
  return Value(number);
}

Outcome<Value> count_by(MethodCall& call) {
  auto counts = std::make_shared<Map>();
  for (const auto& [key, value] : entries_of(call)) {
    const auto group = TRY(apply_entry(call, key, value));
    const auto* known = counts->find(group);
    TRY(Outcome<void>(counts->put(group, Value((known ? *known->as_integer() : 0) + 1))));
  }
  return Value(std::move(counts));
}

Outcome<Value> sum(MethodCall& call) {
  Value total = call.count() == 2 ? call[0] : Value();
  bool any = call.count() == 2;
  for (const auto& [key, value] : entries_of(call)) {
    auto one = TRY(apply_entry(call, key, value));
    total = any ? TRY(call.evaluator.plus(total, one, call.context)) : std::move(one);
    any = true;
  }
  return total;
}

/// { result, entry -> } or { result, key, value -> }
Outcome<Value> inject(MethodCall& call) {
  const auto entries = entries_of(call);
  const auto closure = call.arguments.back().as_closure();
  std::size_t next = 0;
  if (call.count() == 1) {
    if (entries.empty())
      return raise("java.util.NoSuchElementException",
                   "Cannot call inject() on an empty collection without passing an initial value.");
    next = 1;
  }
  Value result = call.count() == 2 ? call[0] : entry_value(call, entries[0]);
  for (; next < entries.size(); ++next) {
    Values values{std::move(result)};
    if (closure && closure->parameter_count() >= 3) {
      values.push_back(entries[next].first);
      values.push_back(entries[next].second);
    } else {
      values.push_back(entry_value(call, entries[next]));
    }
    result = TRY(call.apply(std::move(values)));
  }
  return result;
}

/// groupBy gives maps, groupEntriesBy lists of entries.
enum class Into { maps, lists };
Outcome<Value> group_by(MethodCall& call, Into into) {
  auto groups = std::make_shared<Map>();
  for (const auto& entry : entries_of(call)) {
    const auto key = TRY(apply_entry(call, entry.first, entry.second));
    if (!groups->find(key))
      TRY(Outcome<void>(
          groups->put(key, into == Into::maps ? Value(std::make_shared<Map>()) : Value::list({}))));
    auto* group = groups->find(key);
    if (into == Into::maps)
      TRY(Outcome<void>(group->map_here()->put(entry.first, entry.second)));
    else
      group->list_here()->items.push_back(entry_value(call, entry));
  }
  return Value(std::move(groups));
}

Outcome<Value> for_each(MethodCall& call) {
  TRY(each(call));
  return Value();
}

Outcome<Value> remove_if(MethodCall& call, bool keep) {
  const auto map = call.self.as_map();
  if (map->fixed)
    return raise("java.lang.UnsupportedOperationException", "this map cannot be changed");
  bool changed = false;
  for (const auto& entry : entries_of(call)) {
    if (TRY(accepts(call, entry)) == keep) continue;
    map->remove(entry.first);
    changed = true;
  }
  return Value(changed);
}

Outcome<Value> replace_all(MethodCall& call) {
  const auto map = call.self.as_map();
  for (const auto& [key, value] : entries_of(call))
    TRY(Outcome<void>(map->put(key, TRY(call.apply({key, value})))));
  return Value();
}

}  // namespace

void add_map_iteration(MethodTable& table) {
  table = {
      {"each", {1, 1, each}},
      {"forEach", {1, 1, for_each}},
      {"eachWithIndex", {1, 1, each_with_index}},
      {"reverseEach", {1, 1, reverse_each}},
      {"collect", {0, 2, collect}},
      {"collectMany", {1, 1, collect_many}},
      {"collectEntries", {1, 2, collect_entries}},
      {"find", {0, 1, find}},
      {"findAll", {0, 1, find_all}},
      {"findResult", {1, 2, find_result}},
      {"findResults", {1, 1, find_results}},
      {"any", {0, 1, any}},
      {"every", {0, 1, every}},
      {"count", {1, 1, count}},
      {"countBy", {1, 1, count_by}},
      {"sum", {1, 2, sum}},
      {"inject", {1, 2, inject}},
      {"groupBy", {1, 1, [](MethodCall& c) { return group_by(c, Into::maps); }}},
      {"groupEntriesBy", {1, 1, [](MethodCall& c) { return group_by(c, Into::lists); }}},
      {"removeAll", {1, 1, [](MethodCall& c) { return remove_if(c, false); }}},
      {"retainAll", {1, 1, [](MethodCall& c) { return remove_if(c, true); }}},
      {"replaceAll", {1, 1, replace_all}},
  };
}

}  // namespace cupel::pipeline
