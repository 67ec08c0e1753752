// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pipeline/groovy/collections.hpp"

namespace cupel::pipeline {
namespace {

using Values = std::vector<Value>;

bool is_collection(const Value& value) { return value.is_sequence() || value.set_here(); }

/// plus(one), plus(collection), plus(place, items)
Outcome<Value> plus(MethodCall& call) {
  auto items = TRY(call.items());
  if (call.count() == 2) {
    const auto place = TRY(call.integer(0));
    if (place < 0 || place > static_cast<std::int64_t>(items.size()))
      return raise("java.lang.IndexOutOfBoundsException", "{}", place);
    const auto more = TRY(collection(call, 1));
    items.insert(items.begin() + place, more.begin(), more.end());
    return same_kind(call, std::move(items));
  }
  if (is_collection(call[0])) {
    const auto more = TRY(elements_of(call[0]));
    items.insert(items.end(), more.begin(), more.end());
  } else {
    items.push_back(call[0]);
  }
  return same_kind(call, std::move(items));
}

Outcome<Value> minus(MethodCall& call) {
  const auto others =
      TRY(Members::of(is_collection(call[0]) ? TRY(elements_of(call[0])) : Values{call[0]},
                      Members::Equality::groovy));
  Values rest;
  for (const auto& item : TRY(call.items()))
    if (!TRY(others.has(item))) rest.push_back(item);
  return same_kind(call, std::move(rest));
}

Outcome<Value> intersect(MethodCall& call) {
  const auto own = TRY(Members::of(TRY(call.items()), Members::Equality::groovy));
  Values common;
  Members seen(Members::Equality::groovy);
  for (const auto& item : TRY(collection(call, 0)))
    if (TRY(own.has(item)) && TRY(seen.add(item))) common.push_back(item);
  return same_kind(call, std::move(common));
}

Outcome<Value> union_of(MethodCall& call) {
  auto items = TRY(call.items());
  for (auto& item : TRY(collection(call, 0))) items.push_back(std::move(item));
  return same_kind(call, std::move(items));
}

/// The number that multiplied lists would hold is checked before they are made.
Outcome<Value> multiply(MethodCall& call) {
  const auto items = TRY(call.items());
  const auto times = TRY(call.integer(0));
  if (times < 0)
    return raise("java.lang.IllegalArgumentException",
                 "multiply() should be called with a number of 0 or greater not: {}", times);
  if (!items.empty() && static_cast<std::uint64_t>(times) > max_items / items.size())
    return refuse("the list would hold more than {} items", max_items);
  Values all;
  for (std::int64_t i = 0; i < times; ++i) all.insert(all.end(), items.begin(), items.end());
  return call.list_value(std::move(all));
}

Outcome<void> flatten_into(const Values& items, Values& flat, int depth) {
  if (depth > 100) return refuse("the list is nested too deep");
  for (const auto& item : items) {
    if (is_collection(item)) {
      TRY(flatten_into(TRY(elements_of(item)), flat, depth + 1));
    } else {
      flat.push_back(item);
    }
    if (flat.size() > max_items) return refuse("the list would hold more than {} items", max_items);
  }
  return {};
}

Outcome<Value> flatten(MethodCall& call) {
  Values flat;
  auto items = TRY(call.items());
  if (call.count() == 1)
    for (auto& item : items) item = TRY(call.apply({item}));
  TRY(flatten_into(items, flat, 0));
  return same_kind(call, std::move(flat));
}

Outcome<Value> transpose(MethodCall& call) {
  std::vector<Values> rows;
  auto width = std::string::npos;
  for (const auto& row : TRY(call.items())) {
    rows.push_back(TRY(elements_of(row)));
    width = std::min(width, rows.back().size());
  }
  Values columns;
  for (std::size_t i = 0; !rows.empty() && i < width; ++i) {
    Values column;
    for (const auto& row : rows) column.push_back(row[i]);
    columns.push_back(TRY(call.list_value(std::move(column))));
  }
  return call.list_value(std::move(columns));
}

/// All ways to take one of each: the first changes fastest.
Outcome<std::vector<Values>> combined(MethodCall& call) {
  std::vector<Values> all(1);
  bool any = false;
  for (const auto& choice : TRY(call.items())) {
    any = true;
    const auto options = is_collection(choice) ? TRY(elements_of(choice)) : Values{choice};
    std::vector<Values> next;
    if (!options.empty() && all.size() > max_items / 10 / options.size())
      return refuse("more than {} combinations", max_items / 10);
    for (const auto& option : options)
      for (const auto& begun : all) {
        next.push_back(begun);
        next.back().push_back(option);
        TRY(call.evaluator.charge(next.back().size() * sizeof(Value)));
      }
    all = std::move(next);
  }
  if (!any) all.clear();
  return all;
}

Outcome<Value> combinations(MethodCall& call) {
  Values results;
  for (auto& one : TRY(combined(call))) {
    auto list = Value::list(std::move(one));
    results.push_back(call.count() == 1 ? TRY(call.apply({std::move(list)})) : std::move(list));
  }
  return call.list_value(std::move(results));
}

Outcome<Value> each_combination(MethodCall& call) {
  for (auto& one : TRY(combined(call))) TRY(call.apply({Value::list(std::move(one))}));
  return Value();
}

Outcome<std::vector<Values>> permuted(MethodCall& call) {
  const auto items = TRY(call.items());
  if (items.size() > 9) return refuse("the permutations of {} items are too many", items.size());
  std::vector<std::size_t> order(items.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::vector<Values> all;
  do {
    Values one;
    for (const auto i : order) one.push_back(items[i]);
    TRY(call.evaluator.charge(one.size() * sizeof(Value)));
    all.push_back(std::move(one));
  } while (std::next_permutation(order.begin(), order.end()));
  return all;
}

Outcome<Value> permutations(MethodCall& call) {
  if (call.count() == 1) {
    Values results;
    for (auto& one : TRY(permuted(call)))
      results.push_back(TRY(call.apply({Value::list(std::move(one))})));
    return call.list_value(std::move(results));
  }
  auto set = std::make_shared<Set>();
  for (auto& one : TRY(permuted(call))) TRY(Outcome<bool>(set->add(Value::list(std::move(one)))));
  return Value(std::move(set));
}

Outcome<Value> each_permutation(MethodCall& call) {
  for (auto& one : TRY(permuted(call))) TRY(call.apply({Value::list(std::move(one))}));
  return Value();
}

Outcome<Value> subsequences(MethodCall& call) {
  const auto items = TRY(call.items());
  if (items.size() > 16) return refuse("the subsequences of {} items are too many", items.size());
  auto set = std::make_shared<Set>();
  for (std::size_t mask = 1; mask < std::size_t{1} << items.size(); ++mask) {
    Values one;
    for (std::size_t i = 0; i < items.size(); ++i)
      if ((mask >> i & 1U) != 0) one.push_back(items[i]);
    TRY(call.evaluator.charge(one.size() * sizeof(Value)));
    TRY(Outcome<bool>(set->add(Value::list(std::move(one)))));
  }
  return Value(std::move(set));
}

}  // namespace

void add_list_combine(MethodTable& table) {
  table = {
      {"plus", {1, 2, plus}},
      {"minus", {1, 1, minus}},
      {"intersect", {1, 1, intersect}},
      {"and", {1, 1, intersect}},
      {"union", {1, 1, union_of}},
      {"or", {1, 1, union_of}},
      {"multiply", {1, 1, multiply}},
      {"flatten", {0, 1, flatten}},
      {"transpose", {0, 0, transpose}},
      {"combinations", {0, 1, combinations}},
      {"eachCombination", {1, 1, each_combination}},
      {"permutations", {0, 1, permutations}},
      {"eachPermutation", {1, 1, each_permutation}},
      {"subsequences", {0, 0, subsequences}},
  };
}

}  // namespace cupel::pipeline
