// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/warnings.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <pugixml.hpp>
#include <set>

#include "base/text.hpp"

namespace cupel::pipeline::steps {
namespace {

using Format = IssueTool::Format;
using Severity = Issue::Severity;

constexpr std::size_t most_issues = 100'000;
constexpr std::size_t longest_line = 64U << 10;

constexpr std::array tools = {
    IssueTool{"gcc", "GNU C Compiler"},
    IssueTool{"gcc3", "GNU C Compiler 3"},
    IssueTool{"gcc4", "GNU C Compiler 4"},
    IssueTool{"clang", "Clang"},
    IssueTool{"clangTidy", "Clang-Tidy"},
    IssueTool{"clangAnalyzer", "Clang Analyzer"},
    IssueTool{"gnat", "Ada Compiler"},
    IssueTool{"goLint", "Go Lint", Format::checker},
    IssueTool{"goVet", "Go Vet", Format::checker},
    IssueTool{"shellCheck", "ShellCheck", Format::checker},
    IssueTool{"hadoLint", "Hadolint", Format::checker},
    IssueTool{"yamlLint", "YamlLint", Format::checker},
    IssueTool{"ansibleLint", "Ansible Lint", Format::checker},
    IssueTool{"flake8", "Flake8", Format::checker},
    IssueTool{"pep8", "Pep8", Format::checker},
    IssueTool{"pyLint", "Pylint", Format::checker},
    IssueTool{"myPy", "MyPy", Format::checker},
    IssueTool{"cppLint", "Cpplint", Format::checker},
    IssueTool{"doxygen", "Doxygen"},
    IssueTool{"java", "Java Compiler"},
    IssueTool{"kotlin", "Kotlin"},
    IssueTool{"cargo", "Cargo"},
    IssueTool{"mavenConsole", "Maven", Format::maven},
    IssueTool{"javaDoc", "JavaDoc"},
    IssueTool{"cmake", "CMake", Format::cmake},
    IssueTool{"cppCheck", "CPPCheck", Format::cppcheck},
    IssueTool{"checkStyle", "CheckStyle", Format::checkstyle},
    IssueTool{"esLint", "ESLint", Format::checkstyle},
    IssueTool{"tsLint", "TSLint", Format::checkstyle},
    IssueTool{"phpCodeSniffer", "PHP_CodeSniffer", Format::checkstyle},
};

Severity severity_of(std::string_view word) {
  const auto text = lower(word);
  if (text == "error" || text == "fatal error" || text == "fatal") return Severity::error;
  if (text == "note" || text == "info" || text == "style" || text == "ignore" ||
      text == "information" || text == "remark")
    return Severity::low;
  if (text == "performance" || text == "portability" || text == "refactor") return Severity::low;
  return Severity::normal;
}

/// Takes a whole number and the separator behind it off the front.
std::optional<std::int64_t> take_number(std::string_view& text, char separator) {
  std::size_t digits = 0;
  while (digits < text.size() && digits < 9 && text[digits] >= '0' && text[digits] <= '9') ++digits;
  if (digits == 0 || digits >= text.size() || text[digits] != separator) return std::nullopt;
  const auto number = parse_integer(text.substr(0, digits));
  if (number) text.remove_prefix(digits + 1);
  return number;
}

/// "[-Wshadow]" at the end of a message, or "E501 " at its beginning.
void take_type(Issue& issue) {
  auto& text = issue.message;
  const auto open = text.rfind('[');
  if (text.ends_with(']') && open != std::string::npos && open > 0) {
    issue.type = text.substr(open + 1, text.size() - open - 2);
    text = std::string(trim(std::string_view(text).substr(0, open)));
    return;
  }
  std::size_t letters = 0;
  while (letters < text.size() && text[letters] >= 'A' && text[letters] <= 'Z') ++letters;
  std::size_t end = letters;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  if (letters == 0 || letters > 4 || end == letters || end >= text.size() ||
      (text[end] != ' ' && text[end] != ':'))
    return;
  issue.type = text.substr(0, end);
  text = std::string(trim(std::string_view(text).substr(end + 1)));
}

bool has_letter(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

enum class Says { severity, anything };
std::optional<Issue> gnu_line(std::string_view line, Says says) {
  Issue issue;
  // A colon inside of the name is rare; the first one that a number follows ends it.
  for (std::size_t colon = line.find(':'); colon != std::string_view::npos;
       colon = line.find(':', colon + 1)) {
    auto rest = line.substr(colon + 1);
    const auto number = take_number(rest, ':');
    if (!number) continue;
    issue.file = std::string(trim(line.substr(0, colon)));
    issue.line = *number;
    if (const auto column = take_number(rest, ':')) issue.column = *column;
    rest = trim(rest);
    const auto word_end = rest.find(':');
    const auto word = lower(rest.substr(0, std::min(word_end, rest.size())));
    static constexpr std::array<std::string_view, 7> words = {
        "warning", "error", "fatal error", "note", "info", "remark", "style"};
    const bool said = word_end != std::string_view::npos &&
                      std::find(words.begin(), words.end(), word) != words.end();
    if (said) {
      issue.severity = severity_of(word);
      rest = trim(rest.substr(word_end + 1));
    }
    if (!said && says == Says::severity) return std::nullopt;
    // "12:30:01: done" is a time.
    if (!has_letter(issue.file) || issue.file.find(' ') != std::string::npos || rest.empty())
      return std::nullopt;
    issue.message = std::string(rest);
    take_type(issue);
    // Notes explain the issue before them.
    if (word == "note" && said) return std::nullopt;
    if (issue.type.starts_with("E") && !said) issue.severity = Severity::high;
    return issue;
  }
  return std::nullopt;
}

std::optional<Issue> maven_line(std::string_view line) {
  Issue issue;
  if (line.starts_with("[WARNING] "))
    line.remove_prefix(10);
  else if (line.starts_with("[ERROR] ")) {
    line.remove_prefix(8);
    issue.severity = Severity::error;
  } else {
    return std::nullopt;
  }
  const auto open = line.find(":[");
  if (open != std::string_view::npos) {
    auto rest = line.substr(open + 2);
    const auto number = take_number(rest, ',');
    const auto column = number ? take_number(rest, ']') : std::nullopt;
    if (number && column) {
      issue.file = std::string(line.substr(0, open));
      issue.line = *number;
      issue.column = *column;
      line = trim(rest);
    }
  }
  if (trim(line).empty()) return std::nullopt;
  issue.message = std::string(trim(line));
  return issue;
}

std::optional<Issue> cmake_line(std::string_view line) {
  if (!line.starts_with("CMake ")) return std::nullopt;
  const auto at = line.find(" at ");
  if (at == std::string_view::npos) return std::nullopt;
  Issue issue;
  const auto word = line.substr(6, at - 6);
  issue.severity = word.starts_with("Error")         ? Severity::error
                   : word.starts_with("Deprecation") ? Severity::low
                                                     : Severity::normal;
  auto rest = line.substr(at + 4);
  const auto colon = rest.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  issue.file = std::string(rest.substr(0, colon));
  rest.remove_prefix(colon + 1);
  issue.line = take_number(rest, ' ').value_or(0);
  issue.message = std::string(word) + " " + std::string(trim(rest));
  return issue;
}

std::optional<Issue> cppcheck_line(std::string_view line) {
  const auto close = line.find("]: (");
  if (!line.starts_with('[') || close == std::string_view::npos)
    return gnu_line(line, Says::severity);
  Issue issue;
  const auto place = line.substr(1, close - 1);
  const auto colon = place.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  issue.file = std::string(place.substr(0, colon));
  issue.line = parse_integer(place.substr(colon + 1)).value_or(0);
  const auto rest = line.substr(close + 4);
  const auto end = rest.find(')');
  if (end == std::string_view::npos) return std::nullopt;
  issue.severity = severity_of(rest.substr(0, end));
  issue.message = std::string(trim(rest.substr(end + 1)));
  take_type(issue);
  return issue;
}

Result<std::vector<Issue>> checkstyle(std::string_view text) {
  pugi::xml_document document;
  // No DOCTYPE is read and no entity but XML's own is expanded.
  const auto parsed = document.load_buffer(text.data(), text.size());
  if (!parsed)
    return fail(Fault::invalid, "no valid XML at byte {}: {}", parsed.offset,
                lower(parsed.description()));
  std::vector<Issue> issues;
  for (const auto file : document.document_element().children("file"))
    for (const auto error : file.children("error")) {
      Issue issue;
      issue.file = file.attribute("name").value();
      issue.line = error.attribute("line").as_llong();
      issue.column = error.attribute("column").as_llong();
      issue.severity = severity_of(error.attribute("severity").value());
      issue.type = error.attribute("source").value();
      issue.message = error.attribute("message").value();
      issues.push_back(std::move(issue));
      if (issues.size() >= most_issues) return issues;
    }
  return issues;
}

}  // namespace

std::string_view name(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::high: return "high";
    case Severity::normal: return "normal";
    case Severity::low: return "low";
  }
  return "";
}

const IssueTool* find_issue_tool(std::string_view id) {
  const auto found = std::find_if(tools.begin(), tools.end(),
                                  [&](const auto& tool) { return lower(tool.id) == lower(id); });
  return found != tools.end() ? &*found : nullptr;
}

std::vector<std::string> issue_tools() {
  std::vector<std::string> ids;
  for (const auto& tool : tools) ids.emplace_back(tool.id);
  return ids;
}

Result<std::vector<Issue>> parse_issues(const IssueTool& tool, std::string_view text) {
  std::vector<Issue> issues;
  if (tool.format == Format::checkstyle) {
    issues = TRY(checkstyle(text));
  } else {
    std::set<Issue> seen;
    while (!text.empty() && seen.size() < most_issues) {
      const auto end = std::min(text.find('\n'), text.size());
      auto line = text.substr(0, std::min(end, longest_line));
      text.remove_prefix(std::min(end + 1, text.size()));
      if (line.ends_with('\r')) line.remove_suffix(1);
      auto issue = tool.format == Format::maven      ? maven_line(line)
                   : tool.format == Format::cmake    ? cmake_line(line)
                   : tool.format == Format::cppcheck ? cppcheck_line(line)
                   : tool.format == Format::checker  ? gnu_line(line, Says::anything)
                                                     : gnu_line(line, Says::severity);
      if (issue && seen.insert(*issue).second) issues.push_back(std::move(*issue));
    }
  }
  return issues;
}

}  // namespace cupel::pipeline::steps
