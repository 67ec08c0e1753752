// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace cupel::machine {

/// What a process has used since it began, and the memory that it has.
struct ProcessUse {
  std::chrono::milliseconds cpu{};  ///< processor time, of all its threads
  Bytes memory;                     ///< resident
  Bytes own;                        ///< of that, what is in no file: no other process shares it
  Bytes peak;                       ///< the most that was ever resident
  friend bool operator==(const ProcessUse&, const ProcessUse&) = default;
};

/// From the text of /proc/PID/stat; nothing if it is none. Pure.
std::optional<std::chrono::milliseconds> processor_time(std::string_view stat);
/// Nothing if it has ended.
std::optional<std::chrono::milliseconds> processor_time(int pid);
/// From the texts of /proc/PID/stat and /proc/PID/status. Pure.
std::optional<ProcessUse> process_use(std::string_view stat, std::string_view status);
/// Nothing if it has ended.
std::optional<ProcessUse> process_use(int pid);

/// A line of use.csv: what a machine used of its host since the line before.
struct UseSample {
  std::chrono::milliseconds time{};              ///< when the span ended, since 1970 (UTC)
  std::chrono::milliseconds cpu{};               ///< processor time in the span
  Bytes memory, own, peak;                       ///< at its end: ProcessUse's
  std::optional<Bytes> disk_read, disk_written;  ///< by the machine; nothing: it has no disk
  std::optional<Bytes> received, sent;           ///< over its network device; nothing: not counted
  friend bool operator==(const UseSample&, const UseSample&) = default;
};

inline constexpr std::string_view use_header =
    "time,cpu,memory,own_memory,peak_memory,disk_read,disk_written,net_received,net_sent\n";
/// With its line's end: seconds with three decimals, bytes; what is not known is empty.
std::string use_line(const UseSample& sample);
/// All whole lines of a file that begins with the header; the rest, as a crash left it, is dropped.
std::vector<UseSample> parse_use(std::string_view text);

/// Two spans as one. `earlier` comes right before.
UseSample joined(const UseSample& earlier, const UseSample& later);
/// Pairs become one; an odd last one stays.
void halve(std::vector<UseSample>& samples);

/// All of them together.
struct UseTotal {
  std::chrono::milliseconds cpu{};
  Bytes peak;
  std::chrono::milliseconds time{};  ///< from the first line to the last
  friend bool operator==(const UseTotal&, const UseTotal&) = default;
};
UseTotal total(const std::vector<UseSample>& samples);

}  // namespace cupel::machine
