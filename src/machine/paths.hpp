// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace cupel::machine {

/// Where things are kept. Made when first needed; one user's, on file systems with locks.
struct Paths {
  std::filesystem::path boxes;         ///< boxes/NAME/...
  std::filesystem::path snapshots;     ///< snapshots/KEY/{manifest.json,memory,state,disk.qcow2}
  std::filesystem::path machines;      ///< machines/ID/{record.json,lock,...}
  std::filesystem::path downloads;     ///< what box builds fetched
  std::filesystem::path acceleration;  ///< the file with the verdict on KVM
};

}  // namespace cupel::machine
