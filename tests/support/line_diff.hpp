// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace cupel::test {

/// How two texts differ: "- " before a line that is only in `expected`, "+ " before one that is
/// only in `actual`, "  " before the last one both have. Bytes that do not print are escaped. Empty
/// for equal texts.
inline std::string line_diff(std::string_view expected, std::string_view actual) {
  const auto a = split(expected, '\n'), b = split(actual, '\n');
  // common[i][j]: the longest common part of a from i and b from j.
  std::vector<std::vector<unsigned>> common(a.size() + 1, std::vector<unsigned>(b.size() + 1));
  for (auto i = a.size(); i-- > 0;)
    for (auto j = b.size(); j-- > 0;)
      common[i][j] =
          a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  std::string text;
  const std::string* before = nullptr;
  const auto add = [&](const char* mark, const std::string& line) {
    if (before) text += "  " + printable(*std::exchange(before, nullptr)) + "\n";
    text += mark + printable(line) + "\n";
  };
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      before = &a[i++], ++j;
    } else if (j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1])) {
      add("- ", a[i++]);
    } else {
      add("+ ", b[j++]);
    }
  }
  return text;
}

}  // namespace cupel::test
