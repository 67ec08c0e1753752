// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"
#include "cupel/surroundings.hpp"
#include "fleet/machines.hpp"

namespace cupel {

/// `cupel run`. Blocks till the run has ended and nothing of it is left. The exit status.
int run(const cli::RunCommand& command, const Surroundings& surroundings,
        fleet::Machines& machines);

/// `cupel doctor`.
int doctor(const Surroundings& surroundings);

}  // namespace cupel
