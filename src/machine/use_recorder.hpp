// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "base/stop.hpp"
#include "machine/qmp.hpp"
#include "machine/traffic.hpp"
#include "machine/use.hpp"

namespace cupel::machine {

/// What a machine has read and written since its QEMU began.
struct DiskUse {
  Bytes read, written;
};
/// Asks QEMU; nothing: it has no disk, or does not answer.
std::optional<DiskUse> disk_use(Qmp& qmp, const Stop& stop);
/// From the answer to query-blockstats. Pure.
std::optional<DiskUse> disk_use(const json::Value& answer);

/// Writes use.csv into a machine's directory, a line a second, from outside of the machine. Two
/// hours fill it; then pairs of lines become one, and lines come half as often. Goes on with the
/// file that an earlier process left. One thread at a time. A line that cannot be written is lost.
class UseRecorder {
 public:
  UseRecorder(std::filesystem::path directory, int qemu_pid);

  /// When the next line is to be written.
  SteadyTime due() const { return due_; }
  /// Writes one; nothing is said of the disk where that is not given.
  void sample(std::optional<DiskUse> disk);

 private:
  void write(const UseSample& sample);
  void shorten();

  std::filesystem::path file_;
  int pid_;
  TrafficFile received_, sent_;
  std::vector<UseSample> samples_;
  ProcessUse told_ = {};  // of cpu: the sum of all lines
  std::optional<DiskUse> disk_told_;
  Duration interval_;
  SteadyTime due_;
};

}  // namespace cupel::machine
