// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/view.hpp"

#include <algorithm>
#include <utility>

#include "pipeline/groovy/collections.hpp"
#include "pipeline/groovy/map_entry.hpp"

namespace cupel::pipeline {
namespace {

using Values = std::vector<Value>;

struct Origin {
  enum class Kind { keys, values, entries, part };
  Kind kind = Kind::keys;
  std::shared_ptr<Map> map;
  // Of a part:
  Value list = {};
  std::size_t from = 0, size = 0;
  std::size_t whole = 0;  ///< the size of the list
};

/// What a view's reference lets go of in place of the list or set itself: so a view is told from
/// other lists, which need no room for an origin.
template <typename T>
struct Holder {
  std::shared_ptr<T> held;
  std::shared_ptr<Origin> origin;
  void operator()(T*) { held.reset(); }
};

template <typename T>
Value view_of(std::shared_ptr<T> held, Origin origin) {
  held->fixed = true;
  auto* shown = held.get();
  return Value(std::shared_ptr<T>(
      shown, Holder<T>{std::move(held), std::make_shared<Origin>(std::move(origin))}));
}

Origin* origin_of(const Value& value) {
  if (!may_be_view(value)) return nullptr;
  if (const auto list = value.as_list()) {
    const auto* holder = std::get_deleter<Holder<List>>(list);
    return holder ? holder->origin.get() : nullptr;
  }
  const auto set = value.as_set();
  const auto* holder = std::get_deleter<Holder<Set>>(set);
  return holder ? holder->origin.get() : nullptr;
}

bool same(const Values& a, const Values& b) {
  return std::ranges::equal(a, b, [](const Value& x, const Value& y) { return x.is(y); });
}

Outcome<void> show_keys(const Map& map, Set& set) {
  Values keys;
  for (const auto& [key, _] : map.entries()) keys.push_back(key);
  if (same(keys, set.items())) return {};
  set.clear();
  for (const auto& key : keys) TRY(Outcome<bool>(set.add(key)));
  return {};
}

void show_entries(const std::shared_ptr<Map>& map, Values& shown) {
  const auto& entries = map->entries();
  const auto is_shown = [](const Value& value, const Map::Entry& entry) {
    const auto known = as_entry(value);
    return known && known->first.is(entry.first);
  };
  if (std::ranges::equal(shown, entries, is_shown)) return;
  Values made;
  for (const auto& [key, value] : entries) made.push_back(entry_of(map, key, value));
  shown = std::move(made);
}

Outcome<void> show_part(const Origin& origin, Values& shown) {
  TRY(refresh(origin.list));
  const auto& items = origin.list.list_here()->items;
  if (items.size() != origin.whole)
    return raise("java.util.ConcurrentModificationException",
                 "the list of this part has grown or shrunk");
  const auto begin = items.begin() + static_cast<std::ptrdiff_t>(origin.from);
  shown.assign(begin, begin + static_cast<std::ptrdiff_t>(origin.size));
  return {};
}

/// Puts other items in place of those of a part.
Outcome<void> store(Origin& origin, Values items) {
  auto& list = *origin.list.list_here();
  auto all = list.items;
  const auto begin = all.begin() + static_cast<std::ptrdiff_t>(origin.from);
  const auto at = all.erase(begin, begin + static_cast<std::ptrdiff_t>(origin.size));
  all.insert(at, items.begin(), items.end());
  const auto whole = all.size();
  if (auto* outer = origin_of(origin.list)) {
    if (outer->kind != Origin::Kind::part)
      return raise("java.lang.UnsupportedOperationException", "a part of this cannot be changed");
    TRY(store(*outer, std::move(all)));
    TRY(refresh(origin.list));
  } else if (list.fixed) {
    return raise("java.lang.UnsupportedOperationException", "this list cannot be changed");
  } else {
    if (whole > max_items) return refuse("the list would hold more than {} items", max_items);
    list.items = std::move(all);
  }
  origin.size = items.size();
  origin.whole = whole;
  return {};
}

Outcome<Value> on_part(Origin& origin, const Method& method, MethodCall& call,
                       std::string_view name) {
  // These only read, and what they give knows the view.
  if (name == "iterator" || name == "listIterator" || name == "subList") return method.run(call);
  const auto list = call.self.as_list();
  const auto copy = Value::list(list->items);
  MethodCall same_call{call.evaluator, call.context, copy, call.arguments};
  auto result = TRY(method.run(same_call));
  if (!same(copy.list_here()->items, list->items)) {
    TRY(store(origin, copy.list_here()->items));
    TRY(refresh(call.self));
  }
  return result.is(copy) ? call.self : result;
}

Value shown_of(const Origin& origin, const Map::Entry& entry) {
  if (origin.kind == Origin::Kind::keys) return entry.first;
  if (origin.kind == Origin::Kind::values) return entry.second;
  return entry_of(origin.map, entry.first, entry.second);
}

/// remove(what it shows): the first.
Outcome<Value> remove_one(const Origin& origin, const Value& wanted) {
  for (const auto& entry : std::vector<Map::Entry>(origin.map->entries())) {
    if (!TRY(Outcome<bool>(same_key(shown_of(origin, entry), wanted)))) continue;
    origin.map->remove(entry.first);
    return Value(true);
  }
  return Value(false);
}

enum class Keep { those, others };
Outcome<Value> filter(const Origin& origin, MethodCall& call, Keep keep) {
  std::optional<Members> members;
  if (!call.has_closure())
    members = TRY(Members::of(TRY(collection(call, 0)), Members::Equality::java));
  bool changed = false;
  for (const auto& entry : std::vector<Map::Entry>(origin.map->entries())) {
    const auto shown = shown_of(origin, entry);
    const bool is_one = members ? TRY(members->has(shown)) : TRY(call.test({shown}));
    if (is_one == (keep == Keep::those)) continue;
    origin.map->remove(entry.first);
    changed = true;
  }
  return Value(changed);
}

/// What an iterator of the view asks for.
Outcome<Value> remove_at(const Origin& origin, std::int64_t place) {
  const auto& entries = origin.map->entries();
  if (place < 0 || place >= static_cast<std::int64_t>(entries.size()))
    return raise("java.util.ConcurrentModificationException", "the map has changed meanwhile");
  const auto entry = entries[static_cast<std::size_t>(place)];
  origin.map->remove(entry.first);
  return shown_of(origin, entry);
}

bool removes(std::string_view name) {
  return name == "remove" || name == "removeElement" || name == "removeAt" || name == "removeAll" ||
         name == "removeIf" || name == "retainAll" || name == "clear";
}

Outcome<Value> remove_from(const Origin& origin, MethodCall& call, std::string_view name) {
  if (origin.map->fixed)
    return raise("java.lang.UnsupportedOperationException", "this map cannot be changed");
  if (name == "clear") {
    origin.map->clear();
    return Value();
  }
  if (call.count() == 0) return missing_method(call.self, name, call.arguments);
  if (name == "removeAt") return remove_at(origin, TRY(call.integer(0)));
  if (name == "remove" || name == "removeElement") return remove_one(origin, call[0]);
  return filter(origin, call, name == "retainAll" ? Keep::those : Keep::others);
}

}  // namespace

Outcome<Value> key_view(std::shared_ptr<Map> map) {
  auto keys = std::make_shared<Set>();
  TRY(show_keys(*map, *keys));
  return view_of(std::move(keys), {.kind = Origin::Kind::keys, .map = std::move(map)});
}

Outcome<Value> value_view(std::shared_ptr<Map> map) {
  auto view =
      view_of(std::make_shared<List>(), {.kind = Origin::Kind::values, .map = std::move(map)});
  TRY(refresh(view));
  return view;
}

Outcome<Value> entry_view(std::shared_ptr<Map> map) {
  auto view =
      view_of(std::make_shared<List>(), {.kind = Origin::Kind::entries, .map = std::move(map)});
  TRY(refresh(view));
  return view;
}

Outcome<Value> part_view(const Value& list, std::int64_t from, std::int64_t to) {
  auto view = view_of(std::make_shared<List>(), {.kind = Origin::Kind::part,
                                                 .map = nullptr,
                                                 .list = list,
                                                 .from = static_cast<std::size_t>(from),
                                                 .size = static_cast<std::size_t>(to - from),
                                                 .whole = list.list_here()->items.size()});
  TRY(refresh(view));
  return view;
}

bool is_view(const Value& value) { return origin_of(value) != nullptr; }

bool is_collection_of_map(const Value& value) {
  const auto* origin = value.list_here() ? origin_of(value) : nullptr;
  return origin && origin->kind != Origin::Kind::part;
}

Outcome<void> refresh(const Value& value) {
  const auto* origin = origin_of(value);
  if (!origin) return {};
  switch (origin->kind) {
    case Origin::Kind::keys: return show_keys(*origin->map, *value.set_here());
    case Origin::Kind::values: {
      Values values;
      for (const auto& [_, held] : origin->map->entries()) values.push_back(held);
      value.list_here()->items = std::move(values);
      return {};
    }
    case Origin::Kind::entries: show_entries(origin->map, value.list_here()->items); return {};
    case Origin::Kind::part: return show_part(*origin, value.list_here()->items);
  }
  return {};
}

Outcome<Value> run_on_view(const Method& method, MethodCall& call, std::string_view name) {
  auto* origin = origin_of(call.self);
  if (!origin) return method.run(call);
  TRY(refresh(call.self));
  if (origin->kind == Origin::Kind::part) return on_part(*origin, method, call, name);
  if (removes(name)) {
    auto result = TRY(remove_from(*origin, call, name));
    TRY(refresh(call.self));
    return result;
  }
  // Of what is no List, Groovy sorts a copy; it cannot make the elements differ, but of a copy.
  if ((name == "sort" || name == "unique") && call.self.list_here()) {
    const auto copy = Value::list(call.self.list_here()->items);
    MethodCall sorting{call.evaluator, call.context, copy, call.arguments};
    return method.run(sorting);
  }
  return method.run(call);
}

}  // namespace cupel::pipeline
