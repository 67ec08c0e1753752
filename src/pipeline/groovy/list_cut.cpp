// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pipeline/groovy/collections.hpp"
#include "pipeline/groovy/view.hpp"

namespace cupel::pipeline {
namespace {

using Values = std::vector<Value>;

Values slice(const Values& items, std::int64_t begin, std::int64_t end) {
  const auto size = static_cast<std::int64_t>(items.size());
  begin = std::clamp<std::int64_t>(begin, 0, size);
  end = std::clamp<std::int64_t>(end, begin, size);
  return {items.begin() + begin, items.begin() + end};
}

enum class Part { take, drop, take_right, drop_right };
Outcome<Value> part(MethodCall& call, Part which) {
  const auto items = TRY(call.items());
  const auto size = static_cast<std::int64_t>(items.size());
  const auto count = std::clamp<std::int64_t>(TRY(call.integer(0)), 0, size);
  switch (which) {
    case Part::take: return same_kind(call, slice(items, 0, count));
    case Part::drop: return same_kind(call, slice(items, count, size));
    case Part::take_right: return same_kind(call, slice(items, size - count, size));
    case Part::drop_right: return same_kind(call, slice(items, 0, size - count));
  }
  return call.self;
}

Outcome<std::int64_t> accepted(MethodCall& call, const Values& items) {
  std::int64_t count = 0;
  for (const auto& item : items) {
    if (!TRY(call.test({item}))) break;
    ++count;
  }
  return count;
}

Outcome<Value> take_while(MethodCall& call) {
  const auto items = TRY(call.items());
  return same_kind(call, slice(items, 0, TRY(accepted(call, items))));
}
Outcome<Value> drop_while(MethodCall& call) {
  const auto items = TRY(call.items());
  return same_kind(
      call, slice(items, TRY(accepted(call, items)), static_cast<std::int64_t>(items.size())));
}

tl::unexpected<Signal> nothing(std::string_view what) {
  return raise("java.util.NoSuchElementException", "Cannot access {}", what);
}

Outcome<Value> first(MethodCall& call) {
  const auto items = TRY(call.items());
  if (items.empty()) return nothing("first() element from an empty List");
  return items.front();
}
Outcome<Value> last(MethodCall& call) {
  const auto items = TRY(call.items());
  if (items.empty()) return nothing("last() element from an empty List");
  return items.back();
}
Outcome<Value> tail(MethodCall& call) {
  const auto items = TRY(call.items());
  if (items.empty()) return nothing("tail() for an empty iterable");
  return same_kind(call, slice(items, 1, static_cast<std::int64_t>(items.size())));
}
Outcome<Value> init(MethodCall& call) {
  const auto items = TRY(call.items());
  if (items.empty()) return nothing("init() for an empty Iterable");
  return same_kind(call, slice(items, 0, static_cast<std::int64_t>(items.size()) - 1));
}

Outcome<Value> get(MethodCall& call) {
  const auto items = TRY(call.items());
  const auto place = TRY(call.integer(0));
  const auto size = static_cast<std::int64_t>(items.size());
  if (place < 0 || place >= size)
    return raise("java.lang.IndexOutOfBoundsException", "Index {} out of bounds for length {}",
                 place, size);
  return items[static_cast<std::size_t>(place)];
}

Outcome<Value> get_at(MethodCall& call) {
  return call.evaluator.index(call.self, call[0], call.context);
}

Outcome<Value> sub_list(MethodCall& call) {
  const auto items = TRY(call.items());
  const auto from = TRY(call.integer(0)), to = TRY(call.integer(1));
  const auto size = static_cast<std::int64_t>(items.size());
  if (from < 0) return raise("java.lang.IndexOutOfBoundsException", "fromIndex = {}", from);
  if (to > size) return raise("java.lang.IndexOutOfBoundsException", "toIndex = {}", to);
  if (from > to)
    return raise("java.lang.IllegalArgumentException", "fromIndex({}) > toIndex({})", from, to);
  const auto* list = call.self.list_here();
  if (list && !list->is_array()) return part_view(call.self, from, to);
  return call.list_value(slice(items, from, to));
}

/// collate(size, step = size, keep the rest = true)
Outcome<Value> collate(MethodCall& call) {
  const auto items = TRY(call.items());
  const auto size = TRY(call.integer(0));
  const bool flag_second = call.count() == 2 && call[1].as_flag();
  const auto step = call.count() > 1 && !flag_second ? TRY(call.integer(1)) : size;
  const bool keep =
      call.count() == 1 || (call.count() == 2 && !flag_second) || truth(call[call.count() - 1]);
  if (size <= 0) return call.list_value(items.empty() ? Values() : Values{Value::list(items)});
  if (step <= 0)
    return raise("java.lang.IllegalArgumentException", "step size should be positive, not {}",
                 step);
  Values parts;
  const auto count = static_cast<std::int64_t>(items.size());
  std::int64_t total = 0;
  for (std::int64_t at = 0; at < count; at += step) {
    if (at + size > count && !keep) break;
    auto piece = slice(items, at, at + size);
    total += static_cast<std::int64_t>(piece.size());
    if (total > static_cast<std::int64_t>(max_items))
      return refuse("the lists would hold more than {} items", max_items);
    parts.push_back(Value::list(std::move(piece)));
  }
  return call.list_value(std::move(parts));
}

/// chop(2, 3, -1): pieces of these sizes, -1 for all that is left.
Outcome<Value> chop(MethodCall& call) {
  const auto items = TRY(call.items());
  const auto count = static_cast<std::int64_t>(items.size());
  Values parts;
  std::int64_t at = 0;
  for (std::size_t i = 0; i < call.count(); ++i) {
    const auto size = TRY(call.integer(i));
    const auto end = size < 0 ? count : at + size;
    parts.push_back(Value::list(slice(items, at, end)));
    at = std::min(end, count);
  }
  return call.list_value(std::move(parts));
}

Outcome<Value> size(MethodCall& call) {
  if (const auto* list = call.self.list_here())
    return Value(static_cast<std::int64_t>(list->items.size()));
  if (const auto* set = call.self.set_here()) return Value(static_cast<std::int64_t>(set->size()));
  if (const auto* range = call.self.as_range()) return Value(range->size());
  return Value(static_cast<std::int64_t>(TRY(call.items()).size()));
}

Outcome<Value> indices(MethodCall& call) {
  const auto count = *TRY(size(call)).as_integer();
  Range range{0, count - 1};
  if (count == 0) range = Range{0, 0, true};
  return Value(range);
}

Outcome<Value> average(MethodCall& call) {
  const auto items = TRY(call.items());
  if (items.empty()) return Value();
  Value total(0);
  for (const auto& item : items)
    total = TRY(call.evaluator.plus(total, call.count() == 1 ? TRY(call.apply({item})) : item,
                                    call.context));
  return call.evaluator.invoke(total, "div", {Value(static_cast<std::int64_t>(items.size()))},
                               call.context);
}

}  // namespace

void add_list_cut(MethodTable& table) {
  table = {
      {"take", {1, 1, [](MethodCall& c) { return part(c, Part::take); }}},
      {"drop", {1, 1, [](MethodCall& c) { return part(c, Part::drop); }}},
      {"takeRight", {1, 1, [](MethodCall& c) { return part(c, Part::take_right); }}},
      {"dropRight", {1, 1, [](MethodCall& c) { return part(c, Part::drop_right); }}},
      {"takeWhile", {1, 1, take_while}},
      {"dropWhile", {1, 1, drop_while}},
      {"first", {0, 0, first}},
      {"head", {0, 0, first}},
      {"last", {0, 0, last}},
      {"tail", {0, 0, tail}},
      {"init", {0, 0, init}},
      {"get", {1, 1, get}},
      {"getAt", {1, 1, get_at}},
      {"subList", {2, 2, sub_list}},
      {"collate", {1, 3, collate}},
      {"chop", {1, any_number, chop}},
      {"size", {0, 0, size}},
      {"length", {0, 0, size}},
      {"isEmpty",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> { return Value(*TRY(size(c)).as_integer() == 0); }}},
      {"getIndices", {0, 0, indices}},
      {"average", {0, 1, average}},
  };
}

}  // namespace cupel::pipeline
