// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cupel/surroundings.hpp"
#include "fleet/machines.hpp"
#include "model/run_record.hpp"
#include "pipeline/interpreter/build_facts.hpp"
#include "pipeline/interpreter/prompt.hpp"

namespace cupel {

/// The run that calls another one by the step build.
struct Caller {
  std::string job;  ///< what the called one is known by: its JOB_NAME
  /// The Jenkinsfiles of the runs around, the outermost first: none of them may be run again.
  std::vector<os::fs::path> chain;
  std::vector<pipeline::Cause> causes;  ///< of the called run
  pipeline::Prompts* prompts = nullptr;
  /// The called run has its number and its directory. On the thread that runs it.
  std::function<void(unsigned number, const os::fs::path& directory)> begun;
};

/// What to run, and for whom. All is borrowed for the call.
struct RunOrder {
  const cli::RunCommand& command;
  const Surroundings& surroundings;
  fleet::Machines& machines;
  const Caller* caller = nullptr;  ///< null: a person, who is told all on the terminal
};

/// How it ended. Without a record nothing was run: the status says why, and the person was told.
struct EndedRun {
  int status = 0;
  std::optional<model::RunRecord> record = std::nullopt;
  unsigned number = 0;
  os::fs::path directory = {};
  std::string project = {};  ///< JOB_NAME
};

/// Runs a pipeline from its reading to the removal of old runs. Blocks till nothing of it is left.
/// Of a called run, what is wrong with its pipeline is an error (invalid).
Result<EndedRun> run_pipeline(const RunOrder& order);

}  // namespace cupel
