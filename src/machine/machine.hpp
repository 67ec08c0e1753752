// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/digest.hpp"
#include "base/stop.hpp"
#include "machine/guest_program.hpp"
#include "machine/machine_directory.hpp"
#include "machine/paths.hpp"
#include "machine/qemu.hpp"
#include "machine/trouble.hpp"
#include "place/place.hpp"
#include "place/provision.hpp"
#include "place/reboot.hpp"

namespace cupel::machine {

class Connection;
class Watch;

/// All that decides how a machine is before its first command.
struct Recipe {
  Box box;
  MachineShape shape;
  std::string_view guest = guest_program();          ///< put behind the initramfs
  std::vector<place::ProvisionStep> provision = {};  ///< run in that order, a layer each
};

/// A recipe's machine, frozen behind some of its steps; its files lie in `directory` and are not
/// written to.
struct Snapshot {
  Digest key;
  std::filesystem::path directory;
  Recipe recipe;
};

/// For whom a machine is made.
struct MachineOrder {
  std::filesystem::path machines;  ///< Paths::machines
  std::string run;
  std::string purpose = "run";
  /// Given: a clone outlives us when we are killed, and can be taken up. boot_id is filled in.
  std::optional<Resumable> resumable = std::nullopt;
  /// Given: where its memory's image is put, as `vmcore-ID`, if its kernel panics.
  std::optional<std::filesystem::path> vmcores = std::nullopt;
  /// Given: what it prints and uses is recorded, and put there; MachineRecord's.
  std::optional<std::filesystem::path> recording = std::nullopt;
};

class Machine;

/// A QEMU that has started and waits for the state of a snapshot. Destroying it removes it.
class WaitingMachine {
 public:
  static Result<WaitingMachine> start(const Snapshot& snapshot, const MachineOrder& order,
                                      const Stop& stop);
  WaitingMachine(WaitingMachine&&) noexcept;
  ~WaitingMachine();

  /// Takes one over that somebody left. conflict: somebody else has it; not_found: it ended, and
  /// is removed.
  static Result<WaitingMachine> take(const std::string& id, const Snapshot& snapshot,
                                     const MachineOrder& order, const Stop& stop);

  /// Lets it wait on without us until then, for whoever takes it.
  Result<MachineRecord> leave(const Digest& snapshot, WallTime until) &&;

  /// Goes on where the snapshot was frozen, as a machine with an identity of its own.
  Result<std::unique_ptr<Machine>> resume(const Stop& stop) &&;

 private:
  struct State;
  friend class Machine;
  explicit WaitingMachine(std::unique_ptr<State> state);
  static Result<WaitingMachine> launch(MachineDirectory directory, QemuLaunch launch,
                                       const MachineOrder& order, const Stop& stop);
  std::unique_ptr<State> state_;
};

/// A running machine. Destroying it kills QEMU and removes all that it had. Any thread may use its
/// place; the rest is its owner's.
class Machine {
 public:
  /// Starts from a snapshot.
  static Result<std::unique_ptr<Machine>> clone(const Snapshot& snapshot, const MachineOrder& order,
                                                const Stop& stop);
  /// Starts from the kernel; blocks until the guest program answers and the box is ready.
  static Result<std::unique_ptr<Machine>> boot(const Recipe& recipe, const MachineOrder& order,
                                               const Stop& stop);
  /// The same with memory and disk in `directory`, so that it can be frozen there.
  static Result<std::unique_ptr<Machine>> boot_in(const std::filesystem::path& directory,
                                                  const Recipe& recipe, const MachineOrder& order,
                                                  const Stop& stop);
  /// Goes on where a snapshot was frozen, with a copy of its memory and disk in `directory`, so
  /// that it can be frozen there again.
  static Result<std::unique_ptr<Machine>> grow_in(const std::filesystem::path& directory,
                                                  const Snapshot& below, const MachineOrder& order,
                                                  const Stop& stop);
  /// Takes up a resumable machine whose owner died; one that reboots, when it is back; one that is
  /// paused goes on. not_found:
  /// it is gone. invalid: what ran in it ended it (a panic, a power off, a reboot that lost its
  /// files). conflict: its owner lives. A machine that cannot be taken up is destroyed, unless we
  /// were stopped.
  static Result<std::unique_ptr<Machine>> take_up(const std::filesystem::path& machines,
                                                  const std::string& id, const Stop& stop);
  ~Machine();

  const std::string& id() const;
  const std::filesystem::path& directory() const;
  int qemu_pid() const;
  /// Waits while the machine reboots; see machine_place.hpp.
  place::Place& place();
  /// Starts it anew, and blocks until it is back. `sink` hears how it goes. denied: it cannot.
  Result<> reboot(const place::RebootOrder& order, const place::OutputSink& sink, const Stop& stop);
  /// Why it no longer answers; nothing while it is well.
  std::optional<Trouble> trouble();
  /// What is known of why a command failed that ended just now, beyond its status; else empty.
  std::string reason_of_failure();
  /// Asks it for its kernel's messages, and for its system's journal where there is one: they
  /// become a part of its recording. Seconds at the most; one that does not answer has none.
  void fetch_logs();
  /// `error` is what an operation on the place failed with: trouble's text where there is trouble.
  Error explain(Error error);

  /// Waits for quiet, stops the machine and writes its state beside the memory of boot_in or
  /// grow_in. The machine is gone afterwards.
  Result<> freeze(const Stop& stop);
  /// Lets it live on without us, paused; see machine_list.hpp and visit.hpp. Nothing else may be
  /// done with it then.
  Result<> keep(Keep keep);
  /// What the destructor does, with a word about failure.
  Result<> destroy(const Stop& stop);

 private:
  friend class WaitingMachine;
  struct State;
  explicit Machine(std::unique_ptr<State> state);
  Result<> talk(const Stop& stop);
  Result<> outlive(Resumable resumable, const Stop& stop);
  Result<> greet_again(const Stop& stop);
  void expect_reboots();
  void leave();
  Result<> make_ready(const Recipe& recipe, const Stop& stop);
  std::unique_ptr<State> state_;
};

inline constexpr std::string_view waiting_purpose = "waiting";

/// The files of a snapshot's directory.
inline constexpr std::string_view memory_file = "memory";
inline constexpr std::string_view state_file = "state";
inline constexpr std::string_view disk_file = "disk.qcow2";
inline constexpr std::string_view initramfs_file = "initramfs";

}  // namespace cupel::machine
