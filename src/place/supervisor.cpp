// SPDX-License-Identifier: Apache-2.0
#include "place/supervisor.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace cupel::place {
namespace {

constexpr int cannot_execute = 127;
constexpr std::size_t piece = 64U << 10;
/// What a pipe can hold at most, so that a daemon that writes for ever does not hide the end.
constexpr std::size_t most_rest = std::size_t{1} << 20;

/// Prepared before the fork: behind it, in a program with threads, only async-signal-safe calls are
/// allowed.
struct Plan {
  Supervised order;
  std::vector<char*> argv, environment;
  os::Fd null, output, directory;
  os::Pipe out, err, go;
  std::vector<int> keep;  ///< sorted
};

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> all;
  for (auto& one : strings) all.push_back(one.data());
  all.push_back(nullptr);
  return all;
}

// Everything from here to supervise() runs behind the fork.

void close_between(unsigned first, unsigned last) {
  if (first > last || ::syscall(SYS_close_range, first, last, 0) == 0) return;
  for (auto fd = first; fd <= std::min(last, 65535U); ++fd) ::close(static_cast<int>(fd));
}

void close_all_others(const Plan& plan) {
  unsigned next = 0;
  for (const int fd : plan.keep) {
    if (fd > 0) close_between(next, static_cast<unsigned>(fd) - 1);
    next = static_cast<unsigned>(fd) + 1;
  }
  close_between(next, ~0U);
}

void put(int fd, const char* text) {
  if (::write(fd, text, std::strlen(text)) < 0) return;
}

[[noreturn]] void be_the_command(const Plan& plan) {
  char byte = 0;
  ::close(plan.order.lock.get());
  ::close(plan.go.write.get());  // or it would wait for ever if the supervisor died
  if (::read(plan.go.read.get(), &byte, 1) != 1) ::_exit(cannot_execute);
  ::setpgid(0, 0);
  // Their originals stand above the standard streams and close on exec.
  ::dup2(plan.null.get(), 0);
  ::dup2(plan.out.write.get(), 1);
  ::dup2(plan.err.write.get(), 2);
  if (::chdir(plan.order.working_directory.c_str()) == 0)
    ::execve(plan.order.program.c_str(), plan.argv.data(), plan.environment.data());
  put(2, "cupel: cannot execute ");
  put(2, plan.order.program.c_str());
  put(2, "\n");
  ::_exit(cannot_execute);
}

