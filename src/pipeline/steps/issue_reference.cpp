// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/issue_reference.hpp"

#include <algorithm>
#include <tuple>

#include "base/json.hpp"
#include "base/text.hpp"

namespace cupel::pipeline::steps {
namespace {

constexpr std::size_t most_kept = 64U << 20;

Issue::Severity severity_of(const std::string& text) {
  for (const auto severity : {Issue::Severity::error, Issue::Severity::high, Issue::Severity::low})
    if (name(severity) == text) return severity;
  return Issue::Severity::normal;
}

auto identity(const Issue& issue) { return std::tie(issue.file, issue.type, issue.message); }

}  // namespace

std::vector<Issue> parse_kept_issues(std::string_view text, const std::vector<std::string>& tools) {
  std::vector<Issue> issues;
  for (const auto& line : split(text, '\n')) {
    const auto value = json::parse(line);
    if (!value) continue;
    const auto tool = value->text("tool");
    if (!tool || std::find(tools.begin(), tools.end(), *tool) == tools.end()) continue;
    Issue issue;
    issue.file = value->text("file").value_or("");
    issue.line = value->integer("line").value_or(0);
    issue.column = value->integer("column").value_or(0);
    issue.severity = severity_of(value->text("severity").value_or(""));
    issue.type = value->text("type").value_or("");
    issue.message = value->text("message").value_or("");
    issues.push_back(std::move(issue));
  }
  return issues;
}

Result<std::optional<IssueReference>> IssueReference::find(const PastRuns& runs,
                                                           const std::string& job, unsigned number,
                                                           const std::vector<std::string>& tools) {
  using model::Verdict;
  const auto run = TRY(runs.before(job, number, {Verdict::success, Verdict::unstable}));
  if (!run) return std::optional<IssueReference>();
  IssueReference reference;
  reference.run_ = run->number;
  // A run that found nothing has no such artifact.
  if (const auto text = os::read_file(run->artifacts / "issues.jsonl", most_kept))
    reference.issues_ = parse_kept_issues(*text, tools);
  return reference;
}

std::vector<Issue> IssueReference::without(const std::vector<Issue>& these,
                                           const std::vector<Issue>& those) {
  auto left = those;
  std::vector<Issue> rest;
  for (const auto& issue : these) {
    const auto same = std::find_if(left.begin(), left.end(), [&](const Issue& other) {
      return identity(other) == identity(issue);
    });
    if (same == left.end())
      rest.push_back(issue);
    else
      left.erase(same);
  }
  return rest;
}

}  // namespace cupel::pipeline::steps
