// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>

#include "base/text.hpp"
#include "pipeline/groovy/json_text.hpp"
#include "pipeline/groovy/number_text.hpp"
#include "pipeline/groovy/utf8.hpp"

namespace cupel::pipeline {
namespace {

constexpr int max_depth = 190;  // what to_text and equal can still walk

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  Result<Value> document() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    auto value = TRY(read(0));
    blanks();
    if (at_ < text_.size()) return wrong("nothing more");
    return value;
  }

 private:
  tl::unexpected<Error> wrong(std::string_view expected) const {
    const auto before = text_.substr(0, std::min(at_, text_.size()));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto column = at_ - (before.rfind('\n') + 1) + 1;
    const auto found =
        at_ < text_.size()
            ? "'" +
                  printable(
                      text_.substr(at_, std::max<std::size_t>(utf8_length(text_.substr(at_)), 1))) +
                  "'"
            : std::string("the end of the text");
    return fail(Fault::invalid, "the JSON has {} where {} is expected (line {}, column {})", found,
                expected, line, column);
  }

  void blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string::npos)
      ++at_;
  }
  bool take(char c) {
    blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  Result<Value> read(int depth) {
    if (depth > max_depth)
      return fail(Fault::invalid, "the JSON is nested more than {} deep", max_depth);
    blanks();
    if (at_ >= text_.size()) return wrong("a value");
    const char c = text_[at_];
    if (c == '{') return object(depth);
    if (c == '[') return array(depth);
    if (c == '"') return Value(TRY(string()));
    if (c == '-' || std::isdigit(static_cast<unsigned char>(c)) != 0) return number();
    if (word("null")) return Value();
    if (word("true")) return Value(true);
    if (word("false")) return Value(false);
    return wrong("a value");
  }

  bool word(std::string_view name) {
    if (!text_.substr(at_).starts_with(name)) return false;
    at_ += name.size();
    return true;
  }

  Result<Value> array(int depth) {
    ++at_;
    std::vector<Value> items;
    while (!take(']')) {
      if (!items.empty() && !take(',')) return wrong("',' or ']'");
      items.push_back(TRY(read(depth + 1)));
    }
    return Value::list(std::move(items));
  }

  Result<Value> object(int depth) {
    ++at_;
    auto map = std::make_shared<Map>();
    for (bool first = true; !take('}'); first = false) {
      if (!first && !take(',')) return wrong("',' or '}'");
      blanks();
      if (at_ >= text_.size() || text_[at_] != '"') return wrong("a key in double quotes");
      auto key = TRY(string());
      if (!take(':')) return wrong("':'");
      TRY(map->put(Value(std::move(key)), TRY(read(depth + 1))));
    }
    return Value(std::move(map));
  }

  void digits() {
    while (at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }

  Result<Value> number() {
    const auto begin = at_;
    if (text_[at_] == '-') ++at_;
    const auto first = at_;
    digits();
    if (at_ == first) return wrong("a digit");
    bool whole = true;
    if (at_ < text_.size() && text_[at_] == '.') {
      whole = false;
      const auto fraction = ++at_;
      digits();
      if (at_ == fraction) return wrong("a digit");
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      whole = false;
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      const auto exponent = at_;
      digits();
      if (at_ == exponent) return wrong("a digit");
    }
    const auto written = text_.substr(begin, at_ - begin);
    return whole ? whole_number(written) : decimal_number(written);
  }

  Result<std::string> string() {
    ++at_;
    std::string value;
    while (at_ < text_.size() && text_[at_] != '"') {
      const auto plain = text_.find_first_of("\"\\", at_);
      value += text_.substr(at_, plain - at_);
      at_ = std::min(plain, text_.size());
      if (at_ < text_.size() && text_[at_] == '\\') TRY(escape(value));
    }
    if (at_ >= text_.size()) return wrong("'\"'");
    ++at_;
    return value;
  }

  Result<> escape(std::string& value) {
    ++at_;
    constexpr std::string_view names = "\"\\/bfnrt", values = "\"\\/\b\f\n\r\t";
    if (at_ >= text_.size()) return wrong("an escape");
    if (text_[at_] == 'u') {
      ++at_;
      auto character = TRY(code_unit());
      if (character >= 0xD800 && character < 0xDC00 && text_.substr(at_).starts_with("\\u")) {
        at_ += 2;
        const auto low = TRY(code_unit());
        if (low >= 0xDC00 && low < 0xE000) {
          character = 0x10000 + ((character - 0xD800) << 10U) + (low - 0xDC00);
        } else {
          append_utf8(character, value);
          character = low;
        }
      }
      append_utf8(character, value);
      return {};
    }
    const auto place = names.find(text_[at_]);
    if (place == std::string_view::npos) return wrong("one of \"\\/bfnrtu");
    value += values[place];
    ++at_;
    return {};
  }

  Result<char32_t> code_unit() {
    char32_t unit = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const auto c = at_ < text_.size() ? static_cast<unsigned char>(text_[at_]) : '\0';
      if (std::isxdigit(c) == 0) return wrong("a hexadecimal digit");
      const auto digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
      unit = unit * 16 + static_cast<char32_t>(digit);
    }
    return unit;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<Value> parse_json(std::string_view text) { return JsonReader(text).document(); }

void make_json_objects(const Value& value) {
  if (auto* list = value.list_here()) {
    list->type = json_array_class;
    for (const auto& item : list->items) make_json_objects(item);
  }
  if (auto* map = value.map_here()) {
    map->type = json_object_class;
    for (const auto& [_, held] : map->entries()) make_json_objects(held);
  }
}

bool is_json_object(const Value& value) {
  if (const auto* list = value.list_here()) return list->type == json_array_class;
  return value.map_here() && value.map_here()->type == json_object_class;
}

}  // namespace cupel::pipeline
