// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "pipeline/interpreter/node.hpp"
#include "place/place.hpp"

namespace cupel::fleet {

/// Hears one-line news of something that takes a while.
using Progress = std::function<void(std::string_view line)>;

/// What a machine is to be like.
struct MachineOrder {
  std::string box;
  unsigned cpus = 1;
  Bytes memory;
  std::optional<Bytes> disk;
  std::optional<std::string> cpu;  ///< QEMU's -cpu under TCG
  std::string run;                 ///< the run it belongs to, for `cupel machine list`
};

/// A machine that was given out. Destroying the object destroys the machine, unless it was kept.
class OwnedMachine {
 public:
  virtual ~OwnedMachine() = default;
  virtual std::string id() const = 0;
  virtual place::Place& place() = 0;
  virtual std::optional<pipeline::Trouble> trouble() const = 0;
  /// Ends it and removes all that it had.
  virtual Result<> destroy(const Stop& stop) = 0;
  /// Lets it live on after us, for people to look into.
  virtual Result<> keep() = 0;
};

/// Makes machines: the port to `machine`, so that the fleet is tested without QEMU. Any thread.
class Machines {
 public:
  virtual ~Machines() = default;
  /// A fresh machine that answers. Builds the box and the snapshot first where they are missing.
  virtual Result<std::unique_ptr<OwnedMachine>> start(const MachineOrder& order,
                                                      const Progress& progress,
                                                      const Stop& stop) = 0;
  /// The machines of a run that are there and were not kept, for the word that nothing was left
  /// behind.
  virtual std::vector<std::string> living(const std::string& run) const = 0;
  /// Ends those machines without tidying up; for a program that ends at once. Blocks for seconds at
  /// the most.
  virtual void kill(const std::string& run) = 0;
};

}  // namespace cupel::fleet
