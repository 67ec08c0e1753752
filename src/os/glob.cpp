// SPDX-License-Identifier: Apache-2.0
#include "os/glob.hpp"

#include <algorithm>
#include <array>

namespace cupel::os {

namespace {

constexpr std::array default_excludes = {"**/*~",
                                         "**/#*#",
                                         "**/.#*",
                                         "**/%*%",
                                         "**/._*",
                                         "**/CVS",
                                         "**/CVS/**",
                                         "**/.cvsignore",
                                         "**/SCCS",
                                         "**/SCCS/**",
                                         "**/vssver.scc",
                                         "**/.svn",
                                         "**/.svn/**",
                                         "**/.DS_Store",
                                         "**/.git",
                                         "**/.git/**",
                                         "**/.gitattributes",
                                         "**/.gitignore",
                                         "**/.gitmodules",
                                         "**/.hg",
                                         "**/.hg/**",
                                         "**/.hgignore",
                                         "**/.hgsub",
                                         "**/.hgsubstate",
                                         "**/.hgtags",
                                         "**/.bzr",
                                         "**/.bzr/**",
                                         "**/.bzrignore"};

/// The parts between slashes; empty ones ("a//b", "./" at the front) do not count.
std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const auto slash = std::min(path.find('/'), path.size());
    const auto part = path.substr(0, slash);
    if (!part.empty() && part != ".") parts.push_back(part);
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return parts;
}

/// Matches with one kind of star by remembering only the last one: to take a later star's match
/// back never helps, so the time is the product of the lengths at worst.
template <typename Sequence, typename IsStar, typename Equal>
bool matches(const Sequence& pattern, const Sequence& text, IsStar is_star, Equal equal) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = pattern.size();
  std::size_t star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && is_star(pattern[p])) {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && equal(pattern[p], text[t])) {
      ++p;
      ++t;
    } else if (star < pattern.size()) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && is_star(pattern[p])) ++p;
  return p == pattern.size();
}

bool name_matches(std::string_view pattern, std::string_view name) {
  return matches(
      pattern, name, [](char c) { return c == '*'; },
      [](char wanted, char c) { return wanted == '?' || wanted == c; });
}

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view path) {
  auto wanted = parts_of(pattern);
  if (pattern.ends_with('/')) wanted.push_back("**");
  // Ant: a pattern that begins with a slash matches only paths that do.
  if (pattern.starts_with('/') != path.starts_with('/')) return false;
  return matches(
      wanted, parts_of(path), [](std::string_view part) { return part == "**"; },
      [](std::string_view part, std::string_view name) { return name_matches(part, name); });
}

std::vector<std::string> parse_patterns(std::string_view text) {
  std::vector<std::string> patterns;
  constexpr std::string_view separators = ", \t\r\n";
  for (;;) {
    const auto begin = text.find_first_not_of(separators);
    if (begin == std::string_view::npos) return patterns;
    text.remove_prefix(begin);
    const auto end = std::min(text.find_first_of(separators), text.size());
    patterns.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

bool selects(const Selection& selection, std::string_view path) {
  const auto matches_path = [&](std::string_view pattern) { return glob_matches(pattern, path); };
  const auto any = [&](const auto& patterns) {
    return std::any_of(patterns.begin(), patterns.end(), matches_path);
  };
  if (!selection.includes.empty() && !any(selection.includes)) return false;
  if (any(selection.excludes)) return false;
  return selection.defaults == Selection::Defaults::keep || !any(default_excludes);
}

}  // namespace cupel::os
