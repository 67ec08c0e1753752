// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"
#include "cupel/surroundings.hpp"

namespace cupel {

/// `cupel snapshot ...`. The exit status.
int snapshots(const cli::SnapshotCommand& command, const Surroundings& surroundings);

}  // namespace cupel
