// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cupel::os {

/// Ant's path patterns as Jenkins uses them: '*' and '?' within a name, '**' across directories,
/// a trailing '/' means '/**'. Case-sensitive. Source: ant.apache.org/manual/dirtasks.html#patterns
bool glob_matches(std::string_view pattern, std::string_view path);

/// Which files of a tree are meant. Empty includes: all. A pattern list "a, b c" is split by
/// parse_patterns.
struct Selection {
  std::vector<std::string> includes;
  std::vector<std::string> excludes;
  enum class Defaults { exclude, keep } defaults = Defaults::keep;  ///< Ant's default excludes
  friend bool operator==(const Selection&, const Selection&) = default;
};
std::vector<std::string> parse_patterns(std::string_view text);
bool selects(const Selection& selection, std::string_view path);

}  // namespace cupel::os
