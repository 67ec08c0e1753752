// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include "base/stop.hpp"
#include "machine/machine.hpp"
#include "machine/paths.hpp"

namespace cupel::machine {

/// One-line news for a person who waits.
using Progress = std::function<void(std::string_view line)>;

/// What two machines must share to be clones of one snapshot. Pure but for the box's digests.
Digest snapshot_key(const Recipe& recipe, std::string_view qemu_identity);

/// The store of frozen machines; several processes may use one.
class Snapshots {
 public:
  explicit Snapshots(Paths paths) : paths_(std::move(paths)) {}

  /// The snapshot of a recipe, verified; made if there is none, and made anew (with a line of
  /// progress) if there is a damaged one. Waits while another process makes the same.
  Result<Snapshot> obtain(const Recipe& recipe, const Progress& progress, const Stop& stop);

  /// Removes what an interrupted build left. Call it when a command starts.
  Result<> sweep(const Stop& stop);

 private:
  Result<> build(const Snapshot& snapshot, const Progress& progress, const Stop& stop);
  Paths paths_;
};

}  // namespace cupel::machine
