// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pipeline/groovy/collections.hpp"

namespace cupel::pipeline {
namespace {

using Values = std::vector<Value>;

tl::unexpected<Signal> outside(std::int64_t place, std::size_t size) {
  return raise("java.lang.IndexOutOfBoundsException", "Index {} out of bounds for length {}", place,
               size);
}

/// Adds at a place, or at the end.
Outcome<void> insert(MethodCall& call, List& list, std::int64_t place, const Values& more) {
  if (place < 0 || place > static_cast<std::int64_t>(list.items.size()))
    return raise("java.lang.IndexOutOfBoundsException", "Index: {}, Size: {}", place,
                 list.items.size());
  if (list.items.size() + more.size() > max_items)
    return refuse("the list would hold more than {} items", max_items);
  TRY(call.evaluator.charge(more.size() * sizeof(Value)));
  list.items.insert(list.items.begin() + place, more.begin(), more.end());
  return {};
}

std::int64_t end_of(const List& list) { return static_cast<std::int64_t>(list.items.size()); }

Outcome<Value> add(MethodCall& call) {
  const auto list = TRY(growable(call));
  if (call.count() == 2) {
    TRY(insert(call, *list, TRY(call.integer(0)), {call[1]}));
    return Value();
  }
  TRY(insert(call, *list, end_of(*list), {call[0]}));
  return Value(true);
}

Outcome<Value> add_first(MethodCall& call) {
  const auto list = TRY(growable(call));
  TRY(insert(call, *list, 0, {call[0]}));
  return Value();
}

Outcome<Value> add_last(MethodCall& call) {
  const auto list = TRY(growable(call));
  TRY(insert(call, *list, end_of(*list), {call[0]}));
  return Value();
}

Outcome<Value> left_shift(MethodCall& call) {
  TRY(add_last(call));
  return call.self;
}

Outcome<Value> add_all(MethodCall& call) {
  const auto list = TRY(growable(call));
  const auto more = TRY(collection(call, call.count() - 1));
  TRY(insert(call, *list, call.count() == 2 ? TRY(call.integer(0)) : end_of(*list), more));
  return Value(!more.empty());
}

Outcome<Value> taken(List& list, std::int64_t place) {
  if (place < 0 || place >= end_of(list)) return outside(place, list.items.size());
  auto value = std::move(list.items[static_cast<std::size_t>(place)]);
  list.items.erase(list.items.begin() + place);
  return value;
}

/// Deques are pushed and popped at the front, Groovy's lists and Stack at the end.
bool is_deque(const List& list) {
  return list.type == "java.util.ArrayDeque" || list.type == "java.util.LinkedList";
}

Outcome<Value> push(MethodCall& call) {
  const auto list = TRY(growable(call));
  return is_deque(*list) ? add_first(call) : add(call);
}

Outcome<Value> pop(MethodCall& call) {
  const auto list = TRY(growable(call));
  if (list->items.empty())
    return raise("java.util.NoSuchElementException", "Cannot pop() an empty List");
  return taken(*list, is_deque(*list) ? 0 : end_of(*list) - 1);
}

Outcome<Value> remove_element(MethodCall& call) {
  const auto list = TRY(growable(call));
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    if (!TRY(Outcome<bool>(same_key(list->items[i], call[0])))) continue;
    list->items.erase(list->items.begin() + static_cast<std::ptrdiff_t>(i));
    return Value(true);
  }
  return Value(false);
}

Outcome<Value> remove_at(MethodCall& call) {
  return taken(*TRY(growable(call)), TRY(call.integer(0)));
}

/// remove(place), remove(element); a queue's remove().
Outcome<Value> remove(MethodCall& call) {
  if (call.count() == 0) {
    const auto list = TRY(growable(call));
    if (list->items.empty()) return raise("java.util.NoSuchElementException", "the list is empty");
    return taken(*list, 0);
  }
  const auto* whole = call[0].as_whole();
  return whole && whole->width == Width::integer ? remove_at(call) : remove_element(call);
}

/// poll, peek and their kin: null where nothing is left.
enum class End { first, last };
enum class Then { keep, take };
Outcome<Value> at_end(MethodCall& call, End end, Then then) {
  const auto list = TRY(growable(call));
  if (list->items.empty()) return Value();
  const auto place = end == End::first ? 0 : end_of(*list) - 1;
  return then == Then::take ? taken(*list, place) : list->items[static_cast<std::size_t>(place)];
}
Outcome<Value> taken_from(MethodCall& call, End end, Then then) {
  if (TRY(growable(call))->items.empty())
    return raise("java.util.NoSuchElementException", "the list is empty");
  return at_end(call, end, then);
}

enum class Keep { those, others };
/// Keeps what { } accepts or the collection holds, or the others.
Outcome<Value> filter(MethodCall& call, Keep keep) {
  const auto list = TRY(growable(call));
  const auto before = list->items;
  Values kept;
  std::optional<Members> members;
  if (!call.has_closure())
    members = TRY(Members::of(TRY(collection(call, 0)), Members::Equality::java));
  for (const auto& item : before) {
    const bool is_one = members ? TRY(members->has(item)) : TRY(call.test({item}));
    if (is_one == (keep == Keep::those)) kept.push_back(item);
  }
  const bool changed = kept.size() != before.size();
  list->items = std::move(kept);
  return Value(changed);
}

Outcome<Value> set_at(MethodCall& call) {
  const auto list = TRY(changeable(call));
  const auto place = TRY(call.integer(0));
  if (place < 0 || place >= end_of(*list)) return outside(place, list->items.size());
  return std::exchange(list->items[static_cast<std::size_t>(place)], call[1]);
}

Outcome<Value> put_at(MethodCall& call) {
  TRY(call.evaluator.put(call.self, call[0], call[1], call.context));
  return Value();
}

Outcome<Value> clear(MethodCall& call) {
  TRY(growable(call))->items.clear();
  return Value();
}

Outcome<Value> replace_each(MethodCall& call) {
  const auto list = TRY(changeable(call));
  auto items = list->items;
  for (auto& item : items) item = TRY(call.apply({item}));
  list->items = std::move(items);
  return Value();
}

Outcome<Value> fill(MethodCall& call) {
  for (auto& item : TRY(changeable(call))->items) item = call[0];
  return Value();
}

}  // namespace

