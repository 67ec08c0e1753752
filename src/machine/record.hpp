// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "place/failed_command.hpp"

namespace cupel::machine {

using WallTime = std::chrono::sys_seconds;
WallTime wall_now();

/// A process that is never taken for another: its number, when it started, and in which boot.
struct ProcessIdentity {
  int pid = 0;
  std::uint64_t started = 0;
  std::string boot;
  friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;
};
/// Of a process that runs now; nothing if there is none.
std::optional<ProcessIdentity> identify(int pid);
bool lives(const ProcessIdentity& process);

/// Its owner has let it go, and it is to stay.
struct Keep {
  std::optional<WallTime> until;                    ///< for good if not given
  std::optional<place::FailedCommand> failed = {};  ///< what failed in it
  friend bool operator==(const Keep&, const Keep&) = default;
};

/// It outlives its owner, so that the run of a journal can be taken up with it.
struct Resumable {
  std::string journal;               ///< the file, absolute
  std::string boot_id;               ///< of the guest: another one means that it rebooted
  std::chrono::seconds limit{};      ///< how long it may be without an owner
  std::optional<WallTime> orphaned;  ///< when it was first seen without one
  friend bool operator==(const Resumable&, const Resumable&) = default;
};

/// Its QEMU waits for a snapshot's state: it is nobody's yet, and anybody's who wants such a
/// machine.
struct Waiting {
  std::string snapshot;  ///< the key
  int state_fd = -1;     ///< QEMU's number of that state's file
  WallTime until;
  friend bool operator==(const Waiting&, const Waiting&) = default;
};

/// What becomes of a machine that is started anew.
struct Restart {
  std::vector<std::string> ready;  ///< run in it: returns once its start is over
  enum class Files { on_disk, in_memory } files = Files::on_disk;
  std::size_t layers = 0;  ///< how many steps of provisioning made it
  friend bool operator==(const Restart&, const Restart&) = default;
};

/// What is known of a machine outside of the process that made it.
struct MachineRecord {
  std::string id;   ///< "3f2a91"
  std::string run;  ///< which run it serves; may be empty
  std::string box;
  std::string purpose;  ///< "run", "snapshot", "trial", "waiting"
  WallTime created;
  ProcessIdentity owner;
  std::optional<ProcessIdentity> qemu;
  std::optional<Keep> keep;
  std::optional<Resumable> resumable = std::nullopt;
  std::optional<Waiting> waiting = std::nullopt;
  Restart restart = {};
  std::string vmcores =
      {};  ///< the directory for its memory's image if its kernel panics; empty: none
  /// Where its files go when it is let go, but for "-ID" (recording.hpp); empty: nowhere.
  std::string recording = {};
  friend bool operator==(const MachineRecord&, const MachineRecord&) = default;
};

std::string write_record(const MachineRecord& record);
Result<MachineRecord> parse_record(std::string_view text);

/// A machine's record, from and to its directory. Not synced: it is of no use to a later boot.
Result<MachineRecord> load_record(const std::filesystem::path& directory);
Result<> save_record(const std::filesystem::path& directory, const MachineRecord& record);

}  // namespace cupel::machine
