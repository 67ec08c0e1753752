// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pipeline/groovy/methods.hpp"

namespace cupel::pipeline {
namespace {

using Table = std::unordered_map<std::string_view, Method>;
using Items = std::vector<Value>;

Outcome<std::shared_ptr<List>> changeable(MethodCall& call) {
  if (auto list = call.self.as_list()) return list;
  return raise("java.lang.UnsupportedOperationException", "a range cannot be changed");
}

Outcome<Value> add(MethodCall& call) {
  auto list = TRY(changeable(call));
  if (list->items.size() >= max_items)
    return refuse("the list would hold more than {} items", max_items);
  TRY(call.evaluator.charge(sizeof(Value)));
  auto place = list->items.end();
  if (call.count() == 2) {
    const auto index = TRY(call.integer(0));
    if (index < 0 || index > static_cast<std::int64_t>(list->items.size()))
      return raise("java.lang.IndexOutOfBoundsException", "Index: {}, Size: {}", index,
                   list->items.size());
    place = list->items.begin() + index;
  }
  list->items.insert(place, call.arguments.back());
  return Value(true);
}

Outcome<Value> add_all(MethodCall& call) {
  auto list = TRY(changeable(call));
  const auto more = TRY(Outcome<Items>(elements(call.arguments[0])));
  if (list->items.size() + more.size() > max_items)
    return refuse("the list would hold more than {} items", max_items);
  TRY(call.evaluator.charge(more.size() * sizeof(Value)));
  list->items.insert(list->items.end(), more.begin(), more.end());
  return Value(!more.empty());
}

Outcome<Value> remove(MethodCall& call) {
  auto list = TRY(changeable(call));
  if (const auto* index = call.arguments[0].as_integer()) {
    if (*index < 0 || *index >= static_cast<std::int64_t>(list->items.size()))
      return raise("java.lang.IndexOutOfBoundsException", "Index {} out of bounds for length {}",
                   *index, list->items.size());
    auto value = list->items[static_cast<std::size_t>(*index)];
    list->items.erase(list->items.begin() + *index);
    return value;
  }
  for (auto item = list->items.begin(); item != list->items.end(); ++item)
    if (TRY(Outcome<bool>(equal(*item, call.arguments[0])))) {
      list->items.erase(item);
      return Value(true);
    }
  return Value(false);
}

Outcome<std::int64_t> place_of(MethodCall& call) {
  const auto items = TRY(call.items());
  for (std::size_t i = 0; i < items.size(); ++i)
    if (TRY(Outcome<bool>(equal(items[i], call.arguments[0])))) return static_cast<std::int64_t>(i);
  return -1;
}

Outcome<Value> each(MethodCall& call) {
  for (auto& item : TRY(call.items())) TRY(call.apply({std::move(item)}));
  return call.self;
}

Outcome<Value> each_with_index(MethodCall& call) {
  std::int64_t i = 0;
  for (auto& item : TRY(call.items())) TRY(call.apply({std::move(item), Value(i++)}));
  return call.self;
}

Outcome<Value> collect(MethodCall& call) {
  Items results;
  for (auto& item : TRY(call.items())) results.push_back(TRY(call.apply({std::move(item)})));
  return Value::list(std::move(results));
}

Outcome<Value> collect_entries(MethodCall& call) {
  auto map = std::make_shared<Map>();
  for (auto& item : TRY(call.items())) {
    const auto entry = TRY(call.apply({std::move(item)}));
    if (const auto list = entry.as_list(); list && list->items.size() == 2) {
      TRY(Outcome<void>(map->put(list->items[0], list->items[1])));
    } else if (const auto more = entry.as_map()) {
      for (const auto& [key, value] : more->entries()) TRY(Outcome<void>(map->put(key, value)));
    } else {
      return refuse("collectEntries needs [key, value] or [key: value]");
    }
  }
  return Value(std::move(map));
}

Outcome<Items> matching(MethodCall& call, std::size_t most) {
  Items found;
  for (const auto& item : TRY(call.items())) {
    if (found.size() >= most) break;
    if (truth(call.has_closure() ? TRY(call.apply({item})) : item)) found.push_back(item);
  }
  return found;
}

Outcome<Value> find_all(MethodCall& call) { return Value::list(TRY(matching(call, max_items))); }

Outcome<Value> find(MethodCall& call) {
  const auto found = TRY(matching(call, 1));
  return found.empty() ? Value() : found[0];
}

Outcome<Value> any(MethodCall& call) { return Value(!TRY(matching(call, 1)).empty()); }

Outcome<Value> every(MethodCall& call) {
  return Value(TRY(matching(call, max_items)).size() == TRY(call.items()).size());
}

Outcome<Value> count_matching(MethodCall& call) {
  if (call.has_closure())
    return Value(static_cast<std::int64_t>(TRY(matching(call, max_items)).size()));
  std::int64_t count = 0;
  for (const auto& item : TRY(call.items()))
    if (TRY(Outcome<bool>(equal(item, call.arguments[0])))) ++count;
  return Value(count);
}

Outcome<Value> join_texts(MethodCall& call) {
  const auto separator = call.count() > 0 ? TRY(call.text(0)) : std::string();
  std::string whole;
  bool first = true;
  for (const auto& item : TRY(call.items())) {
    if (!first) whole += separator;
    first = false;
    whole += TRY(call.evaluator.text(item, call.context));
    if (whole.size() > max_text) return refuse("the text would become too long");
  }
  TRY(call.evaluator.charge(whole.size()));
  return Value(std::move(whole));
}

Outcome<Value> first(MethodCall& call) {
  const auto items = TRY(call.items());
  if (items.empty())
    return raise("java.util.NoSuchElementException",
                 "Cannot access first() element from an empty List");
  return items.front();
}

Outcome<Value> last(MethodCall& call) {
  const auto items = TRY(call.items());
  if (items.empty())
    return raise("java.util.NoSuchElementException",
                 "Cannot access last() element from an empty List");
  return items.back();
}

Outcome<Value> sum(MethodCall& call) {
  const auto items = TRY(call.items());
  std::int64_t total = 0;
  for (const auto& item : items) {
    if (!item.as_integer()) return refuse("sum() of a {} is not supported yet", item.type_name());
    if (__builtin_add_overflow(total, *item.as_integer(), &total))
      return raise("java.lang.ArithmeticException", "the sum would have more than 64 bits");
  }
  return items.empty() ? Value() : Value(total);
}

/// By insertion into place: a comparison may fail, which std::sort cannot bear.
Outcome<Value> sort(MethodCall& call) {
  if (call.count() > 0) return refuse("sort with an argument is not supported yet");
  const auto items = TRY(call.items());
  for (const auto& item : items) TRY(Outcome<int>(compare(items[0], item)));
  auto sorted = items;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Value& a, const Value& b) {
    const auto order = compare(a, b);
    return order && *order < 0;
  });
  if (const auto list = call.self.as_list()) {
    list->items = std::move(sorted);
    return call.self;
  }
  return Value::list(std::move(sorted));
}

