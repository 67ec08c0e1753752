// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pipeline/groovy/collections.hpp"
#include "pipeline/groovy/random.hpp"

namespace cupel::pipeline {
namespace {

using Values = std::vector<Value>;

/// The receiver with these items, or a new list where it may not be changed in place.
enum class Where { in_place, new_list };
Outcome<Value> placed(MethodCall& call, Values items, Where where) {
  const auto list = call.self.as_list();
  if (where == Where::new_list || !list) {
    if (call.self.set_here() && where == Where::new_list) return same_kind(call, std::move(items));
    return call.list_value(std::move(items));
  }
  TRY(changeable(call));
  list->items = std::move(items);
  return call.self;
}

/// sort(), sort(mutate), sort { }, sort(mutate) { }, sort(comparator)
Outcome<Value> sort(MethodCall& call) {
  auto where = Where::in_place;
  std::size_t next = 0;
  if (call.count() > 0 && call[0].as_flag()) {
    where = *call[0].as_flag() ? Where::in_place : Where::new_list;
    next = 1;
  }
  const auto order = next < call.count() ? TRY(order_of(call, call[next])) : natural_order();
  auto items = TRY(sorted(TRY(call.items()), order));
  if (call.self.set_here()) return call.list_value(std::move(items));
  return placed(call, std::move(items), where);
}

Outcome<Value> to_sorted(MethodCall& call) {
  const auto order = call.count() > 0 ? TRY(order_of(call, call[0])) : natural_order();
  return call.list_value(TRY(sorted(TRY(call.items()), order)));
}

/// The first of each that are the same, by { } of one or two parameters or by their values.
Outcome<Values> distinct(MethodCall& call, const Value* by) {
  Values kept;
  const auto items = TRY(call.items());
  const auto closure = by ? by->as_closure() : nullptr;
  if (by && closure && closure->parameter_count() < 2) {
    Members seen(Members::Equality::groovy);
    for (const auto& item : items)
      if (TRY(seen.add(TRY(call.evaluator.call(*by, {item}, call.context))))) kept.push_back(item);
    return kept;
  }
  if (by) {
    const auto order = TRY(order_of(call, *by));
    for (const auto& item : items) {
      bool known = false;
      for (const auto& other : kept) known = known || TRY(order(item, other)) == 0;
      if (!known) kept.push_back(item);
    }
    return kept;
  }
  Members seen(Members::Equality::groovy);
  for (const auto& item : items)
    if (TRY(seen.add(item))) kept.push_back(item);
  return kept;
}

Outcome<Value> unique(MethodCall& call) {
  auto where = Where::in_place;
  std::size_t next = 0;
  if (call.count() > 0 && call[0].as_flag()) {
    where = *call[0].as_flag() ? Where::in_place : Where::new_list;
    next = 1;
  }
  return placed(call, TRY(distinct(call, next < call.count() ? &call[next] : nullptr)), where);
}

Outcome<Value> to_unique(MethodCall& call) {
  return call.list_value(TRY(distinct(call, call.count() > 0 ? &call[0] : nullptr)));
}

Outcome<Value> reverse(MethodCall& call) {
  auto items = TRY(call.items());
  std::reverse(items.begin(), items.end());
  const bool in_place = call.count() == 1 && truth(call[0]);
  return placed(call, std::move(items), in_place ? Where::in_place : Where::new_list);
}

/// Positions chosen by the run, and recorded with it.
Outcome<Values> shuffled(MethodCall& call) {
  auto items = TRY(call.items());
  const auto seed = TRY(random_seed(call.evaluator, call.context, "shuffle"));
  auto state = static_cast<std::uint64_t>(seed);
  for (std::size_t i = items.size(); i > 1; --i)
    std::swap(items[i - 1], items[next_random(state) % i]);
  return items;
}

Outcome<Value> swap(MethodCall& call) {
  const auto list = TRY(changeable(call));
  const auto a = TRY(call.integer(0)), b = TRY(call.integer(1));
  const auto size = static_cast<std::int64_t>(list->items.size());
  if (a < 0 || b < 0 || a >= size || b >= size)
    return raise("java.lang.IndexOutOfBoundsException", "Index {} out of bounds for length {}",
                 a < 0 || a >= size ? a : b, size);
  std::swap(list->items[static_cast<std::size_t>(a)], list->items[static_cast<std::size_t>(b)]);
  return call.self;
}

}  // namespace

void add_ordering(MethodTable& table) {
  table = {
      {"sort", {0, 2, sort}},
      {"toSorted", {0, 1, to_sorted}},
      {"unique", {0, 2, unique}},
      {"toUnique", {0, 1, to_unique}},
      {"reverse", {0, 1, reverse}},
      {"shuffle",
       {0, 1,
        [](MethodCall& c) -> Outcome<Value> {
          const auto list = TRY(changeable(c));
          list->items = TRY(shuffled(c));
          return Value();
        }}},
      {"shuffled",
       {0, 1, [](MethodCall& c) -> Outcome<Value> { return c.list_value(TRY(shuffled(c))); }}},
      {"swap", {2, 2, swap}},
  };
}

}  // namespace cupel::pipeline
