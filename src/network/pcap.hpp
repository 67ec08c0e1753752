// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/stop.hpp"
#include "base/text.hpp"
#include "os/fd.hpp"

namespace cupel::network {

using WallTime = std::chrono::sys_time<std::chrono::nanoseconds>;

/// The beginning of a savefile of libpcap with nanoseconds, of Ethernet, lowest bytes first.
std::string pcap_header();
/// A frame's record in it.
std::string pcap_record(std::string_view frame, WallTime at);

/// A file that frames are written to; tcpdump and Wireshark read it. One thread at a time.
class Capture {
 public:
  static constexpr Bytes largest = gib(1);  ///< then no more is written

  /// Makes the file. conflict: it is there already.
  static Result<Capture> begin(const std::string& path);
  /// Kept in memory until there is a block of it, or flush(). Blocks while the disk does.
  Result<> write(std::string_view frame, WallTime at);
  Result<> flush();
  std::uint64_t left_out() const { return left_out_; }  ///< frames beyond `largest`

 private:
  explicit Capture(os::Fd file) : file_(std::move(file)), pending_(pcap_header()) {}
  os::Fd file_;
  std::string pending_;
  std::uint64_t written_ = 0;
  std::uint64_t left_out_ = 0;
};

}  // namespace cupel::network