Outcome<Value> unique(MethodCall& call) {
  if (call.count() > 0) return refuse("unique with an argument is not supported yet");
  Items kept;
  for (const auto& item : TRY(call.items())) {
    bool known = false;
    for (const auto& other : kept) known = known || TRY(Outcome<bool>(equal(other, item)));
    if (!known) kept.push_back(item);
  }
  if (const auto list = call.self.as_list()) {
    list->items = std::move(kept);
    return call.self;
  }
  return Value::list(std::move(kept));
}

Outcome<Value> extreme(MethodCall& call, int wanted) {
  const auto items = TRY(call.items());
  if (items.empty()) return Value();
  auto best = items[0];
  for (const auto& item : items)
    if (TRY(Outcome<int>(compare(item, best))) * wanted > 0) best = item;
  return best;
}

const Table& table() {
  static const Table methods = {
      {"size",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(static_cast<std::int64_t>(TRY(c.items()).size()));
        }}},
      {"isEmpty", {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(!truth(c.self)); }}},
      {"add", {1, 2, add}},
      {"addAll", {1, 1, add_all}},
      {"push",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return refuse("push() of {} differs between Groovy versions: use add()",
                        c.self.type_name());
        }}},
      {"remove", {1, 1, remove}},
      {"clear",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          TRY(changeable(c))->items.clear();
          return Value();
        }}},
      {"get",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return c.evaluator.index(c.self, c.arguments[0], c.context);
        }}},
      {"contains",
       {1, 1, [](MethodCall& c) -> Outcome<Value> { return Value(TRY(place_of(c)) >= 0); }}},
      {"indexOf", {1, 1, [](MethodCall& c) -> Outcome<Value> { return Value(TRY(place_of(c))); }}},
      {"each", {1, 1, each}},
      {"eachWithIndex", {1, 1, each_with_index}},
      {"collect", {1, 1, collect}},
      {"collectEntries", {1, 1, collect_entries}},
      {"findAll", {0, 1, find_all}},
      {"find", {0, 1, find}},
      {"any", {0, 1, any}},
      {"every", {0, 1, every}},
      {"count", {1, 1, count_matching}},
      {"join", {0, 1, join_texts}},
      {"first", {0, 0, first}},
      {"last", {0, 0, last}},
      {"head", {0, 0, first}},
      {"sum", {0, 0, sum}},
      {"sort", {0, 1, sort}},
      {"unique", {0, 1, unique}},
      {"reverse",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          auto items = TRY(c.items());
          std::reverse(items.begin(), items.end());
          return Value::list(std::move(items));
        }}},
      {"max", {0, 0, [](MethodCall& c) -> Outcome<Value> { return extreme(c, 1); }}},
      {"min", {0, 0, [](MethodCall& c) -> Outcome<Value> { return extreme(c, -1); }}},
      {"toList",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value::list(TRY(c.items())); }}},
  };
  return methods;
}

}  // namespace

const Method* find_list_method(std::string_view name) {
  const auto found = table().find(name);
  return found == table().end() ? nullptr : &found->second;
}

}  // namespace cupel::pipeline
