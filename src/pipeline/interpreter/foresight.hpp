// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/interpreter/constant.hpp"
#include "pipeline/syntax/declarative.hpp"

namespace cupel::pipeline {

/// What is assumed of a run that does not happen.
struct Assumptions {
  std::map<std::string, std::string> parameters;
  std::optional<std::string> branch;
  std::optional<std::string> tag;
  std::optional<std::string> change_request;  ///< its id; `branch` is its target then
};

/// Which values of the environment and of parameters are known at a place of a pipeline. A copy
/// with more variables stands for a place further inside.
class Foresight {
 public:
  Foresight(const Assumptions& assumptions, const std::vector<syntax::BuildParameter>& declared);

  /// The variables of an environment { } whose values are known; the others become unknown.
  void add(const std::vector<syntax::EnvironmentEntry>& environment);
  void add(const syntax::Cell& cell);

  enum class Holds { yes, no, depends };
  struct Answer {
    Holds holds = Holds::depends;
    std::string why;  ///< "the branch is 'main'", "it depends on the files that changed"
  };
  /// All conditions of the when.
  Answer holds(const syntax::When& when) const;
  Answer holds(const syntax::Condition& condition) const;

  std::optional<Constant> value(const syntax::Expression& expression) const;

 private:
  std::optional<Constant> find(std::string_view of, std::string_view name) const;
  Names names() const;
  Answer all(const std::vector<syntax::Condition>& conditions) const;
  Answer any(const std::vector<syntax::Condition>& conditions) const;
  Answer matches(const std::string& what, const std::optional<std::string>& text,
                 const syntax::Expression* pattern, syntax::Comparator comparator) const;

  Answer test(const syntax::BranchCondition& condition) const;
  Answer test(const syntax::TagCondition& condition) const;
  Answer test(const syntax::BuildingTagCondition& condition) const;
  Answer test(const syntax::ChangelogCondition& condition) const;
  Answer test(const syntax::ChangesetCondition& condition) const;
  Answer test(const syntax::ChangeRequestCondition& condition) const;
  Answer test(const syntax::EnvironmentCondition& condition) const;
  Answer test(const syntax::EqualsCondition& condition) const;
  Answer test(const syntax::ExpressionCondition& condition) const;
  Answer test(const syntax::TriggeredByCondition& condition) const;
  Answer test(const syntax::RestartedRunCondition& condition) const;
  Answer test(const syntax::NotCondition& condition) const;
  Answer test(const syntax::AllOfCondition& condition) const;
  Answer test(const syntax::AnyOfCondition& condition) const;

  /// Nothing was said about branch, tag and change request.
  bool nothing_said_ = true;
  std::map<std::string, std::optional<Constant>, std::less<>> environment_;  // nothing: unknown
  std::map<std::string, std::optional<Constant>, std::less<>> parameters_;
};

}  // namespace cupel::pipeline
