// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>

#include "base/text.hpp"
#include "pipeline/groovy/methods.hpp"

namespace cupel::pipeline {
namespace {

using Table = std::unordered_map<std::string_view, Method>;
using List = std::vector<Value>;

/// The text that a pattern stands for, if it has nothing special in it.
Outcome<std::string> literal(const std::string& pattern) {
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size() &&
        !std::isalnum(static_cast<unsigned char>(pattern[i + 1])))
      text += pattern[++i];
    else if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos)
      return refuse("the regular expression '{}' is not supported yet", pattern);
    else
      text += c;
  }
  return text;
}

Outcome<Value> replaced(MethodCall& call, const std::string& what, std::size_t limit) {
  const auto text = TRY(call.own_text());
  const auto with = TRY(call.text(1));
  std::string whole;
  std::size_t place = 0, count = 0;
  if (what.empty()) return refuse("replacing an empty text is not supported");
  for (auto next = text.find(what); next != std::string::npos && count < limit;
       next = text.find(what, place), ++count) {
    whole.append(text, place, next - place).append(with);
    if (whole.size() > max_text) return refuse("the text would become too long");
    place = next + what.size();
  }
  whole.append(text, place);
  TRY(call.evaluator.charge(whole.size()));
  return Value(std::move(whole));
}

Outcome<Value> replace(MethodCall& call) {
  return replaced(call, TRY(call.text(0)), std::string::npos);
}

Outcome<Value> replace_all(MethodCall& call) {
  if (TRY(call.text(1)).find_first_of("$\\") != std::string::npos)
    return refuse("a group in the replacement is not supported yet");
  return replaced(call, TRY(literal(TRY(call.text(0)))), std::string::npos);
}

Outcome<Value> replace_first(MethodCall& call) {
  if (TRY(call.text(1)).find_first_of("$\\") != std::string::npos)
    return refuse("a group in the replacement is not supported yet");
  return replaced(call, TRY(literal(TRY(call.text(0)))), 1);
}

/// At white space; empty parts are left out.
List words(std::string_view text, std::string_view separators) {
  List parts;
  for (std::size_t i = 0; i < text.size();) {
    const auto begin = text.find_first_not_of(separators, i);
    if (begin == std::string_view::npos) break;
    const auto end = std::min(text.find_first_of(separators, begin), text.size());
    parts.emplace_back(text.substr(begin, end - begin));
    i = end;
  }
  return parts;
}

constexpr std::string_view white_space = " \t\n\r\f\v";

Outcome<Value> split_text(MethodCall& call) {
  const auto text = TRY(call.own_text());
  if (call.count() == 0) return Value::list(words(text, white_space));
  const auto pattern = TRY(call.text(0));
  List parts;
  if (pattern == "\\s+") {
    parts = words(text, white_space);
    // Java keeps an empty part in front of a leading separator.
    if (!text.empty() && white_space.find(text.front()) != std::string_view::npos)
      parts.insert(parts.begin(), Value(""));
  } else if (pattern == "\\r?\\n" || pattern == "\\R") {
    for (auto& line : split(text, '\n')) {
      if (line.ends_with('\r')) line.pop_back();
      parts.emplace_back(std::move(line));
    }
  } else {
    const auto separator = TRY(literal(pattern));
    if (separator.empty()) return Value::list(TRY(Outcome<List>(elements(call.self))));
    std::size_t place = 0;
    for (auto next = text.find(separator); next != std::string::npos;
         next = text.find(separator, place)) {
      parts.emplace_back(text.substr(place, next - place));
      place = next + separator.size();
    }
    parts.emplace_back(text.substr(place));
  }
  // And drops empty parts at the end, but not the only one.
  while (parts.size() > 1 && parts.back().as_text()->empty()) parts.pop_back();
  return Value::list(std::move(parts));
}

Outcome<Value> tokenize(MethodCall& call) {
  const auto separators = call.count() == 0 ? std::string(white_space) : TRY(call.text(0));
  return Value::list(words(TRY(call.own_text()), separators));
}

Outcome<Value> lines_of(MethodCall& call) {
  const auto text = TRY(call.own_text());
  List lines;
  for (auto& line : split(text, '\n')) {
    if (line.ends_with('\r')) line.pop_back();
    lines.emplace_back(std::move(line));
  }
  if (!lines.empty() && lines.back().as_text()->empty()) lines.pop_back();
  return Value::list(std::move(lines));
}

Outcome<Value> substring(MethodCall& call) {
  const auto characters = TRY(Outcome<List>(elements(call.self)));
  const auto size = static_cast<std::int64_t>(characters.size());
  const auto begin = TRY(call.integer(0));
  const auto end = call.count() > 1 ? TRY(call.integer(1)) : size;
  if (begin < 0 || end > size || begin > end)
    return raise("java.lang.StringIndexOutOfBoundsException", "begin {}, end {}, length {}", begin,
                 end, size);
  std::string part;
  for (auto i = begin; i < end; ++i) part += *characters[static_cast<std::size_t>(i)].as_text();
  return Value(std::move(part));
}

