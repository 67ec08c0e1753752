// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "model/machine_use.hpp"
#include "os/files.hpp"

namespace cupel::runs {

/// The machines of a run, in a file of its directory: a line of JSON each, so that whoever resumes
/// the run knows those of its earlier processes too.

/// Adds one: its name, cpus and memory. Any thread.
Result<> note_machine(const os::fs::path& file, const model::MachineUse& machine);
/// All that were noted, each once; lines that a crash cut are left out.
std::vector<model::MachineUse> noted_machines(const os::fs::path& file);

}  // namespace cupel::runs
