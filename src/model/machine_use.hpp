// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace cupel::model {

/// What a run had of one of its machines.
struct MachineUse {
  std::string name;  ///< of the node and the machine: "tiny-3f2a91"
  unsigned cpus = 0;
  Bytes memory;       ///< what it was given
  Bytes peak_memory;  ///< the most that it had of the host's
  std::chrono::milliseconds processor_time{0}, duration{0};
  std::vector<std::string> files;  ///< what was recorded: paths below the artifacts
  friend bool operator==(const MachineUse&, const MachineUse&) = default;
};

}  // namespace cupel::model
