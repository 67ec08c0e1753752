// SPDX-License-Identifier: Apache-2.0
#include "os/terminal.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace cupel::os {

namespace {

winsize to_kernel(WindowSize size) { return {size.rows, size.columns, 0, 0}; }

}  // namespace

std::optional<WindowSize> window_size(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
    return std::nullopt;
  return WindowSize{size.ws_row, size.ws_col};
}

bool is_terminal(int fd) { return ::isatty(fd) == 1; }

Result<Pty> open_pty(WindowSize size) {
  Pty pty;
  pty.master = TRY(open_file("/dev/ptmx", O_RDWR | O_NOCTTY));
  if (::grantpt(pty.master.get()) != 0 || ::unlockpt(pty.master.get()) != 0)
    return fail_errno(errno, "unlock a pseudo-terminal");
  // By the master and not by name: the name may mean another terminal in a container.
  pty.slave = Fd(::ioctl(pty.master.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!pty.slave) return fail_errno(errno, "open a pseudo-terminal");
  TRY(resize(pty.master, size));
  return pty;
}

Result<> resize(const Fd& master, WindowSize size) {
  const auto wanted = to_kernel(size);
  if (::ioctl(master.get(), TIOCSWINSZ, &wanted) != 0)
    return fail_errno(errno, "resize the terminal");
  return {};
}

struct RawMode::Saved {
  int fd;
  termios before;
};

Result<RawMode> RawMode::enter(int fd) {
  auto saved = std::make_unique<Saved>();
  saved->fd = fd;
  if (::tcgetattr(fd, &saved->before) != 0) return fail_errno(errno, "ask the terminal's mode");
  auto raw = saved->before;
  ::cfmakeraw(&raw);
  if (::tcsetattr(fd, TCSADRAIN, &raw) != 0) return fail_errno(errno, "make the terminal raw");
  return RawMode(std::move(saved));
}

Result<RawMode> RawMode::without_echo(int fd) {
  auto saved = std::make_unique<Saved>();
  saved->fd = fd;
  if (::tcgetattr(fd, &saved->before) != 0) return fail_errno(errno, "ask the terminal's mode");
  auto silent = saved->before;
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  if (::tcsetattr(fd, TCSADRAIN, &silent) != 0) return fail_errno(errno, "hide what is typed");
  return RawMode(std::move(saved));
}

RawMode::RawMode(std::unique_ptr<Saved> saved) : saved_(std::move(saved)) {}
RawMode::RawMode(RawMode&&) noexcept = default;
RawMode::~RawMode() {
  if (saved_) ::tcsetattr(saved_->fd, TCSADRAIN, &saved_->before);
}

}  // namespace cupel::os
