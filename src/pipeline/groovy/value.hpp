// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "pipeline/groovy/decimal.hpp"

namespace cupel::pipeline {

class Object;
class Value;
struct Closure;

struct List;
class Map;

/// A range of integers, both ends included; empty ones are made by `a..<a`.
struct Range {
  std::int64_t from = 0, to = 0;
  bool empty = false;
  std::int64_t size() const;
  std::int64_t at(std::int64_t index) const { return from <= to ? from + index : from - index; }
};

/// "a${x}b": texts has one more than values. Made into text when it is used, not when it is
/// written.
struct GString;

/// Any Groovy value. Copies share lists, maps and objects, as references in Groovy do. Strings are
/// immutable. To be touched under the interpreter's lock only, but for plain ones.
class Value {
 public:
  using Text = std::shared_ptr<const std::string>;

  Value() = default;
  Value(bool flag) : value_(flag) {}
  Value(int number) : value_(std::int64_t{number}) {}
  Value(std::int64_t number) : value_(number) {}
  Value(Decimal number) : value_(number) {}
  Value(std::string text) : value_(std::make_shared<const std::string>(std::move(text))) {}
  Value(std::string_view text) : Value(std::string(text)) {}
  Value(const char* text) : Value(std::string(text)) {}
  Value(GString text);
  Value(Range range) : value_(range) {}
  Value(std::shared_ptr<List> list) : value_(std::move(list)) {}
  Value(std::shared_ptr<Map> map) : value_(std::move(map)) {}
  Value(std::shared_ptr<Closure> closure) : value_(std::move(closure)) {}
  Value(std::shared_ptr<Object> object) : value_(std::move(object)) {}
  static Value list(std::vector<Value> items);

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  const bool* as_flag() const { return std::get_if<bool>(&value_); }
  const std::int64_t* as_integer() const { return std::get_if<std::int64_t>(&value_); }
  const Decimal* as_decimal() const { return std::get_if<Decimal>(&value_); }
  /// A String; not a GString.
  const std::string* as_text() const;
  const GString* as_gstring() const;
  bool is_text() const { return as_text() != nullptr || as_gstring() != nullptr; }
  const Range* as_range() const { return std::get_if<Range>(&value_); }
  std::shared_ptr<List> as_list() const { return shared<List>(); }
  std::shared_ptr<Map> as_map() const { return shared<Map>(); }
  std::shared_ptr<Closure> as_closure() const { return shared<Closure>(); }
  std::shared_ptr<Object> as_object() const { return shared<Object>(); }

  /// "java.lang.String" and so on, for messages.
  std::string type_name() const;

 private:
  template <typename T>
  std::shared_ptr<T> shared() const {
    const auto* held = std::get_if<std::shared_ptr<T>>(&value_);
    return held ? *held : nullptr;
  }

  // shared: Groovy's references; an immutable string is shared to make copies cheap.
  std::variant<std::monostate, bool, std::int64_t, Decimal, Text, std::shared_ptr<const GString>,
               Range, std::shared_ptr<List>, std::shared_ptr<Map>, std::shared_ptr<Closure>,
               std::shared_ptr<Object>>
      value_;
};

struct GString {
  std::vector<std::string> texts;
  std::vector<Value> values;
};

struct List {
  std::vector<Value> items;
};

/// A map in the order of insertion. Keys: null, booleans, numbers, strings.
class Map {
 public:
  using Entry = std::pair<Value, Value>;
  const std::vector<Entry>& entries() const { return entries_; }
  const Value* find(const Value& key) const;
  /// Fails if the key is of a kind that no map here can hold.
  Result<> put(const Value& key, Value value);
  /// The value that was there.
  Value remove(const Value& key);
  void clear();

 private:
  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::size_t> places_;
};

/// What a string, list or map may hold at most.
inline constexpr std::size_t max_text = 64U << 20;
inline constexpr std::size_t max_items = 5'000'000;

/// As `if (x)` sees it.
bool truth(const Value& value);
/// As `==`. Fails on structures too deep or too large to compare.
Result<bool> equal(const Value& a, const Value& b);
/// As println prints it: [a, b], [k:v], null. Fails where it would become too long or too deep.
/// A GString's lazy parts must have been resolved before (Interpreter::text does).
Result<std::string> to_text(const Value& value);
/// Below zero, zero, above. Fails where Groovy cannot compare.
Result<int> compare(const Value& a, const Value& b);
/// The elements of a list, a range, a map (as entries [key:, value:]), a string (characters); a
/// single value is one element, null is none.
Result<std::vector<Value>> elements(const Value& value);
/// A copy that shares nothing that can change; GStrings become strings. Closures and objects stay.
Result<Value> frozen(const Value& value);

}  // namespace cupel::pipeline
