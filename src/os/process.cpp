// SPDX-License-Identifier: Apache-2.0
#include "os/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>

#include "base/text.hpp"
#include "os/files.hpp"
#include "os/pidfd.hpp"
#include "os/spawn.hpp"
#include "os/wait.hpp"

namespace cupel::os {

namespace {

using Failure = ChildPlan::Failure;

std::string_view doing(Failure::At at) {
  switch (at) {
    case Failure::At::hold:
      return "wait to be released";
    case Failure::At::group:
      return "lead a process group";
    case Failure::At::terminal:
      return "take a controlling terminal";
    case Failure::At::cgroup:
      return "join the control group";
    case Failure::At::credentials:
      return "take the user's rights";
    case Failure::At::directory:
      return "enter the directory";
    case Failure::At::descriptors:
      return "place descriptors";
    case Failure::At::exec:
      return "execute";
  }
  return "start";
}

/// Forks with all signals blocked, so that no handler of ours runs in the child.
pid_t fork_quietly(const ChildPlan& plan) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = ::fork();
  if (pid == 0) plan.run();
  const int error_number = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error_number;
  return pid;
}

Exit exit_of(const siginfo_t& status) {
  if (status.si_code == CLD_EXITED) return {status.si_status, 0};
  return {128 + status.si_status, status.si_status};
}

bool is_executable_file(const std::string& path) {
  struct stat status {};
  return ::access(path.c_str(), X_OK) == 0 && ::stat(path.c_str(), &status) == 0 &&
         S_ISREG(status.st_mode);
}

}  // namespace

Result<Process> Process::spawn(Spawn spawn) {
  const auto start = spawn.start;
  auto process = TRY(fork_child(std::move(spawn)));
  if (start == Spawn::Start::now) TRY(process.await_exec());
  return process;
}

Result<Process> Process::fork_child(Spawn spawn) {
  if (spawn.argv.empty() || spawn.argv[0].empty())
    return fail(Fault::invalid, "there is no program to start");
  Process process;
  process.program_ = spawn.argv[0];
  process.directory_ = spawn.directory;
  auto path = spawn.program.empty() ? find_program(process.program_) : std::optional(spawn.program);
  if (!path) return fail(Fault::not_found, "no such program: {}", process.program_);
  auto error = TRY(make_pipe());
  Pipe hold;
  if (spawn.start == Spawn::Start::held) hold = TRY(make_pipe());
  const auto plan =
      TRY(ChildPlan::make(spawn, std::move(*path), std::move(error.write), std::move(hold.read)));
  process.hold_ = std::move(hold.write);
  process.exec_error_ = std::move(error.read);

  process.pid_ = fork_quietly(plan);
  if (process.pid_ < 0) return fail_errno(errno, "start {}", process.program_);
  // Both sides do it, so that it is done whichever comes first.
  if (spawn.group == Spawn::Group::own) ::setpgid(process.pid_, process.pid_);
  if (spawn.group != Spawn::Group::ours) process.leads_ = Leads::group;
  process.pidfd_ = open_pidfd(process.pid_);
  if (!process.pidfd_) {
    const int error_number = errno;
    ::kill(process.pid_, SIGKILL);
    ::waitpid(process.pid_, nullptr, 0);
    return fail_errno(error_number, "watch {}", process.program_);
  }
  return process;
}

Result<> Process::await_exec() {
  // The pipe closes on exec, so this blocks for as long as fork and exec take, no longer.
  Failure failure{};
  const auto got = TRY(read_some(exec_error_, sizeof failure, Stop{}));
  exec_error_.reset();
  if (got.size() != sizeof failure) return {};
  std::copy(got.begin(), got.end(), reinterpret_cast<char*>(&failure));
  TRY(reap(0));
  const auto where =
      failure.at == Failure::At::directory ? fmt::format(" {}", directory_) : std::string();
  return fail_errno(failure.error_number, "start {}: {}{}", program_, doing(failure.at), where);
}

Process& Process::operator=(Process&& other) noexcept {
  if (this == &other) return *this;
  std::destroy_at(this);
  return *std::construct_at(this, std::move(other));
}

Process::~Process() {
  if (pidfd_ && end_ == End::kill) kill_and_reap();
}

void Process::kill_and_reap() {
  if (exit_) return;
  signal(SIGKILL);
  // A child that has not come to lead its group yet is no member of it either.
  send_signal(pidfd_, SIGKILL);
  static_cast<void>(reap(0));
}

Result<> Process::release() {
  if (!hold_) return fail(Fault::conflict, "{} is not held", program_);
  const auto released = write_all(hold_, "1", Stop{});
  hold_.reset();
  // It may have been killed meanwhile; then wait() says so.
  if (!released && released.error().fault() != Fault::unavailable) return released;
  return await_exec();
}

Result<Exit> Process::wait(const Stop& stop) {
  while (!exit_) {
    std::array<Watched, 1> watched{{{pidfd_.get(), POLLIN}}};
    TRY(os::wait(watched, stop), "wait for {}", program_);
    TRY(reap(WNOHANG));
  }
  return *exit_;
}

Result<> Process::reap(int flags) {
  siginfo_t status{};
  int result = 0;
  do result = ::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &status, WEXITED | flags);
  while (result != 0 && errno == EINTR);
  if (result != 0) return fail_errno(errno, "wait for {}", program_);
  if (status.si_pid != 0) exit_ = exit_of(status);
  return {};
}

void Process::signal(int number) {
  if (exit_ || !pidfd_) return;
  if (leads_ == Leads::group)
    ::kill(-pid_, number);
  else
    send_signal(pidfd_, number);
}

void Process::detach() { end_ = End::leave; }

std::optional<std::string> find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  return find_program_in(path != nullptr ? path : "/usr/bin:/bin", name);
}

std::optional<std::string> find_program_in(std::string_view path, const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  for (const auto& directory : split(path, ':')) {
    auto candidate = (directory.empty() ? std::string(".") : directory) + "/" + name;
    if (is_executable_file(candidate)) return candidate;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> start_time(int pid) {
  const auto stat = read_file(fmt::format("/proc/{}/stat", pid), std::size_t{64} << 10);
  if (!stat) return std::nullopt;
  // The name, in parentheses, may hold anything; field 22 is the 20th after it.
  const auto name_end = stat->rfind(')');
  if (name_end == std::string::npos || name_end + 2 > stat->size()) return std::nullopt;
  const auto fields = split(std::string_view(*stat).substr(name_end + 2), ' ');
  if (fields.size() < 20) return std::nullopt;
  const auto ticks = parse_integer(fields[19]);
  if (!ticks) return std::nullopt;
  return static_cast<std::uint64_t>(*ticks);
}

Result<> kill_foreign(int pid, std::uint64_t started, const Stop& stop) {
  const Fd pidfd = open_pidfd(pid);
  if (!pidfd && errno == ESRCH) return {};
  if (!pidfd) return fail_errno(errno, "watch process {}", pid);
  // Only now: the descriptor stands for one process, the number alone does not.
  if (start_time(pid) != started) return {};
  if (send_signal(pidfd, SIGKILL) != 0 && errno != ESRCH)
    return fail_errno(errno, "kill process {}", pid);
  std::array<Watched, 1> watched{{{pidfd.get(), POLLIN}}};
  return os::wait(watched, stop);
}

}  // namespace cupel::os
