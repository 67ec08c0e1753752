// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/inspect.hpp"

#include "pipeline/groovy/walk.hpp"

namespace cupel::pipeline {
namespace {

constexpr int max_depth = 200;

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    switch (c) {
      case '\'': result += "\\'"; break;
      case '\\': result += "\\\\"; break;
      case '\n': result += "\\n"; break;
      case '\r': result += "\\r"; break;
      case '\t': result += "\\t"; break;
      default: result += c;
    }
  }
  return result + "'";
}

Outcome<void> write(const Value& value, int depth, std::string& to) {
  if (depth > max_depth || to.size() > max_text)
    return refuse("the value is too large or nested too deep to print");
  if (const auto* text = value.as_text()) {
    to += quoted(*text);
  } else if (const auto* map = value.map_here()) {
    to += map->empty() ? "[:" : "[";
    bool first = true;
    for (const auto& [key, held] : map->entries()) {
      if (!first) to += ", ";
      first = false;
      TRY(write(key, depth + 1, to));
      to += ':';
      TRY(write(held, depth + 1, to));
    }
    to += ']';
  } else if (value.list_here() || value.set_here()) {
    to += '[';
    bool first = true;
    for (const auto& item : TRY(elements_of(value))) {
      if (!first) to += ", ";
      first = false;
      TRY(write(item, depth + 1, to));
    }
    to += ']';
  } else if (const auto* range = value.as_range(); range && !range->empty) {
    TRY(write(range->value_at(0), depth + 1, to));
    to += "..";
    TRY(write(range->value_at(range->size() - 1), depth + 1, to));
  } else {
    to += TRY(text_of(value));
  }
  return {};
}

}  // namespace

Outcome<std::string> inspect(const Value& value) {
  std::string text;
  TRY(write(value, 0, text));
  return text;
}

}  // namespace cupel::pipeline
