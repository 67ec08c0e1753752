// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "pipeline/syntax/declarative.hpp"
#include "runs/job_turn.hpp"
#include "runs/run_store.hpp"

namespace cupel {

/// What options { } says of the job rather than of a run, as far as it is written as literals.
struct JobRules {
  runs::Discard discard;                                ///< buildDiscarder
  std::optional<runs::JobTurn::Otherwise> one_at_once;  ///< disableConcurrentBuilds
};
JobRules job_rules(const pipeline::syntax::Jenkinsfile& file);

}  // namespace cupel
