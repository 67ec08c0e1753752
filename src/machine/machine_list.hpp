// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/stop.hpp"
#include "machine/record.hpp"

namespace cupel::machine {

/// A machine as somebody else's process sees it.
struct ListedMachine {
  MachineRecord record;
  /// running: its owner lives; kept: it stays without one; lost: to be reaped.
  enum class State { running, kept, lost } state = State::running;
};
std::string_view name(ListedMachine::State state);

/// All there are, oldest first.
Result<std::vector<ListedMachine>> list_machines(const std::filesystem::path& machines,
                                                 const Stop& stop);

/// Removes what dead owners left behind, and kept machines whose time is up or whose QEMU ended.
/// Call it when a command starts. Returns the ids; a machine that resists does not spare others.
Result<std::vector<std::string>> reap(const std::filesystem::path& machines, const Stop& stop);

/// Ends a machine, whoever owns it: a living owner is told by QEMU's end and cleans up itself.
Result<> remove_machine(const std::filesystem::path& machines, const std::string& id,
                        const Stop& stop);

}  // namespace cupel::machine
