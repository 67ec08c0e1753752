// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/crew.hpp"
#include "base/locked.hpp"
#include "fleet/machines.hpp"
#include "machine/machine.hpp"

namespace cupel {

/// A process of its own ends a kept or waiting machine when its time is up; else the next command
/// would.
Result<> end_when_due(const std::string& id);

/// How many machines of each snapshot live, and lived at once at the most: so many are wanted.
class Demand {
 public:
  void begin(const Digest& snapshot);
  void end(const Digest& snapshot);
  unsigned peak(const Digest& snapshot);

 private:
  struct Count {
    unsigned now = 0, peak = 0;
  };
  Locked<std::map<Digest, Count>> counts_;
};

/// Starts QEMUs ahead of need, behind the back of those who ask for machines. Any thread may ask.
/// Best effort: what fails is a line of debugging.
class Successors {
 public:
  /// The demand outlives it.
  Successors(std::filesystem::path machines, Demand& demand)
      : machines_(std::move(machines)), demand_(demand) {}
  /// Blocks until what was asked for has been started, or its asker was stopped.
  ~Successors();
  Successors(const Successors&) = delete;
  Successors& operator=(const Successors&) = delete;

  /// As many of that snapshot as are in demand. `stop` is the asker's: then none are wanted.
  void want(const machine::Snapshot& snapshot, const fleet::Ahead& ahead, const Stop& stop);

 private:
  struct Wanted {
    machine::Snapshot snapshot;
    fleet::Ahead ahead;
    Stop stop;
  };
  struct State {
    std::map<Digest, Wanted> wanted;  ///< by the snapshot: the latest who asked for it
    bool started = false, closed = false;
  };
  Result<> work();
  void start(const Wanted& wanted);

  std::filesystem::path machines_;
  Demand& demand_;
  Locked<State> state_;
  Crew crew_{Stop{}};  // the last: its thread uses the rest
};

}  // namespace cupel
