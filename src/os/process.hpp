// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/stop.hpp"
#include "os/fd.hpp"

namespace cupel::os {

/// How a process ended.
struct Exit {
  int status = 0;  ///< exit status, or 128 + signal
  int signal = 0;  ///< 0 if it ended by itself
  friend bool operator==(const Exit&, const Exit&) = default;
};

/// Whose rights a child gets.
struct Credentials {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;
  friend bool operator==(const Credentials&, const Credentials&) = default;
};

/// What to start. argv[0] is searched in PATH of *our* environment if it has no slash.
struct Spawn {
  std::vector<std::string> argv;
  std::string program;  ///< the file to execute, where argv[0] is not to be searched
  std::optional<std::vector<std::string>> environment;  ///< NAME=value; ours if not given
  std::string directory;                                ///< ours if empty
  Fd in, out, err;                                      ///< /dev/null where not given
  /// Further descriptors that the child inherits under their own numbers; all others are closed.
  std::vector<int> keep;
  /// own: a new process group; session: a new session without a terminal; terminal: a new session
  /// whose controlling terminal is `in`.
  enum class Group { own, ours, session, terminal } group = Group::own;
  enum class Start { now, held } start = Start::now;
  std::optional<Credentials> credentials;  ///< ours if not given; others need root
  /// A cgroup's directory or its cgroup.procs: joined before anything is executed.
  Fd cgroup;
};

/// A child process, known by its pidfd. Destroying it kills its group and reaps it.
class Process {
 public:
  /// Fails if the program cannot be executed (Fault::not_found names the program).
  /// Start::held: the child exists but has not executed anything; release() lets it go, and it
  /// dies by itself if we die before. So its pid can be recorded before it does anything.
  static Result<Process> spawn(Spawn spawn);

  Process(Process&&) noexcept = default;
  Process& operator=(Process&&) noexcept;
  ~Process();

  int pid() const { return pid_; }
  /// Readable once it has ended.
  const Fd& pidfd() const { return pidfd_; }

  Result<> release();
  /// Blocks until it ends. Again: the same answer.
  Result<Exit> wait(const Stop& stop);
  /// To the process group. Nothing happens if it has ended.
  void signal(int number);
  /// Lets it live on: the destructor does nothing from now on.
  void detach();

 private:
  Process() = default;
  static Result<Process> fork_child(Spawn spawn);
  Result<> await_exec();
  Result<> reap(int flags);
  void kill_and_reap();

  int pid_ = -1;
  Fd pidfd_;
  Fd hold_;
  Fd exec_error_;
  std::string program_;
  std::string directory_;
  enum class Leads { nothing, group } leads_ = Leads::nothing;
  enum class End { kill, leave } end_ = End::kill;
  std::optional<Exit> exit_;
};

struct Captured {
  Exit exit;
  std::string out;
  std::string err;
};
/// Runs to the end with `input`; each output is kept up to `limit` bytes, the rest dropped. What it
/// leaves in the background is not waited for. When stopped: its process group is killed.
Result<Captured> capture(Spawn spawn, std::string_view input, const Stop& stop,
                         std::size_t limit = 16U << 20);

/// Where PATH has it; a name with a slash stands for itself.
std::optional<std::string> find_program(const std::string& name);
/// The same in the directories of `path`, separated by colons.
std::optional<std::string> find_program_in(std::string_view path, const std::string& name);

/// Start time of a process in clock ticks since boot: with the pid, an identity that is never
/// reused. Nothing if there is no such process.
std::optional<std::uint64_t> start_time(int pid);
/// Kills (SIGKILL) that very process if it still lives, and waits for its end.
Result<> kill_foreign(int pid, std::uint64_t started, const Stop& stop);

}  // namespace cupel::os