void add_list_change(MethodTable& table) {
  table = {
      {"add", {1, 2, add}},
      {"addFirst", {1, 1, add_first}},
      {"offerFirst", {1, 1, add_first}},
      {"addLast", {1, 1, add_last}},
      {"addElement", {1, 1, add_last}},
      {"offer", {1, 1, add}},
      {"offerLast", {1, 1, add}},
      {"push", {1, 1, push}},
      {"leftShift", {1, 1, left_shift}},
      {"addAll", {1, 2, add_all}},
      {"pop", {0, 0, pop}},
      {"remove", {0, 1, remove}},
      {"removeAt", {1, 1, remove_at}},
      {"removeElement", {1, 1, remove_element}},
      {"removeFirst", {0, 0, [](MethodCall& c) { return taken_from(c, End::first, Then::take); }}},
      {"removeLast", {0, 0, [](MethodCall& c) { return taken_from(c, End::last, Then::take); }}},
      {"getFirst", {0, 0, [](MethodCall& c) { return taken_from(c, End::first, Then::keep); }}},
      {"getLast", {0, 0, [](MethodCall& c) { return taken_from(c, End::last, Then::keep); }}},
      {"element", {0, 0, [](MethodCall& c) { return taken_from(c, End::first, Then::keep); }}},
      {"poll", {0, 0, [](MethodCall& c) { return at_end(c, End::first, Then::take); }}},
      {"pollFirst", {0, 0, [](MethodCall& c) { return at_end(c, End::first, Then::take); }}},
      {"pollLast", {0, 0, [](MethodCall& c) { return at_end(c, End::last, Then::take); }}},
      {"peekFirst", {0, 0, [](MethodCall& c) { return at_end(c, End::first, Then::keep); }}},
      {"peekLast", {0, 0, [](MethodCall& c) { return at_end(c, End::last, Then::keep); }}},
      {"peek",
       {0, 0,
        [](MethodCall& c) {
          const auto* list = c.self.list_here();
          const bool stack = list && list->type == "java.util.Stack";
          return at_end(c, stack ? End::last : End::first, Then::keep);
        }}},
      {"removeAll", {1, 1, [](MethodCall& c) { return filter(c, Keep::others); }}},
      {"removeIf", {1, 1, [](MethodCall& c) { return filter(c, Keep::others); }}},
      {"retainAll", {1, 1, [](MethodCall& c) { return filter(c, Keep::those); }}},
      {"set", {2, 2, set_at}},
      {"putAt", {2, 2, put_at}},
      {"clear", {0, 0, clear}},
      {"replaceAll", {1, 1, replace_each}},
      {"fill", {1, 1, fill}},
  };
}

}  // namespace cupel::pipeline
