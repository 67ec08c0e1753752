// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <unordered_map>

#include "pipeline/groovy/value.hpp"

namespace cupel::pipeline {

/// A map with any keys, equal as Java's equals() says: 1 and 1L are two keys, a GString is not its
/// String. In the order of insertion, or sorted by an order of its own (TreeMap). Keys that change
/// while they are in a map are not found again, as in Java.
class Map {
 public:
  using Entry = std::pair<Value, Value>;
  /// Below zero, zero, above.
  using Order = std::function<Result<int>(const Value&, const Value&)>;

  Map() = default;
  explicit Map(Order order) : order_(std::move(order)) { type = "java.util.TreeMap"; }

  /// Valid until the next change.
  const std::vector<Entry>& entries() const;
  std::size_t size() const { return entries_.size() - dead_; }
  bool empty() const { return size() == 0; }
  bool sorted() const { return order_ != nullptr; }
  const Order& order() const { return order_; }
  /// Null if there is none. A key that cannot be compared is not there.
  const Value* find(const Value& key) const;
  Value* find(const Value& key);
  /// The same for a String as key, without making one.
  const Value* find_text(std::string_view key) const;
  /// Fails if the key cannot be compared, or there are too many entries.
  Result<> put(const Value& key, Value value);
  /// The value that was there. Cheap, wherever the entry stands.
  Value remove(const Value& key);
  void clear();

  std::string type = {};  ///< empty: java.util.LinkedHashMap
  bool fixed = false;     ///< unmodifiable
  Value fallback;         ///< the closure of withDefault { }, which makes what is missing

 private:
  struct Position {
    std::size_t place = 0;
    bool found = false;
  };
  Result<std::size_t> search(const Value& key, bool& found) const;
  Position locate(const Value& key, std::size_t hash) const;
  Position locate_text(std::string_view key, std::size_t hash) const;
  template <typename Same>
  Position locate_by(std::size_t hash, const Same& same) const;
  void compact() const;
  void index_all() const;

  // Removed entries stay as holes until somebody looks at all of them: so both are cheap.
  mutable std::vector<Entry> entries_;
  mutable std::vector<std::size_t> hashes_;
  mutable std::vector<bool> holes_;
  mutable std::size_t dead_ = 0;
  mutable std::unordered_multimap<std::size_t, std::size_t> places_;  ///< of large maps only
  mutable bool indexed_ = false;
  Order order_;
};

/// Values that are all different, in the order of a Map's keys.
class Set {
 public:
  Set() = default;
  explicit Set(Map::Order order) : items_(std::move(order)) { type = "java.util.TreeSet"; }

  /// False if it was there already.
  Result<bool> add(const Value& value);
  bool contains(const Value& value) const { return items_.find(value) != nullptr; }
  bool remove(const Value& value);
  void clear() { items_.clear(); }
  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  std::vector<Value> items() const;
  const Map::Order& order() const { return items_.order(); }
  bool sorted() const { return items_.sorted(); }

  std::string type = {};  ///< empty: java.util.LinkedHashSet
  bool fixed = false;     ///< unmodifiable

 private:
  Map items_;
};

/// As Java's equals(): 1 is not 1L, 1.0 is not 1.00.
Result<bool> same_key(const Value& a, const Value& b);

}  // namespace cupel::pipeline
