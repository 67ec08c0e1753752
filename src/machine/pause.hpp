// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/stop.hpp"

namespace cupel::machine {

/// A run's machine can be made to stand still, by any process: its processors stop, its memory and
/// its connections stay. Its owner takes its silence for no trouble meanwhile. A file in its
/// directory says so.

/// conflict: it is paused already, or is not of those that can be (kept, waiting, being made).
Result<> pause_machine(const std::filesystem::path& machines, const std::string& id,
                       const Stop& stop);
/// It goes on, with its clock set to ours. conflict: it is not paused. Another failure: it may go
/// on, with a clock that is late.
Result<> resume_machine(const std::filesystem::path& machines, const std::string& id,
                        const Stop& stop);

bool is_paused(const std::filesystem::path& directory);
/// Of one whose QEMU is paused or resumed by its owner.
void forget_pause(const std::filesystem::path& directory);

}  // namespace cupel::machine
