// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace cupel::pipeline::steps {

/// One thing that a compiler or checker complains about.
struct Issue {
  std::string file;
  std::int64_t line = 0, column = 0;
  enum class Severity { error, high, normal, low } severity = Severity::normal;
  std::string type;  ///< "-Wshadow", "E501"
  std::string message;
  friend auto operator<=>(const Issue&, const Issue&) = default;
};
std::string_view name(Issue::Severity severity);

/// A tool that recordIssues knows, by its name there: "gcc".
struct IssueTool {
  std::string_view id, title;
  enum class Format {
    compiler,   ///< FILE:LINE[:COLUMN]: SEVERITY: TEXT
    checker,    ///< the same, with the severity or without
    maven,      ///< [WARNING] FILE:[LINE,COLUMN] TEXT
    cmake,      ///< CMake Warning at FILE:LINE (COMMAND):
    cppcheck,   ///< [FILE:LINE]: (SEVERITY) TEXT
    checkstyle  ///< XML
  } format = Format::compiler;
};
/// Null if cupel does not know it.
const IssueTool* find_issue_tool(std::string_view id);
std::vector<std::string> issue_tools();

/// The issues in what a tool wrote, each once. Foreign bytes: whatever they are, this ends.
/// Fails (invalid) only on XML that is none.
Result<std::vector<Issue>> parse_issues(const IssueTool& tool, std::string_view text);

}  // namespace cupel::pipeline::steps
