// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <vector>

#include "base/text.hpp"
#include "pipeline/groovy/regex_syntax.hpp"
#include "pipeline/groovy/utf8.hpp"

namespace cupel::pipeline {
namespace {

constexpr int max_nesting = 50;
constexpr char32_t last_character = 0x10FFFF;

/// What may stand between brackets, and alternatives that PCRE2 cannot put there.
struct CharacterSet {
  std::string items;
  std::vector<std::string> others;

  bool is_plain() const { return others.empty(); }
  std::string text() const {
    if (others.empty()) return items.empty() ? "(?!)" : "[" + items + "]";
    std::string whole = "(?:";
    if (!items.empty()) whole += "[" + items + "]|";
    return whole + join(others, "|") + ")";
  }
};

class ClassTranslation {
 public:
  ClassTranslation(std::string_view java, std::size_t& at, bool skip_blanks)
      : java_(java), at_(at), skip_blanks_(skip_blanks) {}

  /// `at` on the '['.
  Result<std::string> read(int depth) {
    if (depth > max_nesting) return bad_pattern("Character class nested too deep", java_, at_);
    ++at_;
    const bool negated = at_ < java_.size() && java_[at_] == '^';
    if (negated) ++at_;
    std::vector<CharacterSet> operands(1);
    for (bool first = true;; first = false) {
      skip();
      if (at_ >= java_.size()) return bad_pattern("Unclosed character class", java_, at_ - 1);
      if (java_[at_] == ']' && !first) break;
      if (java_.substr(at_).starts_with("&&")) {
        at_ += 2;
        operands.emplace_back();
        continue;
      }
      if (java_[at_] == '[')
        operands.back().others.push_back(TRY(read(depth + 1)));
      else
        TRY(item(operands.back()));
    }
    ++at_;
    return text(operands, negated);
  }

 private:
  static std::string text(const std::vector<CharacterSet>& operands, bool negated) {
    const auto& last = operands.back();
    if (operands.size() == 1 && last.is_plain() && !last.items.empty())
      return (negated ? "[^" : "[") + last.items + "]";
    std::string whole;
    for (std::size_t i = 0; i + 1 < operands.size(); ++i) {
      // "[a&&]": Java takes an empty side for everything.
      if (operands[i].items.empty() && operands[i].is_plain()) continue;
      whole += "(?=" + operands[i].text() + ")";
    }
    whole += last.items.empty() && last.is_plain() ? "(?s:.)" : last.text();
    if (negated) return "(?:(?!" + whole + ")(?s:.))";
    return "(?:" + whole + ")";
  }

  void skip() {
    while (skip_blanks_ && at_ < java_.size() &&
           std::isspace(static_cast<unsigned char>(java_[at_])) != 0)
      ++at_;
  }

  /// A predefined class, a character or a range.
  Result<> item(CharacterSet& set) {
    const auto begin = at_;
    const auto first = TRY(character_or_class(set));
    if (!first) return {};
    if (at_ + 1 < java_.size() && java_[at_] == '-' && java_[at_ + 1] != ']' &&
        java_[at_ + 1] != '[') {
      ++at_;
      const auto last = TRY(character_or_class(set));
      if (!last || *last < *first) return bad_pattern("Illegal character range", java_, begin);
      set.items += pcre_literal(*first) + "-" + pcre_literal(*last);
      return {};
    }
    set.items += pcre_literal(*first);
    return {};
  }

  /// Nothing if it was a class, which is in the set then.
  Result<std::optional<char32_t>> character_or_class(CharacterSet& set) {
    if (java_[at_] != '\\') return std::optional(next_character(java_, at_));
    ++at_;
    if (at_ >= java_.size()) return bad_pattern("Unclosed character class", java_, at_);
    if (auto character = TRY(escaped_character(java_, at_))) return character;
    const char c = java_[at_];
    if (std::string_view("dDwWsShHvV").find(c) != std::string_view::npos) {
      set.items += {'\\', c};
      ++at_;
      return std::optional<char32_t>();
    }
    if (c == 'p' || c == 'P') {
      ++at_;
      set.others.push_back(TRY(translate_property(java_, at_, c == 'P')));
      return std::optional<char32_t>();
    }
    if (c == 'Q') {
      quoted(set);
      return std::optional<char32_t>();
    }
    return bad_pattern("Illegal/unsupported escape sequence", java_, at_);
  }

