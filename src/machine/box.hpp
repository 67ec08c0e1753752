// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"

namespace cupel::machine {

/// What machines are made from: files that nobody changes while the box exists.
struct Box {
  std::string name;                 ///< "cupel/tiny"
  Digest digest;                    ///< over all that a machine of it sees
  std::filesystem::path kernel;     ///< ELF with a PVH entry, or a bzImage
  std::filesystem::path initramfs;  ///< without the guest program, which is appended at boot
  /// A raw image; read-only, machines write to overlays. Without one the initramfs is the system.
  std::optional<std::filesystem::path> disk;
  /// A command that returns once the box's services are up; run before a machine is frozen.
  std::vector<std::string> ready;
  friend bool operator==(const Box&, const Box&) = default;
};

}  // namespace cupel::machine
