// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "pipeline/groovy/value.hpp"

namespace cupel::pipeline {

/// One JSON document as groovy.json reads it: Integer, Long or BigInteger, BigDecimal, maps in the
/// order of the text. The error says line and column. Depth and size are limited.
Result<Value> parse_json(std::string_view text);

/// The class names of the maps and lists that readJSON gives in Jenkins; their text is JSON.
inline constexpr std::string_view json_object_class = "net.sf.json.JSONObject";
inline constexpr std::string_view json_array_class = "net.sf.json.JSONArray";
/// Makes such of what parse_json() gave, and of all that is in it.
void make_json_objects(const Value& value);
bool is_json_object(const Value& value);

enum class JsonStyle {
  compact,          ///< as groovy.json.JsonOutput.toJson: \uXXXX for what is not ASCII
  pretty,           ///< as JsonOutput.prettyPrint: four spaces
  compact_unicode,  ///< other characters as they are
  pretty_unicode,
};

/// GStrings with lazy parts must have been made text before. What has no JSON form fails.
Result<std::string> write_json(const Value& value, JsonStyle style);

/// As the pretty styles, with so many blanks a level.
Result<std::string> write_indented_json(const Value& value, std::size_t blanks);

/// One string of JSON, quoted.
void append_json_string(std::string_view text, JsonStyle style, std::string& to);

}  // namespace cupel::pipeline
