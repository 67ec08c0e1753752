// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"
#include "cupel/surroundings.hpp"

namespace cupel {

/// `cupel snapshot ...`. The exit status.
int snapshots(const cli::SnapshotCommand& command, const Surroundings& surroundings);

int export_snapshot(const cli::SnapshotExportCommand& command, const Surroundings& surroundings);
int import_snapshot(const cli::SnapshotImportCommand& command, const Surroundings& surroundings);

}  // namespace cupel
