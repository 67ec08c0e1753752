// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/stop.hpp"
#include "os/fd.hpp"

namespace cupel::os {

/// Connects to a Unix socket (SOCK_STREAM); tries again while the socket is not there or refuses,
/// until `stop`. Paths longer than sun_path go through /proc/self/fd. Non-blocking.
Result<Fd> connect_unix(const std::string& path, const Stop& stop);
/// Listens; replaces a dead socket file.
Result<Fd> listen_unix(const std::string& path);
Result<Fd> accept(const Fd& listener, const Stop& stop);

/// Lines over a stream socket. One thread at a time.
class LineSocket {
 public:
  explicit LineSocket(Fd socket) : socket_(std::move(socket)) {}
  Result<> send(std::string_view line, const Stop& stop);
  /// The next line without its end; fails with unavailable when the peer closed, with internal on
  /// a line over `limit` bytes.
  Result<std::string> receive(const Stop& stop, std::size_t limit = 16U << 20);
  const Fd& fd() const { return socket_; }

 private:
  Fd socket_;
  std::string buffer_;
};

}  // namespace cupel::os
