// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "pipeline/groovy/json_text.hpp"
#include "pipeline/groovy/map_entry.hpp"
#include "pipeline/groovy/time_values.hpp"
#include "pipeline/groovy/utf8.hpp"

namespace cupel::pipeline {
namespace {

constexpr int max_depth = 200;
constexpr std::size_t max_parts = 1'000'000;

bool is_pretty(JsonStyle style) {
  return style == JsonStyle::pretty || style == JsonStyle::pretty_unicode;
}

class JsonWriter {
 public:
  explicit JsonWriter(JsonStyle style) : style_(style) {}

  Result<> write(const Value& value, int depth) {
    if (depth > max_depth || ++parts_ > max_parts || text.size() > max_text)
      return fail(Fault::invalid, "the value is too large or nested too deep for JSON");
    if (value.is_null()) return put("null");
    if (value.is_text()) {
      append_json_string(TRY(to_text(value)), style_, text);
      return {};
    }
    if (const auto map = value.as_map()) return object(map->entries(), depth);
    if (value.is_sequence() || value.set_here()) return array(TRY(elements(value)), depth);
    if (value.as_flag() || value.is_number()) return put(TRY(to_text(value)));
    if (const auto entry = as_entry(value))
      return object({{Value("key"), entry->first}, {Value("value"), entry->second}}, depth);
    if (const auto* time = dynamic_cast<const TimeObject*>(value.object_here());
        time && time->kind == TimeObject::Kind::old_date)
      return put('"' + TRY(format_moment(time->moment, "yyyy-MM-dd'T'HH:mm:ssZ")) + '"');
    return fail(Fault::invalid, "a {} cannot be written as JSON", value.type_name());
  }

  std::string text;

 private:
  Result<> put(std::string_view words) {
    text += words;
    return {};
  }

  void line(int depth) {
    if (!is_pretty(style_)) return;
    text += '\n';
    text.append(static_cast<std::size_t>(depth) * 4, ' ');
  }

  // Groovy prints an empty pair of brackets on three lines.
  Result<> array(const std::vector<Value>& items, int depth) {
    text += '[';
    line(depth + 1);
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) {
        text += ',';
        line(depth + 1);
      }
      TRY(write(items[i], depth + 1));
    }
    line(depth);
    text += ']';
    return {};
  }

  Result<> object(const std::vector<Map::Entry>& entries, int depth) {
    text += '{';
    line(depth + 1);
    bool first = true;
    for (const auto& [key, value] : entries) {
      if (key.is_null())
        return fail(Fault::invalid, "Maps with null keys can't be converted to JSON");
      if (!first) {
        text += ',';
        line(depth + 1);
      }
      first = false;
      append_json_string(TRY(to_text(key)), style_, text);
      text += is_pretty(style_) ? ": " : ":";
      TRY(write(value, depth + 1));
    }
    line(depth);
    text += '}';
    return {};
  }

  JsonStyle style_;
  std::size_t parts_ = 0;
};

void append_escape(char32_t unit, std::string& to) {
  fmt::format_to(std::back_inserter(to), "\\u{:04x}", static_cast<std::uint32_t>(unit));
}

}  // namespace

void append_json_string(std::string_view text, JsonStyle style, std::string& to) {
  const bool ascii = style == JsonStyle::compact || style == JsonStyle::pretty;
  constexpr std::string_view special = "\"\\\b\f\n\r\t", names = "\"\\bfnrt";
  to += '"';
  for (std::size_t at = 0; at < text.size();) {
    const auto character = next_character(text, at);
    const auto known =
        character < 0x80 ? special.find(static_cast<char>(character)) : std::string_view::npos;
    if (known != std::string_view::npos) {
      to += {'\\', names[known]};
    } else if (character < 0x20 || character == 0x7F || (ascii && character > 0x7F)) {
      if (character > 0xFFFF) {
        append_escape(0xD800 + ((character - 0x10000) >> 10U), to);
        append_escape(0xDC00 + ((character - 0x10000) & 0x3FFU), to);
      } else {
        append_escape(character, to);
      }
    } else {
      append_utf8(character, to);
    }
  }
  to += '"';
}

Result<std::string> write_json(const Value& value, JsonStyle style) {
  JsonWriter writer(style);
  TRY(writer.write(value, 0));
  return std::move(writer.text);
}

Result<std::string> write_indented_json(const Value& value, std::size_t blanks) {
  // The pretty form has four blanks a level; others are made from it.
  constexpr std::size_t written = 4;
  const auto text = TRY(write_json(value, JsonStyle::pretty_unicode));
  std::string changed;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const auto begin = std::min(text.find_first_not_of(' ', at), end);
    changed.append((begin - at) / written * blanks, ' ');
    changed.append(text, begin, end - begin);
    at = end;
  }
  return changed;
}

}  // namespace cupel::pipeline
