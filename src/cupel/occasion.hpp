// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "cli/command.hpp"
#include "cupel/project.hpp"
#include "pipeline/interpreter/build_facts.hpp"
#include "runs/run_store.hpp"

namespace cupel {

/// BRANCH_NAME, TAG_NAME and CHANGE_*: as the command says, else as the project's checkout is.
std::map<std::string, std::string> occasion_variables(const cli::RunCommand& command,
                                                      const Project& project);

/// Who began the run, where it begins, and, if the pipeline asks for it, what changed since the
/// latest finished run of the job, as far as git can tell.
pipeline::BuildFacts build_facts(const cli::RunCommand& command, const Project& project,
                                 const runs::RunStore& store, const runs::RunDirectory& run,
                                 const std::string& job, const Stop& stop);

}  // namespace cupel
