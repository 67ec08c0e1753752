// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/lint.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/groovy/regex.hpp"
#include "pipeline/syntax/directive.hpp"

namespace cupel::pipeline {
namespace {

/// Finds the regular expressions of when conditions that are wrong.
class PatternCheck {
 public:
  explicit PatternCheck(std::vector<syntax::Diagnostic>& found) : found_(found) {}

  void stages(const std::vector<syntax::Stage>& list) {
    for (const auto& stage : list) {
      sections(stage);
      if (const auto* inner = std::get_if<syntax::Stages>(&stage.body)) stages(inner->stages);
      if (const auto* inner = std::get_if<syntax::Parallel>(&stage.body)) stages(inner->branches);
      if (const auto* inner = std::get_if<syntax::Matrix>(&stage.body)) {
        sections(*inner);
        stages(inner->stages);
      }
    }
  }

 private:
  void sections(const syntax::StageSections& sections) {
    if (sections.when) conditions(sections.when->conditions);
  }

  void conditions(const std::vector<syntax::Condition>& list) {
    for (const auto& one : list) std::visit([&](const auto& kind) { check(kind); }, one.kind);
  }

  template <typename Kind>
  void check(const Kind&) {}
  void check(const syntax::NotCondition& condition) { conditions(condition.conditions); }
  void check(const syntax::AllOfCondition& condition) { conditions(condition.conditions); }
  void check(const syntax::AnyOfCondition& condition) { conditions(condition.conditions); }
  void check(const syntax::ChangelogCondition& condition) { pattern(condition.pattern); }
  void check(const syntax::BranchCondition& condition) { compared(condition); }
  void check(const syntax::TagCondition& condition) { compared(condition); }
  void check(const syntax::ChangesetCondition& condition) { compared(condition); }
  void check(const syntax::ChangeRequestCondition& condition) {
    if (condition.comparator != syntax::Comparator::regexp) return;
    for (const auto& [_, value] : condition.fields) pattern(value);
  }
  template <typename Kind>
  void compared(const Kind& condition) {
    if (condition.comparator == syntax::Comparator::regexp) pattern(condition.pattern);
  }

  void pattern(const syntax::Expression* value) {
    const auto* text = syntax::literal_text(value);
    if (!text) return;
    const auto regex = Regex::compile(*text);
    if (!regex)
      found_.push_back(
          {value->span,
           fmt::format("\"{}\" is not a valid regular expression. {}", *text, regex.error().text()),
           "", syntax::Severity::error});
  }

  std::vector<syntax::Diagnostic>& found_;
};

}  // namespace

syntax::Jenkinsfile read_and_lint(const syntax::Source& source,
                                  const syntax::Vocabulary& vocabulary) {
  auto file = syntax::read_jenkinsfile(source, vocabulary);
  if (!file.pipeline) return file;
  PatternCheck(file.diagnostics).stages(file.pipeline->stages);
  std::ranges::stable_sort(file.diagnostics, {},
                           [](const auto& one) { return one.span.begin.offset; });
  return file;
}

}  // namespace cupel::pipeline