  void quoted(CharacterSet& set) {
    ++at_;
    const auto end = java_.find("\\E", at_);
    const auto stop = std::min(end, java_.size());
    while (at_ < stop) set.items += pcre_literal(next_character(java_, at_));
    if (end != std::string_view::npos) at_ += 2;
  }

  std::string_view java_;
  std::size_t& at_;
  bool skip_blanks_;
};

struct Property {
  std::string_view java;
  std::string_view pcre;  ///< between brackets
};

// ASCII only, as in Java.
constexpr std::array ascii_properties{
    Property{"Lower", "a-z"},
    Property{"Upper", "A-Z"},
    Property{"ASCII", "\\x00-\\x7f"},
    Property{"Alpha", "a-zA-Z"},
    Property{"Digit", "0-9"},
    Property{"Alnum", "a-zA-Z0-9"},
    Property{"Punct", "!-\\/:-@\\[-`{-~"},
    Property{"Graph", "!-~"},
    Property{"Print", " -~"},
    Property{"Blank", " \\t"},
    Property{"Cntrl", "\\x00-\\x1f\\x7f"},
    Property{"XDigit", "0-9a-fA-F"},
    Property{"Space", " \\t\\n\\x0b\\f\\r"},
};
constexpr std::array unicode_properties{
    Property{"IsAlphabetic", "\\p{L}\\p{Nl}"},
    Property{"IsLetter", "\\p{L}"},
    Property{"IsDigit", "\\p{Nd}"},
    Property{"IsLowercase", "\\p{Ll}"},
    Property{"IsUppercase", "\\p{Lu}"},
    Property{"IsPunctuation", "\\p{P}"},
    Property{"IsControl", "\\p{Cc}"},
    Property{"IsWhite_Space", "\\p{Z}\\t-\\r\\x85"},
    Property{"javaLowerCase", "\\p{Ll}"},
    Property{"javaUpperCase", "\\p{Lu}"},
    Property{"javaWhitespace", "\\p{Z}\\t-\\r\\x1c-\\x1f"},
    Property{"javaDigit", "\\p{Nd}"},
    Property{"javaLetter", "\\p{L}"},
    Property{"javaLetterOrDigit", "\\p{L}\\p{Nd}"},
    Property{"javaAlphabetic", "\\p{L}\\p{Nl}"},
};

Result<std::string> property_name(std::string_view java, std::size_t& at) {
  if (at >= java.size()) return bad_pattern("Unclosed character family", java, at);
  if (java[at] != '{') return std::string(1, java[at++]);
  const auto end = java.find('}', at);
  if (end == std::string_view::npos) return bad_pattern("Unclosed character family", java, at);
  const auto name = std::string(java.substr(at + 1, end - at - 1));
  at = end + 1;
  if (name.empty()) return bad_pattern("Empty character family", java, at);
  return name;
}

bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  });
}

}  // namespace

Result<std::string> translate_class(std::string_view java, std::size_t& at, bool skip_blanks) {
  return ClassTranslation(java, at, skip_blanks).read(0);
}

