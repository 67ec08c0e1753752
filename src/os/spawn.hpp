// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "os/process.hpp"

namespace cupel::os {

/// What a child does between fork and exec, prepared so that it needs no memory of its own: after a
/// fork in a program with threads only async-signal-safe calls are allowed. For process.cpp alone.
class ChildPlan {
 public:
  /// Where the child failed; it travels through the error pipe.
  struct Failure {
    enum class At : int {
      hold,
      group,
      terminal,
      cgroup,
      credentials,
      directory,
      descriptors,
      exec
    };
    At at;
    int error_number;
  };

  /// Takes what is needed out of `spawn`; `hold` is empty unless the child is held.
  static Result<ChildPlan> make(Spawn& spawn, std::string program, Fd error, Fd hold);

  /// In the child: does not return.
  [[noreturn]] void run() const;

 private:
  ChildPlan() = default;
  void close_all_others() const;
  bool become_leader() const;
  bool join_cgroup() const;
  bool take_credentials() const;
  bool place_descriptors() const;
  [[noreturn]] void give_up(Failure::At at) const;

  std::string program_;
  std::vector<std::string> strings_;
  std::vector<char*> argv_;
  std::vector<char*> environment_;
  std::string directory_;
  Fd in_, out_, err_, error_, hold_, cgroup_;
  std::vector<int> keep_;
  std::vector<int> open_;  ///< all that must survive until exec, sorted
  Spawn::Group group_ = Spawn::Group::own;
  std::optional<Credentials> credentials_;
};

}  // namespace cupel::os
