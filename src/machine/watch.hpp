// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "base/crew.hpp"
#include "base/locked.hpp"
#include "machine/qemu_process.hpp"
#include "machine/qmp.hpp"
#include "machine/trouble.hpp"

namespace cupel::machine {

/// Looks after a running machine from a thread: QEMU's events and its end, and whether the guest
/// program still answers. At the first trouble it kills QEMU, so that nothing waits for a machine
/// that will not go on (all its sockets close), and tells what it was.
class Watch {
 public:
  /// Asks the machine for a sign of life; blocks.
  using Ping = std::function<Result<>(const Stop& stop)>;

  /// `process` outlives this, and nobody else waits for it meanwhile.
  Watch(Qmp qmp, QemuProcess& process, std::filesystem::path directory);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// From now on it must answer.
  void expect_life(Ping ping);

  /// What happened, if anything did.
  std::optional<Trouble> trouble() { return *trouble_.lock(); }
  /// The same, given a moment to find out: for when something closed and the reason is on its way.
  std::optional<Trouble> await_trouble();

  /// Stops looking and gives the connection back. The guest program is not asked any more either.
  Qmp stop();

 private:
  Result<> follow(const Stop& stop);
  Result<> ask(const Ping& ping, const Stop& stop);
  void raise(Trouble trouble);

  Qmp qmp_;
  QemuProcess& process_;
  std::filesystem::path directory_;
  Locked<std::optional<Trouble>> trouble_;
  std::unique_ptr<Crew> crew_;
};

}  // namespace cupel::machine
