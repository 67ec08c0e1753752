// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "network/frame.hpp"
#include "os/fd.hpp"

namespace cupel::network {

/// A stream socket to QEMU's `-netdev stream`. Never blocks. One thread at a time.
class Port {
 public:
  /// What waits for a peer that does not read.
  static constexpr Bytes queue = mib(1);
  /// What is read in one turn, so that others get theirs.
  static constexpr Bytes turn = kib(64);

  /// A socket that does not block.
  explicit Port(os::Fd socket) : socket_(std::move(socket)) {}

  /// The frames that have come. unavailable: the peer hung up; invalid: it sent what is no frame.
  Result<std::vector<Frame>> receive();
  /// Sends it, or keeps what the socket does not take. False: there is no room, it is dropped.
  Result<bool> send(std::string_view frame);
  /// Sends what was kept, as far as the socket takes it.
  Result<> flush();
  bool has_kept() const { return !kept_.empty(); }

  const os::Fd& socket() const { return socket_; }

 private:
  os::Fd socket_;
  FrameReader reader_;
  std::string kept_;
};

}  // namespace cupel::network
