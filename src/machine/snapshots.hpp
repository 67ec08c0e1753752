// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/stop.hpp"
#include "machine/machine.hpp"
#include "machine/manifest.hpp"
#include "machine/paths.hpp"
#include "machine/snapshot_place.hpp"

namespace cupel::machine {

/// What two machines must share to be clones of one snapshot of the box itself, before any step of
/// provisioning. Pure but for the box's digests.
Digest snapshot_key(const Recipe& recipe, std::string_view qemu_identity);
/// The same of the layer that a step makes of the one below.
Digest layer_key(const Digest& below, const Digest& step);

/// The names of a snapshot's sealed files. A box without a disk has snapshots without one.
enum class Disk { none, present };
std::vector<std::string> snapshot_files(Disk disk);

/// What the store knows of a snapshot.
struct StoredSnapshot {
  std::string name;  ///< of its directory: the beginning of the key
  Manifest manifest;
  Bytes size;          ///< on disk
  WallTime last_used;  ///< or made
  enum class Pin { no, yes } pinned = Pin::no;
};

/// The store of frozen machines; several processes may use one. Each snapshot is whole in itself:
/// any may be removed at any time, machines that were made of it live on.
class Snapshots {
 public:
  explicit Snapshots(Paths paths, place::FetchPackages fetch = {})
      : paths_(std::move(paths)), fetch_(std::move(fetch)) {}

  /// The snapshot of a recipe, verified. What is missing of its layers is made, from the highest
  /// one that is there; a damaged one is made anew (with a line of progress). Waits while another
  /// process makes the same. A step that fails is invalid; its machine is kept for a while, and
  /// the error says how to enter it. When something was made, others are pruned to `most`.
  Result<Snapshot> obtain(const Recipe& recipe, Bytes most, const Progress& progress,
                          const Stop& stop);

  /// Removes what an interrupted build left. Call it when a command starts.
  Result<> sweep(const Stop& stop);

  /// Those that have a manifest, the latest used first. Their files are not looked at.
  Result<std::vector<StoredSnapshot>> list(const Stop& stop) const;
  /// By the beginning of its name. not_found; conflict: several begin so.
  Result<StoredSnapshot> find(std::string_view start, const Stop& stop) const;
  /// conflict: it is being made or exported just now.
  Result<> remove(const StoredSnapshot& snapshot, const Stop& stop);
  /// A pinned one is not pruned.
  Result<> pin(const StoredSnapshot& snapshot, StoredSnapshot::Pin pin);
  /// Removes the least recently used ones that are not pinned until all take no more than that;
  /// tells which.
  Result<std::vector<StoredSnapshot>> prune(Bytes most, const Stop& stop);

 private:
  struct Layer {
    Snapshot snapshot;
    const place::ProvisionStep* step;  ///< null: the box itself
    std::string title;                 ///< "step 2 of 3 (packages clang)"
    Origin origin;
  };
  Result<std::vector<Layer>> layers_of(const Recipe& recipe, const Stop& stop) const;
  Result<> make(const Layer& layer, const Layer* below, const Progress& progress, const Stop& stop);
  Result<> build(const Layer& layer, const Layer* below, const Progress& progress,
                 const Stop& stop);
  Result<std::unique_ptr<Machine>> machine_of(const Layer& layer, const Layer* below,
                                              const std::filesystem::path& files,
                                              const Progress& progress, const Stop& stop) const;
  Result<std::vector<StoredSnapshot>> prune_but(Bytes most, const std::vector<Layer>& needed,
                                                const Stop& stop);
  Paths paths_;
  place::FetchPackages fetch_;
};

}  // namespace cupel::machine
