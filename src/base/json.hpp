// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.hpp"

namespace cupel::json {

class Value;
using Array = std::vector<Value>;
/// In the order of insertion; small, so that a search is a walk.
using Object = std::vector<std::pair<std::string, Value>>;

/// One JSON value.
class Value {
 public:
  Value() = default;
  Value(std::nullptr_t) {}
  Value(bool flag) : value_(flag) {}
  Value(int number) : value_(std::int64_t{number}) {}
  Value(std::int64_t number) : value_(number) {}
  Value(std::uint64_t number) : value_(static_cast<std::int64_t>(number)) {}
  Value(double number) : value_(number) {}
  Value(const char* text) : value_(std::string(text)) {}
  Value(std::string_view text) : value_(std::string(text)) {}
  Value(std::string text) : value_(std::move(text)) {}
  Value(Array array) : value_(std::move(array)) {}
  Value(Object object) : value_(std::move(object)) {}

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  const bool* as_bool() const { return std::get_if<bool>(&value_); }
  const std::int64_t* as_integer() const { return std::get_if<std::int64_t>(&value_); }
  const double* as_double() const { return std::get_if<double>(&value_); }
  const std::string* as_string() const { return std::get_if<std::string>(&value_); }
  const Array* as_array() const { return std::get_if<Array>(&value_); }
  const Object* as_object() const { return std::get_if<Object>(&value_); }

  /// The member, or nullptr if there is none or this is no object.
  const Value* find(std::string_view key) const;

  /// Members of a kind, for reading foreign documents: an error names the key.
  Result<std::string> text(std::string_view key) const;
  Result<std::int64_t> integer(std::string_view key) const;
  Result<bool> flag(std::string_view key) const;

  friend bool operator==(const Value&, const Value&) = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

/// One document; the error says at which byte. Depth is limited to 64.
Result<Value> parse(std::string_view text);
/// One line; invalid UTF-8 in strings is replaced.
std::string write(const Value& value);

}  // namespace cupel::json
