// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/collections.hpp"

namespace cupel::pipeline {
namespace {

using Values = std::vector<Value>;

Outcome<std::shared_ptr<Set>> changeable_set(MethodCall& call) {
  auto set = call.self.as_set();
  if (!set || set->fixed)
    return raise("java.lang.UnsupportedOperationException", "this {} cannot be changed",
                 call.self.type_name());
  return set;
}

Outcome<Value> add(MethodCall& call) {
  TRY(call.evaluator.charge(2 * sizeof(Value)));
  return Value(TRY(Outcome<bool>(TRY(changeable_set(call))->add(call[0]))));
}

Outcome<Value> left_shift(MethodCall& call) {
  TRY(add(call));
  return call.self;
}

Outcome<Value> add_all(MethodCall& call) {
  const auto set = TRY(changeable_set(call));
  const auto more = TRY(collection(call, 0));
  TRY(call.evaluator.charge(more.size() * 2 * sizeof(Value)));
  bool changed = false;
  for (const auto& item : more) changed = TRY(Outcome<bool>(set->add(item))) || changed;
  return Value(changed);
}

enum class Keep { those, others };
Outcome<Value> filter(MethodCall& call, Keep keep) {
  const auto set = TRY(changeable_set(call));
  const auto before = set->items();
  std::optional<Members> members;
  if (!call.has_closure())
    members = TRY(Members::of(TRY(collection(call, 0)), Members::Equality::java));
  bool changed = false;
  for (const auto& item : before) {
    const bool is_one = members ? TRY(members->has(item)) : TRY(call.test({item}));
    if (is_one != (keep == Keep::those)) changed = set->remove(item) || changed;
  }
  return Value(changed);
}

/// A sorted set's neighbours.
enum class Side { lower, floor, ceiling, higher };
Outcome<Value> neighbour(MethodCall& call, Side side) {
  const auto set = call.self.as_set();
  if (!set->sorted()) return missing_method(call.self, "ceiling", call.arguments);
  Value found;
  for (const auto& item : set->items()) {
    const auto order = TRY(Outcome<int>(set->order()(item, call[0])));
    if ((side == Side::lower && order < 0) || (side == Side::floor && order <= 0)) found = item;
    if ((side == Side::ceiling && order >= 0) || (side == Side::higher && order > 0)) return item;
  }
  return found;
}

/// headSet(end), tailSet(begin), subSet(begin, end): begin belongs to it, end does not.
enum class Piece { head, tail, middle };
Outcome<Value> piece(MethodCall& call, Piece which) {
  const auto set = call.self.as_set();
  if (!set->sorted()) return missing_method(call.self, "headSet", call.arguments);
  auto part = std::make_shared<Set>(set->order());
  for (const auto& item : set->items()) {
    const bool begun = which == Piece::head || TRY(Outcome<int>(set->order()(item, call[0]))) >= 0;
    const auto& end = call[which == Piece::middle ? 1 : 0];
    const bool ended = which != Piece::tail && TRY(Outcome<int>(set->order()(item, end))) >= 0;
    if (begun && !ended) TRY(Outcome<bool>(part->add(item)));
  }
  return Value(std::move(part));
}

enum class End { first, last };
Outcome<Value> poll(MethodCall& call, End end) {
  const auto set = TRY(changeable_set(call));
  const auto items = set->items();
  if (items.empty()) return Value();
  auto value = end == End::first ? items.front() : items.back();
  set->remove(value);
  return value;
}

}  // namespace

void add_set_methods(MethodTable& table) {
  table = {
      {"add", {1, 1, add}},
      {"leftShift", {1, 1, left_shift}},
      {"addAll", {1, 1, add_all}},
      {"remove",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(TRY(changeable_set(c))->remove(c[0]));
        }}},
      {"removeElement",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(TRY(changeable_set(c))->remove(c[0]));
        }}},
      {"clear",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          TRY(changeable_set(c))->clear();
          return Value();
        }}},
      {"removeAll", {1, 1, [](MethodCall& c) { return filter(c, Keep::others); }}},
      {"removeIf", {1, 1, [](MethodCall& c) { return filter(c, Keep::others); }}},
      {"retainAll", {1, 1, [](MethodCall& c) { return filter(c, Keep::those); }}},
      {"lower", {1, 1, [](MethodCall& c) { return neighbour(c, Side::lower); }}},
      {"floor", {1, 1, [](MethodCall& c) { return neighbour(c, Side::floor); }}},
      {"ceiling", {1, 1, [](MethodCall& c) { return neighbour(c, Side::ceiling); }}},
      {"higher", {1, 1, [](MethodCall& c) { return neighbour(c, Side::higher); }}},
      {"headSet", {1, 1, [](MethodCall& c) { return piece(c, Piece::head); }}},
      {"tailSet", {1, 1, [](MethodCall& c) { return piece(c, Piece::tail); }}},
      {"subSet", {2, 2, [](MethodCall& c) { return piece(c, Piece::middle); }}},
      {"pollFirst", {0, 0, [](MethodCall& c) { return poll(c, End::first); }}},
      {"pollLast", {0, 0, [](MethodCall& c) { return poll(c, End::last); }}},
  };
}

void add_range_methods(MethodTable& table) {
  table = {
      {"getFrom",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          const auto& range = *c.self.as_range();
          return range.from <= range.to ? range.value_at(0) : range.value_at(range.size() - 1);
        }}},
      {"getTo",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          const auto& range = *c.self.as_range();
          return range.from <= range.to ? range.value_at(range.size() - 1) : range.value_at(0);
        }}},
      {"isReverse",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(c.self.as_range()->from > c.self.as_range()->to);
        }}},
      {"containsWithinBounds",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          const auto& range = *c.self.as_range();
          if (range.empty) return Value(false);
          const auto low =
              range.from <= range.to ? range.value_at(0) : range.value_at(range.size() - 1);
          const auto high =
              range.from <= range.to ? range.value_at(range.size() - 1) : range.value_at(0);
          return Value(TRY(compare_values(c[0], low)) >= 0 && TRY(compare_values(c[0], high)) <= 0);
        }}},
      {"contains",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          const auto& range = *c.self.as_range();
          if (const auto* number = c[0].as_integer();
              number && (range.kind == Range::Kind::integer || range.kind == Range::Kind::long_))
            return Value(!range.empty && *number >= std::min(range.from, range.to) &&
                         *number <= std::max(range.from, range.to));
          for (const auto& item : TRY(c.items()))
            if (TRY(equal_values(item, c[0]))) return Value(true);
          return Value(false);
        }}},
      {"step",
       {1, 2,
        [](MethodCall& c) -> Outcome<Value> {
          const auto step = TRY(c.integer(0));
          if (step == 0)
            return raise("groovy.lang.GroovyRuntimeException",
                         "Infinite loop detected due to step size of 0");
          const auto& range = *c.self.as_range();
          std::vector<Value> items;
          const auto size = range.size();
          const auto stride = step < 0 ? -step : step;
          for (std::int64_t i = 0; i < size; i += stride) {
            const auto place = step > 0 ? i : size - 1 - i;
            if (c.count() == 2)
              TRY(c.apply({range.value_at(place)}));
            else
              items.push_back(range.value_at(place));
            if (items.size() > max_items) return refuse("the range is too large");
          }
          return c.count() == 2 ? Value() : c.list_value(std::move(items));
        }}},
  };
}

}  // namespace cupel::pipeline
