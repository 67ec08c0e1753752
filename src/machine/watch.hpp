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
#include "machine/use_recorder.hpp"

namespace cupel::machine {

/// Looks after a running machine from a thread: QEMU's events and its end, and whether the guest
/// program still answers. At the first trouble it kills QEMU, so that nothing waits for a machine
/// that will not go on (all its sockets close), and tells what it was.
class Watch {
 public:
  /// Who speaks with the machine, and is told of it on the watch's threads.
  struct Speaker {
    std::function<Result<>(const Stop& stop)> ping;     ///< asks for a sign of life; blocks
    std::function<bool()> is_down;                      ///< in the middle of a reboot
    std::function<std::optional<Trouble>()> was_reset;  ///< reboots; trouble: it must not
    std::function<void(const Trouble&)> has_ended;
  };

  /// What is watched. `process` outlives the watch, and nobody else waits for it meanwhile. Given
  /// `vmcore`, memory is written there when the kernel panics, before that is told. `use`,
  /// borrowed, may be null: it is the watch's thread that records.
  struct Of {
    QemuProcess& process;
    std::filesystem::path directory;
    std::optional<std::filesystem::path> vmcore = {};
    UseRecorder* use = nullptr;
  };
  /// A reset ends the machine, until somebody speaks with it that can stand one.
  Watch(Qmp qmp, Of what);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// A reboot is not its end from now on. `speaker` is called until stop() or the destructor.
  void expect_reboots(Speaker speaker);
  /// From now on it must answer. After expect_reboots().
  void expect_life();
  /// Somebody found out what is wrong; the first one's word counts.
  void raise(Trouble trouble);

  /// What happened, if anything did.
  std::optional<Trouble> trouble() { return *trouble_.lock(); }
  /// The same, given a moment to find out: for when something closed and the reason is on its way.
  std::optional<Trouble> await_trouble();

  /// Stops looking and gives the connection back. The guest program is not asked any more either.
  Qmp stop();

 private:
  Result<> follow(const Stop& stop);
  void dump_memory(Trouble& trouble, const Stop& stop);
  std::optional<Trouble> judge_event(const QmpEvent& event);
  void note_pause(const QmpEvent& event);
  void record_use(const Stop& stop);
  Result<> ask(const Stop& stop);

  Qmp qmp_;
  Of of_;
  /// While it is paused, it cannot answer, and nobody takes that for trouble.
  struct Pauses {
    bool now = false;
    unsigned count = 0;
  };
  Locked<Pauses> pauses_;
  bool has_disk_ = true;  // as far as is known; of the thread that follows
  Locked<std::optional<Trouble>> trouble_;
  Locked<std::optional<Speaker>> speaker_;
  // How long its log was at the reset before; of the thread that follows.
  std::optional<std::uintmax_t> console_;
  std::unique_ptr<Crew> crew_;
};

}  // namespace cupel::machine
