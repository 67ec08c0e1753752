// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <clocale>
#include <cwctype>

#include "pipeline/groovy/methods.hpp"
#include "pipeline/groovy/text_methods.hpp"
#include "pipeline/groovy/utf8.hpp"

namespace cupel::pipeline {
namespace {

locale_t unicode() {
  static locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

template <typename Change>
std::string mapped(std::string_view text, Change change) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) change(next_character(text, at), result);
  return result;
}

char32_t upper(char32_t c) {
  if (c < 0x80) return c >= 'a' && c <= 'z' ? c - 32 : c;
  return unicode() ? static_cast<char32_t>(towupper_l(static_cast<wint_t>(c), unicode())) : c;
}
char32_t lower_of(char32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
  return unicode() ? static_cast<char32_t>(towlower_l(static_cast<wint_t>(c), unicode())) : c;
}

Outcome<Value> first_changed(MethodCall& call, std::string (*change)(std::string_view)) {
  const auto text = TRY(call.own_text());
  if (text.empty()) return Value(text);
  const auto length = byte_of(text, 1);
  return call.text_value(change(std::string_view(text).substr(0, length)) + text.substr(length));
}

/// Java's trim() takes all up to the blank, strip() what Unicode calls white space.
enum class Side { both, front, back };
Outcome<Value> stripped(MethodCall& call, Side side, bool (*is_blank)(char32_t)) {
  const auto text = TRY(call.own_text());
  const auto all = code_points(text);
  std::size_t begin = 0, end = all.size();
  while (side != Side::back && begin < end && is_blank(all[begin])) ++begin;
  while (side != Side::front && end > begin && is_blank(all[end - 1])) --end;
  if (begin == 0 && end == all.size()) return Value(text);
  return call.text_value(std::string(
      characters(text, static_cast<std::int64_t>(begin), static_cast<std::int64_t>(end))));
}
bool is_control(char32_t c) { return c <= ' '; }

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find_first_of("\r\n", at);
    lines.emplace_back(text.substr(at, end - at));
    if (end == std::string_view::npos) break;
    at = end + (text.substr(end).starts_with("\r\n") ? 2 : 1);
  }
  return lines;
}

Outcome<Value> strip_indent(MethodCall& call) {
  const auto text = TRY(call.own_text());
  const auto lines = lines_of(text);
  std::size_t least = std::string::npos;
  if (call.count() == 1) {
    least = static_cast<std::size_t>(std::max<std::int64_t>(TRY(call.integer(0)), 0));
  } else {
    for (const auto& line : lines) {
      const auto indent = line.empty() ? 0 : line.find_first_not_of(" \t");
      if (indent != std::string::npos) least = std::min(least, indent);
    }
    if (least == std::string::npos) least = 0;
  }
  std::string whole;
  for (std::size_t i = 0; i < lines.size(); ++i)
    whole +=
        (i > 0 ? "\n" : "") + (lines[i].size() > least ? lines[i].substr(least) : std::string());
  if (text.ends_with('\n')) whole += '\n';
  return call.text_value(std::move(whole));
}

Outcome<Value> strip_margin(MethodCall& call) {
  const auto text = TRY(call.own_text());
  const auto margin = call.count() == 1 ? TRY(call.text(0)) : std::string("|");
  const auto lines = lines_of(text);
  std::string whole;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto first = lines[i].find_first_not_of(" \t");
    const bool marked =
        first != std::string::npos && !margin.empty() && lines[i][first] == margin[0];
    whole += (i > 0 ? "\n" : "") + (marked ? lines[i].substr(first + 1) : lines[i]);
  }
  if (text.ends_with('\n')) whole += '\n';
  return call.text_value(std::move(whole));
}

std::string padding(std::int64_t count, std::string_view with) {
  std::string text;
  if (with.empty()) return text;
  while (character_count(text) < count && text.size() <= max_text) text += with;
  return std::string(characters(text, 0, count));
}

