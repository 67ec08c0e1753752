// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "machine/machine.hpp"

namespace cupel::machine {

/// QEMUs that were started ahead of need and wait for the state of a snapshot (ADR 0044). Each is
/// recorded in its machine's directory and is anybody's: whoever takes it becomes its owner.

struct WaitingPolicy {
  unsigned most = 0;               ///< of all snapshots together; 0: none is started or looked for
  std::chrono::seconds time{600};  ///< then nobody came, and it is ended
  Bytes memory = gib(1);           ///< what all of them may use
  friend bool operator==(const WaitingPolicy&, const WaitingPolicy&) = default;
};

/// One that waits for that snapshot, now ours; nothing if there is none.
Result<std::optional<WaitingMachine>> take_waiting(const Snapshot& snapshot,
                                                   const MachineOrder& order, const Stop& stop);

/// Starts what is missing so that `wanted` wait for that snapshot, within the policy; those of
/// other snapshots that wait longest are ended where there is no room. The ids of the new ones.
/// Does nothing while another process is at it.
Result<std::vector<std::string>> replenish(const Snapshot& snapshot,
                                           const std::filesystem::path& machines, unsigned wanted,
                                           const WaitingPolicy& policy, const Stop& stop);

/// What a process has for itself, by /proc/PID/status; nothing if it has ended.
Bytes own_memory(int pid);

}  // namespace cupel::machine
