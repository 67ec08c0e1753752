// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace cupel::pipeline {

/// A regular expression of java.util.regex, compiled; immutable. Texts are UTF-8 and places in them
/// are bytes; invalid bytes match nothing. Matching ends in an error (Fault::unavailable) when a
/// pattern needs more work or memory than a sane one does.
class Regex {
 public:
  /// java.util.regex.Pattern's constants.
  enum Flag : std::uint32_t {
    unix_lines = 1,
    case_insensitive = 2,
    comments = 4,
    multiline = 8,
    literal = 16,
    dotall = 32,
    unicode_case = 64,
    canon_eq = 128,
    unicode_character_class = 256,
  };
  enum class Mode {
    search,  ///< anywhere from `from` on
    prefix,  ///< at `from`
    whole,   ///< from `from` to the end
  };
  struct Part {
    std::size_t begin = 0, end = 0;
  };
  /// Group 0 is all of it; groups that took no part are empty.
  using Groups = std::vector<std::optional<Part>>;

  /// What a match may try at most. Sane patterns stay far below; what goes beyond ends within about
  /// a second.
  static constexpr std::uint32_t usual_work = 3'000'000;

  /// Java's message if the pattern is wrong: "Unclosed group near index 2". `work`: how often each
  /// match may try to go on.
  static Result<Regex> compile(std::string_view pattern, std::uint32_t flags = 0,
                               std::uint32_t work = usual_work);
  /// A pattern that matches exactly this text.
  static std::string quote(std::string_view text);

  Result<std::optional<Groups>> match(std::string_view text, std::size_t from, Mode mode) const;

  const std::string& pattern() const { return pattern_; }
  std::uint32_t flags() const { return flags_; }
  std::size_t group_count() const { return group_count_; }
  const std::map<std::string, std::size_t, std::less<>>& names() const { return names_; }

 private:
  struct Code;
  Regex() = default;

  std::string pattern_;
  std::uint32_t flags_ = 0;
  std::size_t group_count_ = 0;
  std::map<std::string, std::size_t, std::less<>> names_;
  std::shared_ptr<const Code> code_;  // shared: patterns are values, and immutable
};

/// Goes through a text's matches as java.util.regex.Matcher.find does: an empty match is followed
/// by one that starts a character later. `regex` and `text` must outlive it.
class RegexFinder {
 public:
  RegexFinder(const Regex& regex, std::string_view text, std::size_t from = 0)
      : regex_(&regex), text_(text), next_(from) {}
  Result<std::optional<Regex::Groups>> next();
  /// Where the next search begins.
  std::size_t place() const { return next_; }

 private:
  const Regex* regex_;
  std::string_view text_;
  std::size_t next_;
};

/// Java's replacement text ($1, ${name}, \$) for one match, appended to `to`. The error's text is
/// Java's: "Illegal group reference", "No group 3".
Result<> append_replacement(const Regex& regex, std::string_view text, const Regex::Groups& groups,
                            std::string_view replacement, std::string& to);
/// Matcher.quoteReplacement.
std::string quote_replacement(std::string_view text);

}  // namespace cupel::pipeline
