// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/regex.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"
#include "base/text.hpp"
#include "pipeline/groovy/regex_syntax.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace cupel::pipeline {
namespace {

constexpr std::size_t max_pattern = 1U << 16;
constexpr std::uint32_t heap_limit_kib = 128U << 10;
constexpr std::uint32_t nesting_limit = 200;

struct Freeing {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
  void operator()(pcre2_compile_context* context) const { pcre2_compile_context_free(context); }
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
template <typename T>
using Owned = std::unique_ptr<T, Freeing>;

std::uint32_t options_of(std::uint32_t flags, const PcrePattern& pattern) {
  std::uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
  if ((flags & Regex::case_insensitive) != 0) options |= PCRE2_CASELESS;
  if ((flags & Regex::multiline) != 0) options |= PCRE2_MULTILINE;
  if ((flags & Regex::dotall) != 0) options |= PCRE2_DOTALL;
  if (pattern.unicode_classes) options |= PCRE2_UCP;
  return options;
}

std::string error_text(int code) {
  std::array<PCRE2_UCHAR, 256> text{};
  pcre2_get_error_message(code, text.data(), text.size());
  return reinterpret_cast<const char*>(text.data());
}

}  // namespace

struct Regex::Code {
  Owned<pcre2_code> code;
  Owned<pcre2_match_context> limits;
};

Result<Regex> Regex::compile(std::string_view pattern, std::uint32_t flags, std::uint32_t work) {
  if (pattern.size() > max_pattern)
    return fail(Fault::invalid, "the regular expression is longer than {} bytes", max_pattern);
  if ((flags & canon_eq) != 0)
    return fail(Fault::invalid, "the flag CANON_EQ of regular expressions is not supported");
  const auto translated = TRY(translate_pattern(pattern, flags));

  const Owned<pcre2_compile_context> context(pcre2_compile_context_create(nullptr));
  CHECK(context != nullptr, "no memory for a regular expression");
  pcre2_set_newline(context.get(),
                    translated.unix_lines ? PCRE2_NEWLINE_LF : PCRE2_NEWLINE_ANYCRLF);
  pcre2_set_parens_nest_limit(context.get(), nesting_limit);
  int error = 0;
  PCRE2_SIZE place = 0;
  auto code = std::make_shared<Code>();
  code->code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated.text.data()),
                                 translated.text.size(), options_of(flags, translated), &error,
                                 &place, context.get()));
  if (!code->code) return bad_pattern(error_text(error), pattern, pattern.size());
  code->limits.reset(pcre2_match_context_create(nullptr));
  CHECK(code->limits != nullptr, "no memory for a regular expression");
  pcre2_set_match_limit(code->limits.get(), work);
  pcre2_set_heap_limit(code->limits.get(), heap_limit_kib);

  Regex regex;
  regex.pattern_ = pattern;
  regex.flags_ = flags | translated.inline_flags;
  regex.group_count_ = translated.groups;
  regex.names_ = translated.names;
  regex.code_ = std::move(code);
  return regex;
}

Result<std::optional<Regex::Groups>> Regex::match(std::string_view text, std::size_t from,
                                                  Mode mode) const {
  if (from > text.size()) return std::optional<Groups>();
  const Owned<pcre2_match_data> data(
      pcre2_match_data_create_from_pattern(code_->code.get(), nullptr));
  CHECK(data != nullptr, "no memory for a match");
  std::uint32_t options = 0;
  if (mode != Mode::search) options |= PCRE2_ANCHORED;
  if (mode == Mode::whole) options |= PCRE2_ENDANCHORED;
  const int found = pcre2_match(code_->code.get(), reinterpret_cast<PCRE2_SPTR>(text.data()),
                                text.size(), from, options, data.get(), code_->limits.get());
  if (found == PCRE2_ERROR_NOMATCH) return std::optional<Groups>();
  if (found < 0)
    return fail(
        Fault::unavailable,
        "the regular expression '{}' takes too much work on a text of {} bytes ({}; limit 'regex')",
        printable(pattern_), text.size(), error_text(found));
  const auto* places = pcre2_get_ovector_pointer(data.get());
  Groups groups(group_count_ + 1);
  for (std::size_t i = 0; i < groups.size() && i < static_cast<std::size_t>(found); ++i)
    if (places[2 * i] != PCRE2_UNSET && places[2 * i] <= places[2 * i + 1])
      groups[i] = Part{places[2 * i], places[2 * i + 1]};
  return std::optional(std::move(groups));
}

std::string Regex::quote(std::string_view text) {
  std::string quoted = "\\Q";
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find("\\E", at);
    quoted += text.substr(at, end - at);
    if (end == std::string_view::npos) break;
    quoted += "\\E\\\\E\\Q";
    at = end + 2;
  }
  return quoted + "\\E";
}

Result<std::optional<Regex::Groups>> RegexFinder::next() {
  auto groups = TRY(regex_->match(text_, next_, Regex::Mode::search));
  if (!groups) {
    next_ = text_.size() + 1;
    return groups;
  }
  const auto& whole = *groups->front();
  next_ = whole.end;
  if (whole.begin == whole.end) {
    if (next_ < text_.size())
      next_ += std::max<std::size_t>(utf8_length(text_.substr(next_)), 1);
    else
      ++next_;
  }
  return groups;
}

namespace {

struct Reference {
  std::size_t group = 0;
  std::size_t length = 0;  ///< in the replacement, with the '$'
};

/// `rest` begins with '$'.
Result<Reference> reference(const Regex& regex, std::string_view rest) {
  if (rest.size() < 2)
    return fail(Fault::invalid, "Illegal group reference: group index is missing");
  if (rest[1] == '{') {
    const auto end = rest.find('}');
    if (end == std::string_view::npos)
      return fail(Fault::invalid, "named capturing group is missing trailing '}}'");
    const auto name = rest.substr(2, end - 2);
    const auto group = regex.names().find(name);
    if (group == regex.names().end())
      return fail(Fault::not_found, "No group with name {{{}}}", name);
    return Reference{group->second, end + 1};
  }
  const auto digit = [&](std::size_t i) { return static_cast<std::size_t>(rest[i] - '0'); };
  if (rest[1] < '0' || rest[1] > '9') return fail(Fault::invalid, "Illegal group reference");
  Reference found{digit(1), 2};
  if (found.group > regex.group_count()) return fail(Fault::not_found, "No group {}", found.group);
  while (found.length < rest.size() && rest[found.length] >= '0' && rest[found.length] <= '9' &&
         found.group * 10 + digit(found.length) <= regex.group_count())
    found.group = found.group * 10 + digit(found.length++);
  return found;
}

}  // namespace

Result<> append_replacement(const Regex& regex, std::string_view text, const Regex::Groups& groups,
                            std::string_view replacement, std::string& to) {
  for (std::size_t i = 0; i < replacement.size();) {
    const char c = replacement[i];
    if (c == '\\') {
      if (i + 1 >= replacement.size())
        return fail(Fault::invalid, "character to be escaped is missing");
      to += replacement[i + 1];
      i += 2;
    } else if (c == '$') {
      const auto found = TRY(reference(regex, replacement.substr(i)));
      if (const auto& part = groups[found.group])
        to += text.substr(part->begin, part->end - part->begin);
      i += found.length;
    } else {
      to += c;
      ++i;
    }
  }
  return {};
}

std::string quote_replacement(std::string_view text) {
  std::string quoted;
  for (const char c : text) {
    if (c == '\\' || c == '$') quoted += '\\';
    quoted += c;
  }
  return quoted;
}

}  // namespace cupel::pipeline
