// SPDX-License-Identifier: Apache-2.0
#include "cupel/job_rules.hpp"

#include "base/text.hpp"

namespace cupel {
namespace {

namespace syntax = pipeline::syntax;

/// A number, or a text that is one; -1 and empty texts are Jenkins' way to say nothing.
std::optional<unsigned> number_of(const syntax::Expression* expression) {
  if (!expression) return std::nullopt;
  std::optional<std::int64_t> number;
  if (const auto* text = expression->as<syntax::StringLiteral>())
    number = parse_integer(text->text);
  if (const auto* literal = expression->as<syntax::IntegerLiteral>())
    number = parse_integer(literal->digits);
  if (!number || *number < 0 || *number > 1'000'000) return std::nullopt;
  return static_cast<unsigned>(*number);
}

}  // namespace

JobRules job_rules(const syntax::Jenkinsfile& file) {
  JobRules rules;
  if (const auto& discarder = file.job.build_discarder)
    rules.discard = {number_of(discarder->builds_to_keep), number_of(discarder->days_to_keep),
                     number_of(discarder->artifact_builds_to_keep),
                     number_of(discarder->artifact_days_to_keep)};
  if (const auto& concurrent = file.job.disable_concurrent_builds)
    rules.one_at_once = concurrent->otherwise == syntax::ConcurrentBuilds::Otherwise::abort_previous
                            ? runs::JobTurn::Otherwise::abort_previous
                            : runs::JobTurn::Otherwise::wait;
  return rules;
}

}  // namespace cupel
