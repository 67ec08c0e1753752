// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

#include "machine/machine.hpp"
#include "machine/snapshots.hpp"
#include "samples.hpp"

namespace cupel::benchmark {

/// How much is measured.
struct Plan {
  int boots = 3;               ///< boots from the kernel, each frozen at its end
  int rounds = 20;             ///< clones of each kind
  int crowd = 0;               ///< clones that live at once at the end; 0: not measured
  std::filesystem::path tree;  ///< what is pushed
};

/// Measures machines of one recipe: its rows, in the order of the table. Everything that it makes
/// lies below `paths`. Blocks for minutes; `news` gets a line for each part.
class Measurement {
 public:
  Measurement(machine::Recipe recipe, machine::Paths paths, Plan plan, machine::Progress news);

  Result<std::vector<Row>> run(const Stop& stop);

 private:
  void add(std::string_view id, double sample);
  Result<> measure_boot(const Stop& stop);
  Result<std::unique_ptr<machine::Machine>> clone(const Stop& stop);
  Result<> measure_clone(const Stop& stop);
  Result<> measure_waiting(const Stop& stop);
  Result<> measure_pool(const Stop& stop);
  Result<> measure_commands(const Stop& stop);
  Result<> measure_fork(place::Place& place, const Stop& stop);
  Result<> measure_push(const Stop& stop);
  Result<> measure_layers(const Stop& stop);
  Result<> measure_crowd(const Stop& stop);
  Result<> measure_memory(int count, std::string_view mapped, std::string_view anonymous,
                          const Stop& stop);

  machine::Recipe recipe_;
  machine::Paths paths_;
  Plan plan_;
  machine::Progress news_;
  machine::Snapshots snapshots_;
  std::vector<Row> rows_;
};

}  // namespace cupel::benchmark
