// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "pipeline/syntax/ast.hpp"

namespace cupel::pipeline::syntax {

// The conditions of `when { }`. An expression that is null was not written.

/// How a text is compared with a pattern: Ant's glob, a whole regular expression, or the text.
enum class Comparator { glob, regexp, equals };
/// "GLOB"
std::string_view name(Comparator comparator);

struct Condition;

/// branch 'x', branch pattern: 'x', comparator: 'REGEXP'
struct BranchCondition {
  const Expression* pattern = nullptr;
  Comparator comparator = Comparator::glob;
};
/// tag 'v*'; tag() is any tag
struct TagCondition {
  const Expression* pattern = nullptr;
  Comparator comparator = Comparator::glob;
};
struct BuildingTagCondition {};
/// changelog 'regular expression'
struct ChangelogCondition {
  const Expression* pattern = nullptr;
};
/// changeset '**/*.js'
struct ChangesetCondition {
  const Expression* pattern = nullptr;
  Comparator comparator = Comparator::glob;
  bool case_sensitive = false;
};
/// changeRequest(), changeRequest target: 'main': each field must match.
struct ChangeRequestCondition {
  enum class Field {
    id,
    target,
    branch,
    fork,
    url,
    title,
    author,
    author_display_name,
    author_email,
  };
  std::vector<std::pair<Field, const Expression*>> fields;
  Comparator comparator = Comparator::equals;
};
/// environment name: 'X', value: 'y'
struct EnvironmentCondition {
  const Expression* variable = nullptr;
  const Expression* value = nullptr;
  bool ignore_case = false;
};
/// equals expected: 2, actual: currentBuild.number
struct EqualsCondition {
  const Expression* expected = nullptr;
  const Expression* actual = nullptr;
};
/// expression { ... }
struct ExpressionCondition {
  const Block* body = nullptr;
};
/// triggeredBy 'TimerTrigger', triggeredBy cause: 'UserIdCause', detail: 'vlinde'
struct TriggeredByCondition {
  const Expression* cause = nullptr;
  const Expression* detail = nullptr;
};
struct RestartedRunCondition {};
struct NotCondition {
  std::vector<Condition> conditions;  ///< exactly one
};
struct AllOfCondition {
  std::vector<Condition> conditions;
};
struct AnyOfCondition {
  std::vector<Condition> conditions;
};

struct Condition {
  using Kind = std::variant<BranchCondition, TagCondition, BuildingTagCondition, ChangelogCondition,
                            ChangesetCondition, ChangeRequestCondition, EnvironmentCondition,
                            EqualsCondition, ExpressionCondition, TriggeredByCondition,
                            RestartedRunCondition, NotCondition, AllOfCondition, AnyOfCondition>;
  Kind kind;
  Span span;
};

/// All conditions must hold. Each flag says that they are evaluated before that is done.
struct When {
  std::vector<Condition> conditions;
  bool before_agent = false;
  bool before_input = false;
  bool before_options = false;
  Span span;
};

}  // namespace cupel::pipeline::syntax