std::size_t print_number(char* to, unsigned long number) {
  std::array<char, 24> digits{};
  std::size_t count = 0;
  do {
    digits[count++] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  for (std::size_t i = 0; i < count; ++i) to[i] = digits[count - 1 - i];
  return count;
}

/// "A B\n" in a file that is there whole or not at all.
void write_whole(int directory, const char* aside, const char* name, unsigned long a,
                 unsigned long b) {
  std::array<char, 64> text{};
  auto size = print_number(text.data(), a);
  text[size++] = ' ';
  size += print_number(text.data() + size, b);
  text[size++] = '\n';
  const int fd = ::openat(directory, aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return;
  const bool written = ::write(fd, text.data(), size) == static_cast<ssize_t>(size);
  ::fsync(fd);
  ::close(fd);
  if (written) ::renameat(directory, aside, directory, name);
}

/// Moves what is there into the file. False at the end of the stream.
bool move(int from, char stream, int output, bool keep, char* buffer, std::size_t& moved) {
  const auto got = ::read(from, buffer, piece);
  moved = got > 0 ? static_cast<std::size_t>(got) : 0;
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  if (!keep) return true;
  std::array<unsigned char, 5> head{};
  head[0] = static_cast<unsigned char>(stream);
  for (std::size_t i = 0; i < 4; ++i)
    head[i + 1] = static_cast<unsigned char>(moved >> (8 * i) & 0xFFU);
  std::array<iovec, 2> parts{{{head.data(), head.size()}, {buffer, moved}}};
  // A full disk loses output, not the command.
  if (::writev(output, parts.data(), 2) < 0) return true;
  return true;
}

struct Streams {
  std::array<pollfd, 3> watched;  ///< out, err, the process
  bool ended = false;
};

void serve(const Plan& plan, Streams& streams, pid_t command, char* buffer) {
  const int output = plan.output.get();
  const bool blind = streams.watched[2].fd < 0;
  ::poll(streams.watched.data(), streams.watched.size(), blind && !streams.ended ? 20 : -1);
  std::size_t moved = 0;
  // Errors first: what `sh -x` is about to do stands before what it prints.
  for (const std::size_t i : {1U, 0U})
    if (streams.watched[i].fd >= 0 && streams.watched[i].revents != 0 &&
        !move(streams.watched[i].fd, static_cast<char>(i + 1), output, !streams.ended, buffer,
              moved))
      streams.watched[i].fd = -1;
  if (streams.ended) return;
  int status = 0;
  if (::waitpid(command, &status, WNOHANG) != command) return;
  for (const std::size_t i : {1U, 0U})
    for (std::size_t rest = 0; streams.watched[i].fd >= 0 && rest < most_rest; rest += moved) {
      if (!move(streams.watched[i].fd, static_cast<char>(i + 1), output, true, buffer, moved))
        streams.watched[i].fd = -1;
      if (moved == 0) break;
    }
  const auto signal = WIFSIGNALED(status) ? static_cast<unsigned>(WTERMSIG(status)) : 0U;
  const auto code = signal > 0 ? 128U + signal : static_cast<unsigned>(WEXITSTATUS(status));
  ::fsync(output);
  write_whole(plan.directory.get(), "status.new", "status", code, signal);
  ::close(plan.order.lock.get());
  streams.watched[2].fd = -1;
  streams.ended = true;
}

[[noreturn]] void be_the_supervisor(const Plan& plan) {
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (::chdir("/") != 0) ::_exit(1);
  const pid_t command = ::fork();
  if (command < 0) ::_exit(1);
  if (command == 0) be_the_command(plan);
  // Only now: the command shall not ignore them, not even before it is executed.
  for (const int number : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE}) ::signal(number, SIG_IGN);
  ::setpgid(command, command);
  ::close(plan.out.write.get());
  ::close(plan.err.write.get());
  ::close(plan.go.read.get());
  write_whole(plan.directory.get(), "pid.new", "pid", static_cast<unsigned long>(command),
              static_cast<unsigned long>(::getpid()));
  put(plan.go.write.get(), "g");
  static std::array<char, piece> buffer;
  const auto pidfd = static_cast<int>(::syscall(SYS_pidfd_open, command, 0));
  Streams streams{
      {{{plan.out.read.get(), POLLIN, 0}, {plan.err.read.get(), POLLIN, 0}, {pidfd, POLLIN, 0}}}};
  while (!streams.ended || streams.watched[0].fd >= 0 || streams.watched[1].fd >= 0)
    serve(plan, streams, command, buffer.data());
  ::_exit(0);
}

}  // namespace

Result<> supervise(Supervised order) {
  Plan plan;
  plan.order = std::move(order);
  plan.argv = pointers(plan.order.argv);
  plan.environment = pointers(plan.order.environment);
  plan.null = TRY(os::open_file("/dev/null", O_RDWR));
  plan.directory = TRY(os::open_file(plan.order.directory, O_RDONLY | O_DIRECTORY));
  plan.output =
      TRY(os::open_file(plan.order.directory + "/output", O_WRONLY | O_CREAT | O_APPEND, 0600));
  plan.out = TRY(os::make_pipe());
  plan.err = TRY(os::make_pipe());
  plan.go = TRY(os::make_pipe());
  TRY(os::set_nonblocking(plan.out.read));
  TRY(os::set_nonblocking(plan.err.read));
  for (const auto* fd :
       {&plan.null, &plan.output, &plan.directory, &plan.out.read, &plan.out.write, &plan.err.read,
        &plan.err.write, &plan.go.read, &plan.go.write, &plan.order.lock})
    plan.keep.push_back(fd->get());
  std::sort(plan.keep.begin(), plan.keep.end());

  const pid_t between = ::fork();
  if (between < 0) return fail(Fault::unavailable, "fork: {}", std::strerror(errno));
  if (between == 0) {
    ::setsid();
    close_all_others(plan);
    if (::fork() == 0) be_the_supervisor(plan);
    ::_exit(0);
  }
  while (::waitpid(between, nullptr, 0) < 0 && errno == EINTR) {
  }
  return {};
}

}  // namespace cupel::place
