// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/regex_syntax.hpp"

#include <cctype>
#include <optional>
#include <vector>

#include "pipeline/groovy/regex.hpp"
#include "pipeline/groovy/utf8.hpp"

namespace cupel::pipeline {
namespace {

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// One walk over a pattern. How many groups there are in all must be known for the back references.
class Translation {
 public:
  Translation(std::string_view java, std::uint32_t flags, std::size_t all_groups)
      : java_(java), all_groups_(all_groups), comments_((flags & Regex::comments) != 0) {
    result_.unix_lines = (flags & Regex::unix_lines) != 0;
    result_.unicode_classes = (flags & Regex::unicode_character_class) != 0;
  }

  Result<PcrePattern> walk() {
    while (at_ < java_.size()) TRY(one());
    if (!open_.empty()) return bad_pattern("Unclosed group", java_, java_.size());
    return std::move(result_);
  }

 private:
  Result<> one() {
    const char c = java_[at_];
    if (comments_ && skip_comment(c)) return {};
    switch (c) {
      case '\\': ++at_; return escape();
      case '[': {
        result_.text += TRY(translate_class(java_, at_, comments_));
        repeatable_ = true;
        return {};
      }
      case '(': return open_group();
      case ')': return close_group();
      case '|': return plain(c, false);
      case '^':
      case '$':
      case '.': return plain(c, true);
      case '*':
      case '+':
      case '?':
        if (!repeatable_)
          return bad_pattern(std::string("Dangling meta character '") + c + "'", java_, at_);
        ++at_;
        return quantifier(std::string(1, c));
      case '{': return counted();
      default:
        result_.text += pcre_literal(next_character(java_, at_));
        repeatable_ = true;
        return {};
    }
  }

  Result<> plain(char c, bool repeatable) {
    result_.text += c;
    ++at_;
    repeatable_ = repeatable;
    return {};
  }

  bool skip_comment(char c) {
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++at_;
      return true;
    }
    if (c != '#') return false;
    at_ = std::min(java_.find('\n', at_), java_.size());
    return true;
  }

  Result<> counted() {
    if (!repeatable_) return bad_pattern("Illegal repetition", java_, at_);
    const auto begin = at_++;
    if (at_ >= java_.size() || !is_digit(java_[at_]))
      return bad_pattern("Illegal repetition", java_, begin);
    while (at_ < java_.size() && is_digit(java_[at_])) ++at_;
    if (at_ < java_.size() && java_[at_] == ',') {
      ++at_;
      while (at_ < java_.size() && is_digit(java_[at_])) ++at_;
    }
    if (at_ >= java_.size() || java_[at_] != '}')
      return bad_pattern("Unclosed counted closure", java_, at_);
    ++at_;
    return quantifier(std::string(java_.substr(begin, at_ - begin)));
  }

  /// With what may follow it: lazy, possessive.
  Result<> quantifier(std::string text) {
    if (at_ < java_.size() && (java_[at_] == '?' || java_[at_] == '+')) text += java_[at_++];
    result_.text += text;
    repeatable_ = false;
    return {};
  }

  Result<> open_group() {
    open_.push_back(comments_);
    repeatable_ = false;
    const auto rest = java_.substr(at_);
    for (const std::string_view simple : {"(?:", "(?=", "(?!", "(?>", "(?<=", "(?<!"}) {
      if (!rest.starts_with(simple)) continue;
      result_.text += simple;
      at_ += simple.size();
      return {};
    }
    if (rest.starts_with("(?<")) return named_group();
    if (rest.starts_with("(?")) return inline_flags();
    ++at_;
    ++result_.groups;
    result_.text += '(';
    return {};
  }

  Result<std::string> group_name() {
    const auto begin = at_;
    while (at_ < java_.size() && (is_letter(java_[at_]) || (at_ > begin && is_digit(java_[at_]))))
      ++at_;
    if (at_ == begin)
      return bad_pattern("capturing group name does not start with a Latin letter", java_, at_);
    if (at_ >= java_.size() || java_[at_] != '>')
      return bad_pattern("named capturing group is missing trailing '>'", java_, at_);
    return std::string(java_.substr(begin, at_++ - begin));
  }

  Result<> named_group() {
    at_ += 3;
    auto name = TRY(group_name());
    ++result_.groups;
    if (!result_.names.emplace(name, result_.groups).second)
      return bad_pattern("Named capturing group <" + name + "> is already defined", java_, at_);
    result_.text += '(';
    return {};
  }

