// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "guest/loop.hpp"
#include "os/fd.hpp"

namespace cupel::guest {

/// Whether the machine's system goes down. `reboot` returns at once under systemd, long before
/// anything ends; so whoever ran it is not said to have ended before systemd was asked. That is
/// done only when something could have begun a shutdown: its program was run, or we were told to
/// end. Of another init nothing is known. One thread, the loop's; the loop outlives it.
class Shutdown {
 public:
  struct Paths {
    std::string program = "/bin/systemctl";        ///< what begins one: reboot is a link to it
    std::string manager = "/run/systemd/private";  ///< where systemd itself is asked
  };
  /// `announce` is called once, when it is known that the system goes down.
  Shutdown(Loop& loop, std::function<void()> announce) : Shutdown(loop, std::move(announce), {}) {}
  Shutdown(Loop& loop, std::function<void()> announce, Paths paths);
  Shutdown(const Shutdown&) = delete;
  Shutdown& operator=(const Shutdown&) = delete;

  /// Whether one may have begun since it was asked last.
  bool suspected();
  /// Asks systemd, and calls `then` when it has answered, or when it is known that it does not;
  /// behind `announce`, if that is due.
  void ask(std::function<void()> then);
  bool announced() const { return announced_; }

 private:
  void begin();
  void receive();
  void end();

  Loop& loop_;
  std::function<void()> announce_;
  Paths paths_;
  os::Fd runs_;  // inotify: when the program is run
  bool announced_ = false;
  std::vector<std::function<void()>> waiting_;  // for the question that is under way, if any is
  std::uint64_t question_ = 0;                  // which one that is
  os::Fd manager_;
  Loop::Watch watch_;
  std::string answer_;
  bool welcome_ = false;  // systemd has let us in
};

/// The message of D-Bus that asks systemd for its state; the answer has the word in plain text.
std::string state_question();

}  // namespace cupel::guest