Result<std::string> translate_property(std::string_view java, std::size_t& at, bool negated) {
  const auto begin = at;
  auto name = TRY(property_name(java, at));
  const std::string open = negated ? "[^" : "[";
  for (const auto& known : ascii_properties)
    if (known.java == name) return open + std::string(known.pcre) + "]";
  for (const auto& known : unicode_properties)
    if (known.java == name) return open + std::string(known.pcre) + "]";
  for (const std::string_view prefix : {"general_category=", "gc=", "script=", "sc=", "Is"})
    if (name.starts_with(prefix)) {
      name.erase(0, prefix.size());
      break;
    }
  // PCRE2 says itself whether it knows the name; it must only not read anything else into it.
  if (!is_word(name) || name.starts_with("In"))
    return bad_pattern("Unknown character property name {" + name + "}", java, begin);
  return (negated ? "\\P{" : "\\p{") + name + "}";
}

namespace {

/// `digits` of a base at `at`; nothing if they are not all there.
std::optional<char32_t> number(std::string_view java, std::size_t at, std::size_t digits,
                               int base) {
  if (at + digits > java.size() || digits == 0 || digits > 8) return std::nullopt;
  char32_t value = 0;
  for (const char c : java.substr(at, digits)) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : 99;
    if (digit >= base) return std::nullopt;
    value = value * static_cast<char32_t>(base) + static_cast<char32_t>(digit);
  }
  return value;
}

Result<std::optional<char32_t>> hexadecimal(std::string_view java, std::size_t& at) {
  ++at;
  if (at < java.size() && java[at] == '{') {
    const auto end = java.find('}', at);
    if (end != std::string_view::npos)
      if (const auto value = number(java, at + 1, end - at - 1, 16);
          value && *value <= last_character) {
        at = end + 1;
        return value;
      }
  } else if (const auto value = number(java, at, 2, 16)) {
    at += 2;
    return value;
  }
  return bad_pattern("Illegal hexadecimal escape sequence", java, at);
}

Result<std::optional<char32_t>> unicode(std::string_view java, std::size_t& at) {
  ++at;
  const auto high = number(java, at, 4, 16);
  if (!high) return bad_pattern("Illegal Unicode escape sequence", java, at);
  at += 4;
  if (*high >= 0xD800 && *high < 0xDC00 && java.substr(at).starts_with("\\u"))
    if (const auto low = number(java, at + 2, 4, 16); low && *low >= 0xDC00 && *low < 0xE000) {
      at += 6;
      return std::optional(0x10000 + ((*high - 0xD800) << 10U) + (*low - 0xDC00));
    }
  return high;
}

Result<std::optional<char32_t>> octal(std::string_view java, std::size_t& at) {
  ++at;
  for (const std::size_t digits : {3U, 2U, 1U})
    if (const auto value = number(java, at, digits, 8); value && *value <= 0377) {
      at += digits;
      return value;
    }
  return bad_pattern("Illegal octal escape sequence", java, at);
}

}  // namespace

Result<std::optional<char32_t>> escaped_character(std::string_view java, std::size_t& at) {
  const char c = java[at];
  if (c == 'x') return hexadecimal(java, at);
  if (c == 'u') return unicode(java, at);
  if (c == '0') return octal(java, at);
  if (c == 'c') {
    if (at + 1 >= java.size()) return bad_pattern("Illegal control escape sequence", java, at);
    at += 2;
    return std::optional<char32_t>(static_cast<unsigned char>(java[at - 1]) ^ 64U);
  }
  constexpr std::string_view names = "tnrfae", values = "\t\n\r\f\a\x1b";
  if (const auto place = names.find(c); place != std::string_view::npos) {
    ++at;
    return std::optional<char32_t>(static_cast<unsigned char>(values[place]));
  }
  if (std::isalnum(static_cast<unsigned char>(c)) != 0) return std::optional<char32_t>();
  return std::optional(next_character(java, at));
}

std::string pcre_literal(char32_t character) {
  if (character < 0x80) {
    const auto c = static_cast<char>(character);
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == ' ')
      return std::string(1, c);
    if (std::isprint(static_cast<unsigned char>(c)) != 0) return {'\\', c};
  }
  return fmt::format("\\x{{{:x}}}", static_cast<std::uint32_t>(character));
}

}  // namespace cupel::pipeline
