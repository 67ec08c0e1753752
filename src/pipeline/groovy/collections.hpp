// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "pipeline/groovy/methods.hpp"

namespace cupel::pipeline {

// What the methods of lists, sets, ranges and maps share.

/// A set where the receiver is one, else a list.
Outcome<Value> same_kind(MethodCall& call, std::vector<Value> items);
/// The receiver, if it may be changed: not fixed, an ArrayList rather than an array.
Outcome<std::shared_ptr<List>> growable(MethodCall& call);
/// The same for methods that keep the size: of arrays too.
Outcome<std::shared_ptr<List>> changeable(MethodCall& call);

/// Calls the last argument with an entry of a map: { key, value -> } or { entry -> }.
Outcome<Value> apply_entry(MethodCall& call, const Value& key, const Value& value,
                           std::optional<Value> more = std::nullopt);

/// Below zero, zero, above.
using Order = std::function<Outcome<int>(const Value&, const Value&)>;
/// By compareTo; what cannot be compared goes by its hash, as Groovy's sort() does.
Order natural_order();
/// Of a closure with one parameter (what to compare) or two (how), or of a Comparator.
Outcome<Order> order_of(MethodCall& call, const Value& by);
/// Stable, and safe with any order: the worst that a bad one does is a bad result.
Outcome<std::vector<Value>> sorted(std::vector<Value> items, const Order& order);
/// A java.util.Comparator.
Value comparator_value(Order order);

/// Whether values are in a collection, quickly for many.
class Members {
 public:
  /// java: 1 is not 1L; groovy: all numbers of one value are the same.
  enum class Equality { java, groovy };
  explicit Members(Equality equality) : equality_(equality) {}
  static Outcome<Members> of(const std::vector<Value>& items, Equality equality);
  /// False if it was there already.
  Outcome<bool> add(const Value& value);
  Outcome<bool> has(const Value& value) const;

 private:
  Outcome<Value> key(const Value& value) const;
  Equality equality_;
  Set set_;
};

/// What a collection method takes as "another collection".
Outcome<std::vector<Value>> collection(MethodCall& call, std::size_t i);

/// Puts what a collectEntries closure gave: a map, an entry or a list of two.
Outcome<void> put_entry(Map& map, const Value& pair);

}  // namespace cupel::pipeline