  /// (?i) and (?i:...)
  Result<> inline_flags() {
    at_ += 2;
    std::string on, off;
    bool minus = false;
    for (; at_ < java_.size() && java_[at_] != ')' && java_[at_] != ':'; ++at_) {
      const char flag = java_[at_];
      if (flag == '-' && !minus)
        minus = true;
      else if (flag == 'i' || flag == 'm' || flag == 's')
        (minus ? off : on) += flag;
      else if (flag == 'x')
        comments_ = !minus;
      else if (flag == 'd')
        result_.unix_lines = result_.unix_lines || !minus;
      else if (flag == 'U')
        result_.unicode_classes = result_.unicode_classes || !minus;
      else if (flag != 'u')
        return bad_pattern("Unknown inline modifier", java_, at_);
    }
    if (at_ >= java_.size()) return bad_pattern("Unknown inline modifier", java_, at_);
    const bool whole = java_[at_++] == ':';
    const auto flags = off.empty() ? on : on + "-" + off;
    if (whole) {
      result_.text += "(?" + flags + ":";
      return {};
    }
    open_.pop_back();  // holds to the end of the group around
    if (open_.empty()) {
      for (const char flag : on) result_.inline_flags |= flag_of(flag);
      for (const char flag : off) result_.inline_flags &= ~flag_of(flag);
    }
    if (!flags.empty()) result_.text += "(?" + flags + ")";
    return {};
  }

  static std::uint32_t flag_of(char letter) {
    return letter == 'i'   ? Regex::case_insensitive
           : letter == 'm' ? Regex::multiline
                           : Regex::dotall;
  }

  Result<> close_group() {
    if (open_.empty()) return bad_pattern("Unmatched closing ')'", java_, at_ > 0 ? at_ - 1 : 0);
    comments_ = open_.back();
    open_.pop_back();
    return plain(')', true);
  }

  Result<> escape() {
    if (at_ >= java_.size()) return bad_pattern("Unexpected internal error", java_, at_);
    repeatable_ = true;
    if (const auto character = TRY(escaped_character(java_, at_))) {
      result_.text += pcre_literal(*character);
      return {};
    }
    const char c = java_[at_];
    if (c == 'Q') return quoted();
    if (c == 'p' || c == 'P') {
      ++at_;
      result_.text += TRY(translate_property(java_, at_, c == 'P'));
      return {};
    }
    if (c == 'k') return named_reference();
    if (c >= '1' && c <= '9') return back_reference();
    if (std::string_view("dDwWsSbBAGZzhHvVRX").find(c) == std::string_view::npos)
      return bad_pattern("Illegal/unsupported escape sequence", java_, at_);
    if (c == 'b' && java_.substr(at_).starts_with("b{"))
      return bad_pattern("\\b{g} is not supported", java_, at_);
    result_.text += {'\\', c};
    ++at_;
    return {};
  }

  /// \Q ... \E
  Result<> quoted() {
    ++at_;
    const auto end = java_.find("\\E", at_);
    const auto stop = std::min(end, java_.size());
    repeatable_ = repeatable_ || stop > at_;
    while (at_ < stop) result_.text += pcre_literal(next_character(java_, at_));
    if (end != std::string_view::npos) at_ += 2;
    return {};
  }

  Result<> named_reference() {
    ++at_;
    if (at_ >= java_.size() || java_[at_] != '<')
      return bad_pattern("\\k is not followed by '<' for named capturing group", java_, at_);
    ++at_;
    const auto name = TRY(group_name());
    const auto group = result_.names.find(name);
    if (group == result_.names.end())
      return bad_pattern("named capturing group <" + name + "> does not exist", java_, at_);
    refer(group->second);
    return {};
  }

  /// \11 is group 11 if there are so many by now, else group 1 and a digit.
  Result<> back_reference() {
    auto group = static_cast<std::size_t>(java_[at_++] - '0');
    while (at_ < java_.size() && is_digit(java_[at_])) {
      const auto longer = group * 10 + static_cast<std::size_t>(java_[at_] - '0');
      if (longer > result_.groups) break;
      group = longer;
      ++at_;
    }
    refer(group);
    return {};
  }

  void refer(std::size_t group) {
    // Java compiles a reference to a group that there is not; it never matches.
    result_.text += group <= all_groups_ ? "\\g{" + std::to_string(group) + "}" : "(?!)";
  }

  std::string_view java_;
  std::size_t all_groups_;
  std::size_t at_ = 0;
  bool comments_;
  bool repeatable_ = false;  ///< whether a quantifier may follow
  std::vector<bool> open_;   ///< for each open group: whether (?x) held around it
  PcrePattern result_;
};

}  // namespace

Result<PcrePattern> translate_pattern(std::string_view java, std::uint32_t flags) {
  if ((flags & Regex::literal) != 0) {
    PcrePattern result;
    for (std::size_t at = 0; at < java.size();)
      result.text += pcre_literal(next_character(java, at));
    return result;
  }
  const auto counted = TRY(Translation(java, flags, 0).walk());
  return Translation(java, flags, counted.groups).walk();
}

tl::unexpected<Error> bad_pattern(std::string_view what, std::string_view java, std::size_t at) {
  auto text = fmt::format("{} near index {}\n{}", what, at, java);
  if (at < java.size()) text += "\n" + std::string(at, ' ') + "^";
  return fail(Fault::invalid, "{}", text);
}

}  // namespace cupel::pipeline
