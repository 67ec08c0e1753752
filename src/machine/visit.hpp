// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/stop.hpp"
#include "machine/record.hpp"
#include "os/fd.hpp"
#include "os/files.hpp"
#include "place/place.hpp"

namespace cupel::machine {

class GuestChannel;

/// A machine that is somebody else's, entered by one of its visitors' ports. One that was kept is
/// paused but while somebody visits it; its clock is set when it goes on. Another one does not
/// notice when we leave.
class Visit {
 public:
  /// not_found: no such machine; conflict: as many visitors as it has ports for are there, or
  /// somebody paused it.
  static Result<Visit> enter(const std::filesystem::path& machines, const std::string& id,
                             const Stop& stop);
  Visit(Visit&&) noexcept;
  ~Visit();
  place::Place& place() { return *place_; }

 private:
  Visit(os::FileLock lock, std::unique_ptr<GuestChannel> channel,
        std::unique_ptr<place::Place> place);
  std::filesystem::path paused_after_;  // the directory of a kept machine; else empty
  std::optional<os::FileLock> lock_;    // of the port
  std::unique_ptr<GuestChannel> channel_;
  std::unique_ptr<place::Place> place_;
};

/// Sets a running machine's clock to ours, as a visitor; blocks until that is done.
Result<> set_clock(const std::filesystem::path& machines, const std::string& id, const Stop& stop);

/// The record of a machine whose QEMU lives. not_found: there is none of that id; unavailable: it
/// has ended.
Result<MachineRecord> living_machine(const std::filesystem::path& machines, const std::string& id);

/// A machine's serial console, both ways; one at a time has it.
struct Console {
  os::FileLock lock;
  os::Fd socket;
};
Result<Console> open_console(const std::filesystem::path& machines, const std::string& id,
                             const Stop& stop);

}  // namespace cupel::machine
