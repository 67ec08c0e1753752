// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "model/run_record.hpp"
#include "pipeline/interpreter/build_facts.hpp"
#include "pipeline/interpreter/events.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/node.hpp"
#include "pipeline/interpreter/run_files.hpp"
#include "pipeline/interpreter/scm.hpp"
#include "pipeline/syntax/declarative.hpp"

namespace cupel::pipeline {

/// What to run, and what the caller knows about this run. All is borrowed for the call.
struct RunRequest {
  const syntax::Source& source;
  const syntax::Jenkinsfile& file;  ///< must be valid()
  const StepTable& steps;
  std::string id = {};
  std::map<std::string, std::string> parameters = {};
  /// On top of the standard variables: BUILD_NUMBER, JOB_NAME, GIT_COMMIT, BRANCH_NAME, ...
  Variables environment = {};
  /// How the run before this one ended; for changed, fixed, regression.
  std::optional<model::Verdict> previous = std::nullopt;
  Limits limits = {};
  Services services = {};
  BuildFacts facts = {};
  /// Where effects are recorded, and an earlier process may have begun to; null: nowhere. Where it
  /// does not fit the pipeline the run ends with the error conflict, and nothing is added to it.
  Journal* journal = nullptr;
  Scm* scm = nullptr;  ///< the project's own source; null: there is none to check out
};

/// Runs a pipeline to its end; blocks. Branches of `parallel` are threads of its own. A pipeline
/// that fails is a record, not an error: an error (Fault::invalid) means that nothing was started,
/// since a parameter is wrong or the pipeline is of a kind that is not supported. When stopped,
/// what runs is interrupted, post conditions run for `grace` at most, and the verdict is ABORTED.
Result<model::RunRecord> execute(const RunRequest& request, Nodes& nodes, RunFiles& files,
                                 Observer& observer, const Stop& stop);

/// The values that parameters have when the run begins.
struct ResolvedParameters {
  std::vector<std::pair<std::string, Value>> values;
  std::map<std::string, std::string> unclaimed;  ///< given, but not declared before code runs
  std::vector<std::string> passwords;            ///< names
};

/// Checks values against what the file declares and fills in the defaults that are literals: other
/// defaults, and choices, are evaluated when the run begins. The error names the parameter, and
/// lists what is possible.
Result<ResolvedParameters> resolve_parameters(const syntax::JobProperties& job,
                                              const std::map<std::string, std::string>& given);

}  // namespace cupel::pipeline
