// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/collections.hpp"

#include <cmath>

#include "pipeline/groovy/map_entry.hpp"
#include "pipeline/groovy/numbers.hpp"
#include "pipeline/groovy/object.hpp"
#include "pipeline/groovy/scope.hpp"

namespace cupel::pipeline {
namespace {

/// Of Collections.reverseOrder(), String.CASE_INSENSITIVE_ORDER, Comparator.comparing().
class ComparatorObject final : public Object {
 public:
  explicit ComparatorObject(Order order) : order_(std::move(order)) {}
  std::string type_name() const override { return "java.util.Comparator"; }
  const Order& order() const { return order_; }
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    if (name == "compare" && arguments.size() == 2)
      return Value(TRY(order_(arguments[0], arguments[1])));
    if (name == "reversed" && arguments.empty())
      return comparator_value(
          [order = order_](const Value& a, const Value& b) { return order(b, a); });
    return Object::call(name, arguments, context);
  }

 private:
  Order order_;
};

Outcome<int> sign_of(const Value& value) {
  if (const auto* number = value.as_integer()) return *number < 0 ? -1 : *number > 0 ? 1 : 0;
  if (value.is_null()) return 0;
  if (const auto* flag = value.as_flag()) return *flag ? 1 : 0;
  return compare_values(value, Value(0));
}

Outcome<void> merge_sort(std::vector<Value>& items, std::vector<Value>& spare, std::size_t begin,
                         std::size_t end, const Order& order) {
  if (end - begin < 2) return {};
  const auto middle = begin + (end - begin) / 2;
  TRY(merge_sort(items, spare, begin, middle, order));
  TRY(merge_sort(items, spare, middle, end, order));
  if (TRY(order(items[middle - 1], items[middle])) <= 0) return {};
  for (auto i = begin; i < end; ++i) spare[i] = std::move(items[i]);
  auto left = begin, right = middle;
  for (auto i = begin; i < end; ++i) {
    const bool take_right =
        left == middle || (right < end && TRY(order(spare[left], spare[right])) > 0);
    items[i] = spare[take_right ? right++ : left++];
  }
  return {};
}

}  // namespace

Outcome<Value> same_kind(MethodCall& call, std::vector<Value> items) {
  if (!call.self.set_here()) return call.list_value(std::move(items));
  TRY(call.evaluator.charge(items.size() * 2 * sizeof(Value)));
  auto set = std::make_shared<Set>();
  for (const auto& item : items) TRY(Outcome<bool>(set->add(item)));
  return Value(std::move(set));
}

Outcome<std::shared_ptr<List>> growable(MethodCall& call) {
  auto list = TRY(changeable(call));
  if (list->is_array())
    return raise("java.lang.UnsupportedOperationException", "an array cannot grow or shrink");
  return list;
}

Outcome<std::shared_ptr<List>> changeable(MethodCall& call) {
  auto list = call.self.as_list();
  if (!list || list->fixed)
    return raise("java.lang.UnsupportedOperationException", "this {} cannot be changed",
                 call.self.type_name());
  return list;
}

Outcome<Value> apply_entry(MethodCall& call, const Value& key, const Value& value,
                           std::optional<Value> more) {
  const auto closure = call.arguments.back().as_closure();
  const std::size_t extra = more ? 1 : 0;
  std::vector<Value> values;
  if (closure && closure->parameter_count() >= 2 + extra)
    values = {key, value};
  else
    values = {entry_of(call.self.as_map(), key, value)};
  if (more) values.push_back(std::move(*more));
  return call.apply(std::move(values));
}

Order natural_order() {
  return [](const Value& a, const Value& b) -> Outcome<int> {
    auto order = compare_values(a, b);
    if (order || !std::holds_alternative<Throw>(order.error().kind())) return order;
    const auto x = TRY(hash_of(a)), y = TRY(hash_of(b));
    return x < y ? -1 : x > y ? 1 : 0;
  };
}

Outcome<Order> order_of(MethodCall& call, const Value& by) {
  if (by.is_null()) return natural_order();
  if (const auto* comparator = dynamic_cast<const ComparatorObject*>(by.object_here()))
    return comparator->order();
  auto& evaluator = call.evaluator;
  auto& context = call.context;
  const auto closure = by.as_closure();
  if (closure && closure->parameter_count() < 2)
    return Order([&evaluator, &context, by](const Value& a, const Value& b) -> Outcome<int> {
      const auto x = TRY(evaluator.call(by, {a}, context));
      const auto y = TRY(evaluator.call(by, {b}, context));
      return natural_order()(x, y);
    });
  if (closure)
    return Order([&evaluator, &context, by](const Value& a, const Value& b) -> Outcome<int> {
      return sign_of(TRY(evaluator.call(by, {a, b}, context)));
    });
  if (by.object_here())
    return Order([&evaluator, &context, by](const Value& a, const Value& b) -> Outcome<int> {
      return sign_of(TRY(evaluator.invoke(by, "compare", {a, b}, context)));
    });
  return raise("java.lang.IllegalArgumentException", "a closure or Comparator is needed, not a {}",
               by.type_name());
}

Outcome<std::vector<Value>> sorted(std::vector<Value> items, const Order& order) {
  std::vector<Value> spare(items.size());
  TRY(merge_sort(items, spare, 0, items.size(), order));
  return items;
}

Value comparator_value(Order order) {
  return Value(std::shared_ptr<Object>(std::make_shared<ComparatorObject>(std::move(order))));
}

Outcome<Members> Members::of(const std::vector<Value>& items, Equality equality) {
  Members members(equality);
  for (const auto& item : items) TRY(members.add(item));
  return members;
}

Outcome<Value> Members::key(const Value& value) const {
  if (equality_ == Equality::java || !value.is_number()) return value;
  if (const auto* floating = value.as_floating(); floating && !std::isfinite(floating->number))
    return value;
  return Value(TRY(decimal_of(value)).stripped());
}

Outcome<bool> Members::add(const Value& value) {
  const auto wanted = TRY(key(value));
  return set_.add(wanted);
}

Outcome<bool> Members::has(const Value& value) const { return set_.contains(TRY(key(value))); }

Outcome<std::vector<Value>> collection(MethodCall& call, std::size_t i) {
  if (call[i].is_null())
    return raise("java.lang.NullPointerException", "a collection is needed, not null");
  return elements_of(call[i]);
}

Outcome<void> put_entry(Map& map, const Value& pair) {
  if (const auto more = pair.as_map()) {
    for (const auto& [key, value] : more->entries()) TRY(Outcome<void>(map.put(key, value)));
    return {};
  }
  if (const auto entry = as_entry(pair)) return map.put(entry->first, entry->second);
  const auto list = pair.as_list();
  if (!list)
    return raise("groovy.lang.GroovyRuntimeException",
                 "collectEntries() needs a map, an entry or a list of two, not a {}",
                 pair.type_name());
  const auto& items = list->items;
  return map.put(items.empty() ? Value() : items[0], items.size() > 1 ? items[1] : Value());
}

}  // namespace cupel::pipeline
