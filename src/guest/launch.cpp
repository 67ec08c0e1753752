// SPDX-License-Identifier: Apache-2.0
#include "guest/launch.hpp"

#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>

#include "base/text.hpp"

#if !defined(__x86_64__)
#error "the guest program starts processes by a call that is written for x86-64"
#endif

namespace cupel::guest {
namespace {

constexpr auto default_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

struct Failure {
  enum class At { nothing, cgroup, terminal, descriptors, user, directory, exec } at = At::nothing;
  int error_number = 0;
};

/// All that the child needs, made before: it shares our memory and must not touch the heap.
struct Plan {
  const Launch* launch = nullptr;
  std::vector<std::string> strings;
  std::vector<std::string> programs;  ///< where argv[0] may be, in order
  std::vector<char*> argv;
  std::vector<char*> environment;
  std::vector<char*> shell_argv;  ///< for a script without "#!": /bin/sh SCRIPT ARGUMENTS
  int join = -1;                  ///< a cgroup's directory, where the kernel could not start in it
  Failure failure;
};

void close_quietly(int fd) { ::syscall(SYS_close, fd); }

void write_to(int directory, const char* path, const char* text, std::size_t size) {
  const int file = ::openat(directory, path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  static_cast<void>(!::write(file, text, size));
  close_quietly(file);
}

/// What the guest program gave itself and its children must not have.
void give_up_privileges_of_the_guest() {
  write_to(AT_FDCWD, "/proc/self/oom_score_adj", "0", 1);
  ::setpriority(PRIO_PROCESS, 0, 0);
  ::umask(022);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  // systemd and we ignore SIGPIPE; a shell's `yes | head` counts on it.
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
}

Failure set_up(const Launch& launch, int join) {
  if (join >= 0) write_to(join, "cgroup.procs", "0", 1);
  ::setsid();
  if (launch.terminal == Launch::Terminal::in && ::ioctl(launch.in.get(), TIOCSCTTY, 0) != 0)
    return {Failure::At::terminal, errno};
  if (::dup2(launch.in.get(), 0) < 0 || ::dup2(launch.out.get(), 1) < 0 ||
      ::dup2(launch.err.get(), 2) < 0)
    return {Failure::At::descriptors, errno};
  give_up_privileges_of_the_guest();
  return {};
}

void try_programs(Plan& plan) {
  int denied = 0;
  for (const auto& program : plan.programs) {
    ::execve(program.c_str(), plan.argv.data(), plan.environment.data());
    if (errno == ENOEXEC) {
      plan.shell_argv[1] = const_cast<char*>(program.c_str());
      ::execve("/bin/sh", plan.shell_argv.data(), plan.environment.data());
    }
    if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) break;
    if (errno == EACCES) denied = errno;
  }
  plan.failure = {Failure::At::exec, denied != 0 ? denied : errno};
}

}  // namespace
}  // namespace cupel::guest

/// In the child, on the parent's memory. Does not return. Named for the call in clone_onto.
extern "C" [[noreturn]] __attribute__((used)) void cupel_guest_child(
    cupel::guest::Plan* plan) noexcept {
  using cupel::guest::Failure;
  const auto& launch = *plan->launch;
  plan->failure = cupel::guest::set_up(launch, plan->join);
  if (plan->failure.at == Failure::At::nothing) {
    if (const int error = cupel::guest::become(launch.user); error != 0)
      plan->failure = {Failure::At::user, error};
    else if (::chdir(launch.directory.c_str()) != 0)
      plan->failure = {Failure::At::directory, errno};
    else
      cupel::guest::try_programs(*plan);
  }
  ::_exit(127);
}

