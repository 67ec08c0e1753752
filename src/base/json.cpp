// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"

#include <boost/json.hpp>

#include "base/text.hpp"

namespace cupel::json {

namespace {

Value from_boost(const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::null: return nullptr;
    case boost::json::kind::bool_: return value.get_bool();
    case boost::json::kind::int64: return value.get_int64();
    case boost::json::kind::uint64: return static_cast<double>(value.get_uint64());
    case boost::json::kind::double_: return value.get_double();
    case boost::json::kind::string: return std::string_view(value.get_string());
    case boost::json::kind::array: {
      Array array;
      for (const auto& item : value.get_array()) array.push_back(from_boost(item));
      return array;
    }
    case boost::json::kind::object: {
      Object object;
      for (const auto& member : value.get_object())
        object.emplace_back(member.key(), from_boost(member.value()));
      return object;
    }
  }
  return nullptr;
}

struct ToBoost {
  boost::json::value operator()(const Value& value) const {
    if (const auto* flag = value.as_bool()) return *flag;
    if (const auto* number = value.as_integer()) return *number;
    if (const auto* number = value.as_double()) return *number;
    if (const auto* text = value.as_string()) return boost::json::string(valid(*text));
    if (const auto* items = value.as_array()) {
      boost::json::array array;
      for (const auto& item : *items) array.push_back((*this)(item));
      return array;
    }
    if (const auto* members = value.as_object()) {
      boost::json::object object;
      for (const auto& [key, member] : *members) object[valid(key)] = (*this)(member);
      return object;
    }
    return nullptr;
  }

  /// Control bytes may stay (JSON escapes them); only what is no UTF-8 is replaced.
  static std::string valid(const std::string& text) {
    std::string result;
    std::size_t start = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (i < text.size() && (static_cast<unsigned char>(text[i]) >= 0x20 && text[i] != 0x7F)) continue;
      result += printable(std::string_view(text).substr(start, i - start));
      if (i < text.size()) result += text[i];
      start = i + 1;
    }
    return result;
  }
};

}  // namespace

const Value* Value::find(std::string_view key) const {
  const auto* object = as_object();
  if (object == nullptr) return nullptr;
  for (const auto& [name, value] : *object)
    if (name == key) return &value;
  return nullptr;
}

Result<std::string> Value::text(std::string_view key) const {
  const auto* member = find(key);
  if (member != nullptr && member->as_string() != nullptr) return *member->as_string();
  return fail(Fault::invalid, "'{}' is missing or not a string", key);
}

Result<std::int64_t> Value::integer(std::string_view key) const {
  const auto* member = find(key);
  if (member != nullptr && member->as_integer() != nullptr) return *member->as_integer();
  return fail(Fault::invalid, "'{}' is missing or not an integer", key);
}

Result<bool> Value::flag(std::string_view key) const {
  const auto* member = find(key);
  if (member != nullptr && member->as_bool() != nullptr) return *member->as_bool();
  return fail(Fault::invalid, "'{}' is missing or not a boolean", key);
}

Result<Value> parse(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = 64;
  boost::json::error_code error;
  boost::json::stream_parser parser({}, options);
  const auto used = parser.write_some(text.data(), text.size(), error);
  if (!error && trim(text.substr(used)).empty()) parser.finish(error);
  else if (!error) error = boost::json::error::extra_data;
  if (error) return fail(Fault::invalid, "no JSON at byte {}: {}", used, error.message());
  return from_boost(parser.release());
}

std::string write(const Value& value) { return boost::json::serialize(ToBoost{}(value)); }

}  // namespace cupel::json
