// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/stop.hpp"
#include "machine/record.hpp"
#include "os/files.hpp"

namespace cupel::machine {

/// A machine's directory, owned: all that the machine has on this host lies in it or is named in
/// its record, and both were there before. Its `lock` is held until this is destroyed or our
/// process dies; then anybody may clean up. Destroying it cleans up.
class MachineDirectory {
 public:
  /// What the record says from the start; id, created and owner are filled in.
  static Result<MachineDirectory> create(const std::filesystem::path& machines,
                                         MachineRecord record, const Stop& stop);
  /// Takes over one that nobody owns; conflict if somebody does, not_found if there is none.
  static Result<MachineDirectory> claim(const std::filesystem::path& machines,
                                        const std::string& id, const Stop& stop);

  /// What was moved from owns nothing: its destructor does nothing.
  MachineDirectory(MachineDirectory&& other) noexcept
      : path_(std::move(other.path_)),
        record_(std::move(other.record_)),
        lock_(std::exchange(other.lock_, std::nullopt)) {}
  MachineDirectory& operator=(MachineDirectory&&) = delete;
  ~MachineDirectory();

  const std::filesystem::path& path() const { return path_; }
  const MachineRecord& record() const { return record_; }

  /// To be called while QEMU is held back, before it does anything.
  Result<> set_qemu(int pid);
  /// From now on it outlives us.
  Result<> set_resumable(Resumable resumable);
  /// Of one that was claimed: it is ours as if we had made it.
  Result<> take_up();
  /// Lets go of one whose QEMU waits, for anybody to take.
  Result<> leave_waiting(Waiting waiting);
  /// Of one that waits and was claimed: it is the machine of who ordered it, as the record says:
  /// run, purpose, vmcores, recording.
  Result<> take_for(const MachineRecord& order);
  /// Of one that was claimed and waits for its owner's successor: since when it does.
  Result<> note_orphaned(WallTime since);
  /// Gives its run what there is of it to keep, for good: of what comes later it is not told.
  Result<> copy_recording();
  /// Lets go: the machine stays, and the record says so.
  Result<> keep(Keep keep);
  /// Lets go and changes nothing: for one that was claimed and is to stay as it was.
  void let_go() { lock_.reset(); }
  /// Kills the recorded QEMU, waits for its end, hands over what its run keeps, removes the
  /// directory. What could not be handed over is the failure, and gone.
  Result<> destroy(const Stop& stop);

 private:
  MachineDirectory(std::filesystem::path path, MachineRecord record, os::FileLock lock)
      : path_(std::move(path)), record_(std::move(record)), lock_(std::move(lock)) {}
  std::filesystem::path path_;
  MachineRecord record_;
  std::optional<os::FileLock> lock_;  // empty once let go or destroyed
};

/// Serialises who makes, claims and removes directories; held for moments only.
Result<os::FileLock> lock_machines(const std::filesystem::path& machines, const Stop& stop);

/// Kills that QEMU if it still lives and is the one of this directory (its arguments name it).
Result<> kill_qemu(const ProcessIdentity& qemu, const std::filesystem::path& directory,
                   const Stop& stop);

}  // namespace cupel::machine