enum class Pad { left, right, both };
Outcome<Value> padded(MethodCall& call, Pad pad) {
  const auto text = TRY(call.own_text());
  const auto width = TRY(call.integer(0));
  const auto with = call.count() > 1 ? TRY(call.text(1)) : std::string(" ");
  const auto missing = width - character_count(text);
  if (missing <= 0) return Value(text);
  if (missing > static_cast<std::int64_t>(max_text))
    return refuse("the text would be longer than {} MiB", max_text >> 20);
  const auto left = pad == Pad::left ? missing : pad == Pad::right ? 0 : missing / 2;
  return call.text_value(padding(left, with) + text + padding(missing - left, with));
}

Outcome<Value> repeated(MethodCall& call) {
  const auto text = TRY(call.own_text());
  const auto times = TRY(call.integer(0));
  if (times < 0)
    return raise("java.lang.IllegalArgumentException",
                 "multiply() should be called with a number of 0 or greater not: {}", times);
  if (!text.empty() && static_cast<std::uint64_t>(times) > max_text / text.size())
    return refuse("the text would be longer than {} MiB", max_text >> 20);
  std::string whole;
  for (std::int64_t i = 0; i < times && !text.empty(); ++i) whole += text;
  return call.text_value(std::move(whole));
}

Outcome<Value> reversed(MethodCall& call) {
  auto all = code_points(TRY(call.own_text()));
  std::reverse(all.begin(), all.end());
  return call.text_value(utf8(all));
}

Outcome<Value> concatenated(MethodCall& call) {
  return call.text_value(TRY(call.own_text()) + TRY(call.text(0)));
}

Outcome<Value> expand(MethodCall& call) {
  const auto text = TRY(call.own_text());
  const auto stop = call.count() == 1 ? TRY(call.integer(0)) : 8;
  if (stop < 1 || stop > 1000) return raise("java.lang.IllegalArgumentException", "{}", stop);
  std::string whole;
  std::int64_t column = 0;
  for (const char c : text) {
    if (c == '\t') {
      const auto blanks = stop - column % stop;
      whole.append(static_cast<std::size_t>(blanks), ' ');
      column += blanks;
    } else {
      whole += c;
      column = c == '\n' ? 0 : column + 1;
    }
    if (whole.size() > max_text) break;
  }
  return call.text_value(std::move(whole));
}

Outcome<Value> unexpand(MethodCall& call) {
  const auto text = TRY(call.own_text());
  const auto stop = call.count() == 1 ? TRY(call.integer(0)) : 8;
  if (stop < 1 || stop > 1000) return raise("java.lang.IllegalArgumentException", "{}", stop);
  std::string whole;
  const auto lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) whole += '\n';
    const auto& line = lines[i];
    const auto width = static_cast<std::size_t>(stop);
    for (std::size_t at = 0; at < line.size(); at += width) {
      auto part = line.substr(at, width);
      const auto used = part.find_last_not_of(' ');
      const auto kept = used == std::string::npos ? 0 : used + 1;
      if (part.size() == width && part.size() - kept > 1)
        whole += part.substr(0, kept) + '\t';
      else
        whole += part;
    }
  }
  if (text.ends_with('\n')) whole += '\n';
  return call.text_value(std::move(whole));
}

std::u32string spread(std::u32string_view set) {
  std::u32string all;
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (i + 2 < set.size() && set[i + 1] == '-' && set[i + 2] >= set[i]) {
      for (char32_t c = set[i]; c <= set[i + 2] && all.size() < 0x11000; ++c) all += c;
      i += 2;
    } else {
      all += set[i];
    }
  }
  return all;
}

Outcome<Value> translate(MethodCall& call) {
  auto from = spread(code_points(TRY(call.text(0))));
  auto to = spread(code_points(TRY(call.text(1))));
  if (to.empty()) return raise("java.lang.IllegalArgumentException", "the second set is empty");
  while (to.size() < from.size()) to += to.back();
  return call.text_value(mapped(TRY(call.own_text()), [&](char32_t c, std::string& result) {
    const auto place = from.find(c);
    append_utf8(place == std::u32string::npos ? c : to[place], result);
  }));
}

Outcome<Value> denormalize(MethodCall& call) {
  const auto text = TRY(call.own_text());
  std::string whole;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r') {
      whole += '\n';
      if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
    } else {
      whole += text[i];
    }
  }
  return call.text_value(std::move(whole));
}

Outcome<Value> itself(MethodCall& call) { return Value(TRY(call.own_text())); }