/// In characters, from a place in bytes.
std::int64_t character_index(const std::string& text, std::size_t place) {
  if (place == std::string::npos) return -1;
  return std::count_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(place),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

Outcome<Value> upper(MethodCall& call) {
  auto text = TRY(call.own_text());
  for (auto& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return Value(std::move(text));
}

Outcome<Value> capitalize(MethodCall& call) {
  auto text = TRY(call.own_text());
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return Value(std::move(text));
}

Outcome<Value> pad(MethodCall& call, bool left) {
  auto text = TRY(call.own_text());
  const auto width = TRY(call.integer(0));
  const auto with = call.count() > 1 ? TRY(call.text(1)) : std::string(" ");
  if (width > static_cast<std::int64_t>(max_text) || with.empty())
    return refuse("padding to {} is not supported", width);
  const auto size = character_index(text, text.size());
  std::string padding;
  for (auto i = size; i < width; ++i)
    padding += with[static_cast<std::size_t>(i - size) % with.size()];
  return Value(left ? padding + text : text + padding);
}

Outcome<Value> reverse(MethodCall& call) {
  std::string whole;
  auto characters = TRY(Outcome<List>(elements(call.self)));
  for (auto c = characters.rbegin(); c != characters.rend(); ++c) whole += *c->as_text();
  return Value(std::move(whole));
}

Outcome<Value> count_of(MethodCall& call) {
  const auto text = TRY(call.own_text());
  const auto part = TRY(call.text(0));
  std::int64_t count = 0;
  if (part.empty()) return refuse("count of an empty text is not supported");
  for (auto next = text.find(part); next != std::string::npos;
       next = text.find(part, next + part.size()))
    ++count;
  return Value(count);
}

Outcome<Value> each_character(MethodCall& call) {
  for (auto& item : TRY(call.items())) TRY(call.apply({std::move(item)}));
  return call.self;
}

const Table& table() {
  static const Table methods = {
      {"trim",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(trim(TRY(c.own_text()))); }}},
      {"strip",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(trim(TRY(c.own_text()))); }}},
      {"toLowerCase",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(lower(TRY(c.own_text()))); }}},
      {"toUpperCase", {0, 0, upper}},
      {"capitalize", {0, 0, capitalize}},
      {"reverse", {0, 0, reverse}},
      {"split", {0, 1, split_text}},
      {"tokenize", {0, 1, tokenize}},
      {"readLines", {0, 0, lines_of}},
      {"lines", {0, 0, lines_of}},
      {"replace", {2, 2, replace}},
      {"replaceAll", {2, 2, replace_all}},
      {"replaceFirst", {2, 2, replace_first}},
      {"substring", {1, 2, substring}},
      {"take",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          const auto wanted = TRY(c.integer(0));
          std::string part;
          std::int64_t taken = 0;
          for (const auto& item : TRY(c.items()))
            if (taken++ < wanted) part += *item.as_text();
          return Value(std::move(part));
        }}},
      {"contains",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(TRY(c.own_text()).find(TRY(c.text(0))) != std::string::npos);
        }}},
      {"startsWith",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(TRY(c.own_text()).starts_with(TRY(c.text(0))));
        }}},
      {"endsWith",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(TRY(c.own_text()).ends_with(TRY(c.text(0))));
        }}},
      {"equalsIgnoreCase",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(lower(TRY(c.own_text())) == lower(TRY(c.text(0))));
        }}},
      {"indexOf",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          const auto text = TRY(c.own_text());
          return Value(character_index(text, text.find(TRY(c.text(0)))));
        }}},
      {"lastIndexOf",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          const auto text = TRY(c.own_text());
          return Value(character_index(text, text.rfind(TRY(c.text(0)))));
        }}},
      {"isEmpty",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(TRY(c.own_text()).empty()); }}},
      {"isBlank",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> { return Value(trim(TRY(c.own_text())).empty()); }}},
      {"isInteger",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(parse_integer(trim(TRY(c.own_text()))).has_value());
        }}},
      {"isNumber",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(Decimal::parse(trim(TRY(c.own_text()))).has_value());
        }}},
      {"toBoolean",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          const auto text = lower(trim(TRY(c.own_text())));
          return Value(text == "true" || text == "y" || text == "1");
        }}},
      {"concat",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> { return Value(TRY(c.own_text()) + TRY(c.text(0))); }}},
      {"size",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          const auto text = TRY(c.own_text());
          return Value(character_index(text, text.size()));
        }}},
      {"length",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          const auto text = TRY(c.own_text());
          return Value(character_index(text, text.size()));
        }}},
      {"count", {1, 1, count_of}},
      {"each", {1, 1, each_character}},
      {"padLeft", {1, 2, [](MethodCall& c) -> Outcome<Value> { return pad(c, true); }}},
      {"padRight", {1, 2, [](MethodCall& c) -> Outcome<Value> { return pad(c, false); }}},
  };
  return methods;
}

}  // namespace

const Method* find_text_method(std::string_view name) {
  const auto found = table().find(name);
  return found == table().end() ? nullptr : &found->second;
}

}  // namespace cupel::pipeline
