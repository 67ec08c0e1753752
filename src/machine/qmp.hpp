// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/stop.hpp"
#include "machine/qmp_message.hpp"
#include "os/socket.hpp"

namespace cupel::machine {

/// A QEMU process, spoken to over its QMP socket. One thread at a time.
class Qmp {
 public:
  /// Connects and leaves negotiation mode; `path` is the socket that QEMU listens on.
  static Result<Qmp> connect(const std::string& path, const Stop& stop);
  /// The same on a socket that is connected.
  static Result<Qmp> over(os::LineSocket socket, const Stop& stop);

  /// Runs one command and returns its "return" value. Events that arrive meanwhile are kept.
  /// A refusal of QEMU's is a conflict; its end is unavailable.
  Result<json::Value> execute(std::string_view command, json::Object arguments, const Stop& stop);

  /// The next event, a kept one first. Blocks.
  Result<QmpEvent> next_event(const Stop& stop);

  const std::string& version() const { return version_; }

 private:
  explicit Qmp(os::LineSocket socket) : socket_(std::move(socket)) {}
  Result<QmpMessage> receive(const Stop& stop);

  os::LineSocket socket_;
  std::deque<QmpEvent> events_;
  std::string version_;
};

}  // namespace cupel::machine
