// SPDX-License-Identifier: Apache-2.0
#include "os/fd.hpp"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>

#include "os/wait.hpp"

namespace cupel::os {

namespace {

/// Keeps SIGPIPE from this thread: a reader that went away is an error here, not the program's end.
class PipeSignalBlock {
 public:
  PipeSignalBlock() {
    sigemptyset(&pipe_only_);
    sigaddset(&pipe_only_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_only_, &before_);
  }
  ~PipeSignalBlock() {
    const int error = errno;  // of what it was for
    const timespec at_once{};
    if (!was_pending_) sigtimedwait(&pipe_only_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    errno = error;
  }
  PipeSignalBlock(const PipeSignalBlock&) = delete;
  PipeSignalBlock& operator=(const PipeSignalBlock&) = delete;

 private:
  sigset_t pipe_only_;
  sigset_t before_;
  bool was_pending_ = false;
};

ssize_t write_without_signal(int fd, std::string_view bytes) {
  const auto sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent >= 0 || errno != ENOTSOCK) return sent;
  // A blocking pipe that poll calls writable takes PIPE_BUF bytes without blocking, not more.
  const bool blocks = (::fcntl(fd, F_GETFL) & O_NONBLOCK) == 0;
  const auto size = blocks ? std::min<std::size_t>(bytes.size(), PIPE_BUF) : bytes.size();
  const PipeSignalBlock block;
  return ::write(fd, bytes.data(), size);
}

bool would_block() { return errno == EAGAIN || errno == EINTR; }

}  // namespace

void Fd::reset() {
  if (number_ >= 0) ::close(number_);
  number_ = -1;
}

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno(errno, "make a pipe");
  return Pipe{Fd(ends[0]), Fd(ends[1])};
}

Result<> set_nonblocking(const Fd& fd) {
  const int flags = ::fcntl(fd.get(), F_GETFL);
  if (flags < 0 || ::fcntl(fd.get(), F_SETFL, flags | O_NONBLOCK) != 0)
    return fail_errno(errno, "make a descriptor non-blocking");
  return {};
}

Result<Fd> duplicate(int fd) {
  const int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, 3);
  if (copy < 0) return fail_errno(errno, "duplicate a descriptor");
  return Fd(copy);
}

Result<Fd> open_file(const std::string& path, int flags, unsigned mode) {
  const int number = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  if (number < 0) return fail_errno(errno, "open {}", path);
  return Fd(number);
}

Result<std::string> read_some(const Fd& fd, std::size_t limit, const Stop& stop) {
  std::string bytes(limit, '\0');
  for (;;) {
    std::array<Watched, 1> watched{{{fd.get(), POLLIN}}};
    TRY(wait(watched, stop));
    const auto got = ::read(fd.get(), bytes.data(), limit);
    if (got < 0 && would_block()) continue;
    // EIO: how a pseudo-terminal says that its other side is closed.
    if (got < 0 && errno == EIO) return std::string();
    if (got < 0) return fail_errno(errno, "read");
    bytes.resize(static_cast<std::size_t>(got));
    return bytes;
  }
}

Result<> write_all(const Fd& fd, std::string_view bytes, const Stop& stop) {
  while (!bytes.empty()) {
    std::array<Watched, 1> watched{{{fd.get(), POLLOUT}}};
    TRY(wait(watched, stop));
    const auto put = write_without_signal(fd.get(), bytes);
    if (put < 0 && would_block()) continue;
    if (put < 0) return fail_errno(errno, "write");
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

}  // namespace cupel::os