Outcome<Value> neighbour(MethodCall& call, int step) {
  auto all = code_points(TRY(call.own_text()));
  if (all.empty()) return Value(step > 0 ? std::string(1, '\0') : std::string());
  all.back() = static_cast<char32_t>(static_cast<std::int64_t>(all.back()) + step);
  return call.text_value(utf8(all));
}

/// indent(n) of Java 12
Outcome<Value> indent(MethodCall& call) {
  const auto text = TRY(call.own_text());
  const auto count = TRY(call.integer(0));
  if (count > 10'000) return refuse("an indent of {} is too large", count);
  std::string whole;
  for (const auto& line : lines_of(text)) {
    auto blanks = std::min(line.find_first_not_of(" \t"), line.size());
    if (count < 0)
      whole += line.substr(std::min(blanks, static_cast<std::size_t>(-count))) + "\n";
    else
      whole += std::string(static_cast<std::size_t>(count), ' ') + line + "\n";
    if (whole.size() > max_text) break;
  }
  return call.text_value(std::move(whole));
}

}  // namespace

std::string upper_case(std::string_view text) {
  return mapped(text, [](char32_t c, std::string& to) {
    if (c == 0xDF)
      to += "SS";
    else
      append_utf8(upper(c), to);
  });
}

std::string lower_case(std::string_view text) {
  return mapped(text, [](char32_t c, std::string& to) { append_utf8(lower_of(c), to); });
}

bool is_white_space(char32_t c) {
  return (c >= 9 && c <= 13) || (c >= 28 && c <= 32) || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A && c != 0x2007) || c == 0x2028 || c == 0x2029 || c == 0x205F ||
         c == 0x3000;
}

std::vector<std::string> text_lines(std::string_view text) { return lines_of(text); }

void add_text_case(MethodTable& table) {
  table = {
      {"toUpperCase",
       {0, 1, [](MethodCall& c) -> Outcome<Value> { return c.text_value(upper_case(TRY(c.own_text()))); }}},
      {"toLowerCase",
       {0, 1, [](MethodCall& c) -> Outcome<Value> { return c.text_value(lower_case(TRY(c.own_text()))); }}},
      {"capitalize", {0, 0, [](MethodCall& c) { return first_changed(c, upper_case); }}},
      {"uncapitalize", {0, 0, [](MethodCall& c) { return first_changed(c, lower_case); }}},
      {"trim", {0, 0, [](MethodCall& c) { return stripped(c, Side::both, is_control); }}},
      {"strip", {0, 0, [](MethodCall& c) { return stripped(c, Side::both, is_white_space); }}},
      {"stripLeading",
       {0, 0, [](MethodCall& c) { return stripped(c, Side::front, is_white_space); }}},
      {"stripTrailing",
       {0, 0, [](MethodCall& c) { return stripped(c, Side::back, is_white_space); }}},
      {"stripIndent", {0, 1, strip_indent}},
      {"stripMargin", {0, 1, strip_margin}},
      {"padLeft", {1, 2, [](MethodCall& c) { return padded(c, Pad::left); }}},
      {"padRight", {1, 2, [](MethodCall& c) { return padded(c, Pad::right); }}},
      {"center", {1, 2, [](MethodCall& c) { return padded(c, Pad::both); }}},
      {"multiply", {1, 1, repeated}},
      {"repeat", {1, 1, repeated}},
      {"reverse", {0, 0, reversed}},
      {"concat", {1, 1, concatenated}},
      {"plus", {1, 1, concatenated}},
      {"leftShift", {1, 1, concatenated}},
      {"expand", {0, 1, expand}},
      {"expandLine", {1, 1, expand}},
      {"unexpand", {0, 1, unexpand}},
      {"tr", {2, 2, translate}},
      {"normalize", {0, 0, denormalize}},
      {"denormalize", {0, 0, denormalize}},
      {"intern", {0, 0, itself}},
      {"toString", {0, 0, itself}},
      {"next", {0, 0, [](MethodCall& c) { return neighbour(c, 1); }}},
      {"previous", {0, 0, [](MethodCall& c) { return neighbour(c, -1); }}},
      {"indent", {1, 1, indent}},
  };
}

}  // namespace cupel::pipeline
