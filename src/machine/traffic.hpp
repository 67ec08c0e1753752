// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "base/text.hpp"
#include "os/fd.hpp"

namespace cupel::machine {

/// A capture that QEMU's filter-dump writes with maxlen=1: a header, then records of one size, each
/// of which says how long its packet was. What is zero was read before, and given back.
inline constexpr std::size_t capture_header = 24, capture_record = 17;

/// The lengths of all packets in whole records; nothing: these are no records. Pure.
std::optional<Bytes> traffic_in(std::string_view records);

/// Follows such a file as it grows, and gives back to the disk what was read of it: who follows it
/// later goes on from there.
class TrafficFile {
 public:
  explicit TrafficFile(std::filesystem::path path) : path_(std::move(path)) {}
  /// What went by since the last call, or since somebody else's; nothing: there is no such file.
  std::optional<Bytes> more();

 private:
  bool open();
  std::filesystem::path path_;
  os::Fd fd_;
  std::int64_t at_ = capture_header;  // of the first record that was not read
};

}  // namespace cupel::machine
