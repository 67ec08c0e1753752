// SPDX-License-Identifier: Apache-2.0
#include "os/spawn.hpp"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace cupel::os {

namespace {

constexpr int first_free = 3;

/// Our own copy if it stands where the child's standard streams will be.
Result<Fd> above_standard(Fd fd) {
  if (!fd || fd.get() >= first_free) return fd;
  return duplicate(fd.get());
}

Result<Fd> or_null(Fd fd, int flags) {
  if (!fd) return open_file("/dev/null", flags);
  return above_standard(std::move(fd));
}

std::vector<char*> pointers(std::vector<std::string>& strings, std::size_t begin, std::size_t end) {
  std::vector<char*> result;
  for (auto i = begin; i < end; ++i) result.push_back(strings[i].data());
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> our_environment() {
  std::vector<std::string> result;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
    result.emplace_back(*entry);
  return result;
}

}  // namespace

Result<ChildPlan> ChildPlan::make(Spawn& spawn, std::string program, Fd error, Fd hold) {
  ChildPlan plan;
  plan.program_ = std::move(program);
  plan.strings_ = spawn.argv;
  const auto environment = spawn.environment ? *spawn.environment : our_environment();
  plan.strings_.insert(plan.strings_.end(), environment.begin(), environment.end());
  plan.argv_ = pointers(plan.strings_, 0, spawn.argv.size());
  plan.environment_ = pointers(plan.strings_, spawn.argv.size(), plan.strings_.size());
  plan.directory_ = spawn.directory;
  plan.in_ = TRY(or_null(std::move(spawn.in), O_RDONLY));
  plan.out_ = TRY(or_null(std::move(spawn.out), O_WRONLY));
  plan.err_ = TRY(or_null(std::move(spawn.err), O_WRONLY));
  plan.error_ = TRY(above_standard(std::move(error)));
  plan.hold_ = TRY(above_standard(std::move(hold)));
  plan.cgroup_ = TRY(above_standard(std::move(spawn.cgroup)));
  plan.keep_ = spawn.keep;
  plan.group_ = spawn.group;
  plan.credentials_ = spawn.credentials;

  plan.open_ = spawn.keep;
  for (const auto* fd :
       {&plan.in_, &plan.out_, &plan.err_, &plan.error_, &plan.hold_, &plan.cgroup_})
    plan.open_.push_back(fd->get());
  std::sort(plan.open_.begin(), plan.open_.end());
  return plan;
}

namespace {

/// By the kernel's own call: the C library keeps signals 32 and 33 to itself, and would leave them
/// ignored where our parent ignored them.
void set_signals_to_default() {
  struct {
    void* handler = nullptr;  // SIG_DFL
    unsigned long flags = 0;
    void* restorer = nullptr;
    unsigned long mask = 0;
  } action;
  for (int number = 1; number < NSIG; ++number)
    ::syscall(SYS_rt_sigaction, number, &action, nullptr, sizeof action.mask);
}

}  // namespace

void ChildPlan::run() const {
  // First of all: a child that is held, or slow to execute, must not keep others' pipes open.
  close_all_others();
  set_signals_to_default();
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);

  if (!become_leader()) give_up(Failure::At::group);
  char go = 0;
  if (hold_) {
    ssize_t got = 0;
    do got = ::read(hold_.get(), &go, 1);
    while (got < 0 && errno == EINTR);
    // The end of the pipe: who wanted us is gone.
    if (got != 1) ::_exit(127);
  }
  if (cgroup_ && !join_cgroup()) give_up(Failure::At::cgroup);
  if (credentials_ && !take_credentials()) give_up(Failure::At::credentials);
  if (!directory_.empty() && ::chdir(directory_.c_str()) != 0) give_up(Failure::At::directory);
  if (!place_descriptors()) give_up(Failure::At::descriptors);
  if (group_ == Spawn::Group::terminal && ::ioctl(0, TIOCSCTTY, 0) != 0)
    give_up(Failure::At::terminal);
  ::execve(program_.c_str(), argv_.data(), environment_.data());
  give_up(Failure::At::exec);
}

void ChildPlan::close_all_others() const {
  // Not ::close_range: sanitizers and old C libraries lack it; an old kernel's refusal does little
  // harm, because our descriptors are close-on-exec.
  auto first = static_cast<unsigned>(first_free);
  for (const int fd : open_) {
    if (fd < first_free) continue;
    const auto number = static_cast<unsigned>(fd);
    if (number > first) ::syscall(SYS_close_range, first, number - 1, 0U);
    first = number + 1;
  }
  ::syscall(SYS_close_range, first, ~0U, 0U);
}

bool ChildPlan::become_leader() const {
  switch (group_) {
    case Spawn::Group::ours:
      return true;
    case Spawn::Group::own:
      return ::setpgid(0, 0) == 0;
    case Spawn::Group::session:
    case Spawn::Group::terminal:
      return ::setsid() >= 0;
  }
  return false;
}

bool ChildPlan::join_cgroup() const {
  const int procs = ::openat(cgroup_.get(), "cgroup.procs", O_WRONLY | O_CLOEXEC);
  if (procs < 0 && errno != ENOTDIR) return false;
  return ::write(procs < 0 ? cgroup_.get() : procs, "0", 1) == 1;
}

bool ChildPlan::take_credentials() const {
  const auto& wanted = *credentials_;
  // System calls, not the C library's functions: those would change all threads, and take locks.
  return ::syscall(SYS_setgroups, wanted.groups.size(), wanted.groups.data()) == 0 &&
         ::syscall(SYS_setresgid, wanted.gid, wanted.gid, wanted.gid) == 0 &&
         ::syscall(SYS_setresuid, wanted.uid, wanted.uid, wanted.uid) == 0;
}

bool ChildPlan::place_descriptors() const {
  if (::dup2(in_.get(), 0) < 0 || ::dup2(out_.get(), 1) < 0 || ::dup2(err_.get(), 2) < 0)
    return false;
  return std::all_of(keep_.begin(), keep_.end(),
                     [](int fd) { return ::fcntl(fd, F_SETFD, 0) == 0; });
}

void ChildPlan::give_up(Failure::At at) const {
  const Failure failure{at, errno};
  // The parent may be gone; there is nobody else to tell.
  [[maybe_unused]] const auto told = ::write(error_.get(), &failure, sizeof failure);
  ::_exit(127);
}

}  // namespace cupel::os