namespace cupel::guest {
namespace {

/// clone3 with a stack of its own for the child, which shares our memory (or does not) and calls
/// cupel_guest_child. Sharing spares copying page tables, which a slow machine feels.
long clone_onto(clone_args& arguments, Plan& plan) {
  long result = SYS_clone3;
  register Plan* child_plan asm("r12") = &plan;
  asm volatile(
      "syscall\n\t"
      "test %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xor %%ebp, %%ebp\n\t"
      "mov %%r12, %%rdi\n\t"
      "call cupel_guest_child\n\t"
      "hlt\n"
      "1:"
      : "+a"(result)
      : "D"(&arguments), "S"(sizeof arguments), "r"(child_plan)
      : "rcx", "r11", "rdx", "r8", "r9", "r10", "memory", "cc");
  return result;
}

constexpr std::size_t stack_size = 64U << 10;

struct ChildStack {
  alignas(64) std::array<char, stack_size> bytes;
};

clone_args arguments_for(const Tree& tree, int& pidfd) {
  clone_args arguments{};
  arguments.flags = CLONE_PIDFD;
  arguments.pidfd = std::bit_cast<std::uint64_t>(&pidfd);
  arguments.exit_signal = SIGCHLD;
  if (tree.cgroup()) {
    arguments.flags |= CLONE_INTO_CGROUP;
    arguments.cgroup = static_cast<std::uint64_t>(tree.cgroup().get());
  }
  return arguments;
}

/// A kernel before 5.7 knows no CLONE_INTO_CGROUP; one with other controllers may refuse it.
bool cgroup_was_refused(long result) {
  return result < 0 && (result == -EINVAL || result == -E2BIG || result == -EBUSY ||
                        result == -EOPNOTSUPP || result == -EACCES || result == -ENODEV);
}

std::vector<std::string> places_of(const std::string& program, const Launch& launch) {
  if (program.find('/') != std::string::npos) return {program};
  const auto path = launch.environment.find("PATH");
  std::vector<std::string> places;
  for (const auto& part :
       split(path == launch.environment.end() ? default_path : path->second, ':'))
    places.push_back((part.empty() ? "." : part) + "/" + program);
  return places;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (auto& text : strings) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

Error explain(const Failure& failure, const Launch& launch) {
  const auto& program = launch.argv.at(0);
  switch (failure.at) {
    case Failure::At::directory:
      return Error(
          fault_of_errno(failure.error_number),
          fmt::format("work in {}: {}", launch.directory, errno_text(failure.error_number)));
    case Failure::At::exec:
      if (failure.error_number == ENOENT || failure.error_number == ENOTDIR)
        return Error(Fault::not_found, fmt::format("execute {}: no such program", program));
      if (failure.error_number == E2BIG)
        return Error(Fault::invalid,
                     fmt::format("execute {}: arguments and environment are too long", program));
      return Error(fault_of_errno(failure.error_number),
                   fmt::format("execute {}: {}", program, errno_text(failure.error_number)));
    case Failure::At::user:
      return Error(
          fault_of_errno(failure.error_number),
          fmt::format("become user {}: {}", launch.user.name, errno_text(failure.error_number)));
    default:
      return Error(fault_of_errno(failure.error_number),
                   fmt::format("set up {}: {}", program, errno_text(failure.error_number)));
  }
}

}  // namespace

int become(const User& user) noexcept {
  if (::geteuid() != 0) return user.uid == ::geteuid() ? 0 : EPERM;
  // The calls themselves: the library's would tell other threads, in memory that may be shared.
  if (::syscall(SYS_setgroups, user.groups.size(), user.groups.data()) != 0) return errno;
  if (::syscall(SYS_setresgid, user.gid, user.gid, user.gid) != 0) return errno;
  if (::syscall(SYS_setresuid, user.uid, user.uid, user.uid) != 0) return errno;
  return 0;
}

std::map<std::string, std::string> environment_for(const User& user,
                                                   const std::map<std::string, std::string>& wanted,
                                                   Launch::Terminal terminal) {
  auto environment = wanted;  // emplace keeps what is there
  environment.emplace("PATH", default_path);
  environment.emplace("HOME", user.home);
  environment.emplace("USER", user.name);
  environment.emplace("LOGNAME", user.name);
  environment.emplace("SHELL", user.shell);
  environment.emplace("LANG", "C.UTF-8");
  if (terminal == Launch::Terminal::in) environment.emplace("TERM", "xterm-256color");
  return environment;
}

Result<Launched> launch(const Launch& launch, const Tree& tree) {
  if (launch.argv.empty() || launch.argv[0].empty())
    return fail(Fault::invalid, "a command without a program");
  Plan plan;
  plan.launch = &launch;
  auto words = launch.argv;
  plan.argv = pointers(words);
  plan.programs = places_of(launch.argv[0], launch);
  for (const auto& [name, value] : launch.environment) plan.strings.push_back(name + "=" + value);
  if (!tree.cookie().empty()) plan.strings.push_back(tree.cookie());
  plan.environment = pointers(plan.strings);
  std::string shell = "/bin/sh";
  plan.shell_argv = {shell.data(), nullptr};
  plan.shell_argv.insert(plan.shell_argv.end(), plan.argv.begin() + 1, plan.argv.end());

  const auto stack = std::make_unique<ChildStack>();
  int pidfd = -1;
  auto arguments = arguments_for(tree, pidfd);
  arguments.flags |= CLONE_VM | CLONE_VFORK | CLONE_CLEAR_SIGHAND;
  arguments.stack = std::bit_cast<std::uint64_t>(stack.get());
  arguments.stack_size = stack_size;
  auto pid = clone_onto(arguments, plan);
  if (tree.cgroup() && cgroup_was_refused(pid)) {
    arguments.flags &= ~static_cast<std::uint64_t>(CLONE_INTO_CGROUP);
    arguments.cgroup = 0;
    plan.join = tree.cgroup().get();
    pid = clone_onto(arguments, plan);
  }
  if (pid < 0) return fail_errno(static_cast<int>(-pid), "start a process for {}", launch.argv[0]);
  Launched launched{static_cast<int>(pid), os::Fd(pidfd)};
  if (plan.failure.at != Failure::At::nothing) {
    ::waitpid(launched.pid, nullptr, 0);
    return tl::unexpected<Error>(explain(plan.failure, launch));
  }
  return launched;
}

Result<Launched> launch_self(const Launch& launch, const Tree& tree,
                             const std::function<int()>& work) {
  int pidfd = -1;
  auto arguments = arguments_for(tree, pidfd);
  long pid = ::syscall(SYS_clone3, &arguments, sizeof arguments);
  int join = -1;
  if (tree.cgroup() && pid < 0 && cgroup_was_refused(-errno)) {
    arguments.flags &= ~static_cast<std::uint64_t>(CLONE_INTO_CGROUP);
    arguments.cgroup = 0;
    join = tree.cgroup().get();
    pid = ::syscall(SYS_clone3, &arguments, sizeof arguments);
  }
  if (pid < 0) return fail_errno(errno, "start a process");
  if (pid == 0) {
    if (set_up(launch, join).at != Failure::At::nothing) ::_exit(127);
    ::syscall(SYS_close_range, 3U, ~0U, 0U);
    ::_exit(work());
  }
  return Launched{static_cast<int>(pid), os::Fd(pidfd)};
}

}  // namespace cupel::guest
