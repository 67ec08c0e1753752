// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/collections.hpp"

namespace cupel::pipeline {
namespace {

using Values = std::vector<Value>;

/// inject(first) { a, b -> }, or from the first element on.
Outcome<Value> inject(MethodCall& call) {
  const auto items = TRY(call.items());
  std::size_t next = 0;
  if (call.count() == 1) {
    if (items.empty())
      return raise("java.util.NoSuchElementException",
                   "Cannot call inject() on an empty collection without passing an initial value.");
    next = 1;
  }
  Value result = call.count() == 2 ? call[0] : items[0];
  for (; next < items.size(); ++next) result = TRY(call.apply({std::move(result), items[next]}));
  return result;
}

/// sum(), sum { }, sum(first), sum(first) { }
Outcome<Value> sum(MethodCall& call) {
  const bool closure = call.has_closure();
  const bool initial = call.count() == (closure ? 2 : 1);
  Value total = initial ? call[0] : Value();
  bool any = initial;
  for (const auto& item : TRY(call.items())) {
    auto value = closure ? TRY(call.apply({item})) : item;
    total = any ? TRY(call.evaluator.plus(total, value, call.context)) : std::move(value);
    any = true;
  }
  return total;
}

/// count(value), count { }
Outcome<Value> count(MethodCall& call) {
  std::int64_t number = 0;
  for (const auto& item : TRY(call.items()))
    number +=
        (call.has_closure() ? TRY(call.test({item})) : TRY(equal_values(item, call[0]))) ? 1 : 0;
  return Value(number);
}

Outcome<Value> extreme(MethodCall& call, int wanted) {
  const auto items = TRY(call.items());
  if (items.empty()) return Value();
  const auto closure = call.count() == 1 ? call[0].as_closure() : nullptr;
  if (closure && closure->parameter_count() < 2) {
    // Each is asked once.
    std::size_t best = 0;
    Value best_value = TRY(call.apply({items[0]}));
    for (std::size_t i = 1; i < items.size(); ++i) {
      auto value = TRY(call.apply({items[i]}));
      if (TRY(compare_values(value, best_value)) * wanted <= 0) continue;
      best = i;
      best_value = std::move(value);
    }
    return items[best];
  }
  Order order = compare_values;
  if (call.count() == 1) order = TRY(order_of(call, call[0]));
  Value best;
  for (const auto& item : items)
    if (best.is_null() || (!item.is_null() && TRY(order(item, best)) * wanted > 0)) best = item;
  return best;
}

Outcome<Value> join(MethodCall& call) {
  const auto separator = call.count() == 0 || call[0].is_null() ? std::string() : TRY(call.text(0));
  std::string whole;
  bool first = true;
  for (const auto& item : TRY(call.items())) {
    if (!first) whole += separator;
    first = false;
    whole += TRY(call.evaluator.text(item, call.context));
    if (whole.size() > max_text) break;
  }
  return call.text_value(std::move(whole));
}

}  // namespace

void add_folding(MethodTable& table) {
  table = {
      {"inject", {1, 2, inject}},
      {"sum", {0, 2, sum}},
      {"count", {1, 1, count}},
      {"max", {0, 1, [](MethodCall& c) { return extreme(c, 1); }}},
      {"min", {0, 1, [](MethodCall& c) { return extreme(c, -1); }}},
      {"join", {0, 1, join}},
  };
}

}  // namespace cupel::pipeline
