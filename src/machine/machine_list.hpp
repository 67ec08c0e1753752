// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/stop.hpp"
#include "machine/record.hpp"

namespace cupel::machine {

/// Whether the run that a machine serves may still be taken up with it: its journal is there, and
/// the run is not over. Asked only of machines that are Resumable.
using MayResume = std::function<bool(const MachineRecord&)>;
/// For who does not care whether a machine's run goes on.
inline bool nobody(const MachineRecord&) { return false; }

/// A machine as somebody else's process sees it.
struct ListedMachine {
  MachineRecord record;
  /// running: its owner lives; kept: it stays without one; orphaned: it waits for its run to be
  /// resumed; waiting: for anybody who wants such a machine; lost: to be reaped.
  enum class State { running, kept, orphaned, waiting, lost } state = State::running;
  bool paused = false;  ///< by pause_machine()
};
std::string_view name(ListedMachine::State state);

/// All there are, oldest first.
Result<std::vector<ListedMachine>> list_machines(const std::filesystem::path& machines,
                                                 const MayResume& may_resume, const Stop& stop);

/// Removes what dead owners left behind, but for machines whose run may be resumed and whose limit
/// has not passed, and kept or waiting machines whose time is up or whose QEMU ended.
/// Call it when a command starts. Returns the ids; a machine that resists does not spare others.
Result<std::vector<std::string>> reap(const std::filesystem::path& machines,
                                      const MayResume& may_resume, const Stop& stop);

/// Blocks until a kept or waiting machine's time is up, or it is neither any more. Clocks may jump
/// meanwhile.
Result<> await_due(const std::filesystem::path& machines, const std::string& id, const Stop& stop);

/// Ends one that waits; conflict: it was taken.
Result<> end_waiting(const std::filesystem::path& machines, const std::string& id,
                     const Stop& stop);

/// Ends a machine, whoever owns it: a living owner is told by QEMU's end and cleans up itself.
Result<> remove_machine(const std::filesystem::path& machines, const std::string& id,
                        const Stop& stop);

}  // namespace cupel::machine
