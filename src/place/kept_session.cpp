// SPDX-License-Identifier: Apache-2.0
#include "place/kept_session.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/text.hpp"
#include "os/files.hpp"
#include "os/pidfd.hpp"
#include "os/wait.hpp"
#include "place/process_tree.hpp"

namespace cupel::place {
namespace {

constexpr auto soon = std::chrono::milliseconds(50);
constexpr std::size_t head_size = 5;
constexpr std::size_t piece = 256U << 10;
constexpr std::size_t largest_frame = 1U << 20;

/// "A B\n"; nothing if there is no such file.
Result<std::optional<std::pair<int, int>>> two_numbers(const std::string& path) {
  std::error_code ignored;
  using Numbers = std::pair<int, int>;
  if (!os::fs::exists(path, ignored)) return std::optional<Numbers>();
  const auto text = TRY(os::read_file(path, 64));
  const auto parts = split(trim(text), ' ');
  if (parts.size() != 2) return fail(Fault::invalid, "{} is damaged", path);
  const auto a = parse_integer(parts[0]), b = parse_integer(parts[1]);
  if (!a || !b || *a < 0 || *b < 0 || *a > INT_MAX || *b > INT_MAX)
    return fail(Fault::invalid, "{} is damaged", path);
  return std::optional<Numbers>(Numbers(static_cast<int>(*a), static_cast<int>(*b)));
}

Result<os::Fd> watch(const std::string& directory) {
  os::Fd fd(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!fd || ::inotify_add_watch(fd.get(), directory.c_str(), IN_MODIFY | IN_MOVED_TO) < 0)
    return fail(Fault::unavailable, "watch {}: {}", directory, std::strerror(errno));
  return fd;
}

void forget(const os::Fd& changes) {
  std::array<char, 4096> events;
  while (::read(changes.get(), events.data(), events.size()) > 0) {
  }
}

}  // namespace

Result<std::unique_ptr<KeptSession>> KeptSession::open(const std::string& directory,
                                                       std::string cookie, OutputSink sink,
                                                       const Stop& stop) {
  auto session =
      std::unique_ptr<KeptSession>(new KeptSession(directory, std::move(cookie), std::move(sink)));
  session->changes_ = TRY(watch(directory));
  for (;;) {
    forget(session->changes_);
    const bool left = TRY(session->is_left());
    if (const auto pid = TRY(two_numbers(directory + "/pid"))) {
      session->pid_ = pid->first;
      if (!left) session->supervisor_ = os::open_pidfd(pid->second);
      session->output_ = TRY(os::open_file(directory + "/output", O_RDONLY));
      return session;
    }
    if (left) return std::unique_ptr<KeptSession>();
    std::array<os::Watched, 1> watched{{{session->changes_.get(), POLLIN}}};
    // One that dies before it has a number makes no change that could be seen.
    static_cast<void>(os::wait(watched, stop.within(soon)));
    TRY(stop.check());
  }
}

Result<os::Fd> KeptSession::claim(const std::string& directory) {
  auto lock = TRY(os::open_file(directory + "/lock", O_RDWR | O_CREAT, 0600));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK) return fail(Fault::conflict, "a command runs in {}", directory);
  return fail(Fault::unavailable, "lock {}/lock: {}", directory, std::strerror(errno));
}

Result<bool> KeptSession::is_left() const {
  const auto lock = claim(directory_);
  if (lock) return true;
  if (lock.error().fault() == Fault::conflict) return false;
  return tl::unexpected<Error>(lock.error());
}

Result<std::optional<os::Exit>> KeptSession::status() const {
  const auto numbers = TRY(two_numbers(directory_ + "/status"));
  if (!numbers) return std::optional<os::Exit>();
  return std::optional<os::Exit>(os::Exit{numbers->first, numbers->second});
}

Result<> KeptSession::deliver(const Stop& stop) {
  for (;;) {
    const auto bytes = TRY(os::read_some(output_, piece, stop));
    if (bytes.empty()) return {};
    rest_ += bytes;
    std::size_t at = 0;
    while (rest_.size() - at >= head_size) {
      std::size_t length = 0;
      for (std::size_t i = 0; i < 4; ++i)
        length |= static_cast<std::size_t>(static_cast<unsigned char>(rest_[at + 1 + i])) << 8 * i;
      if (length > largest_frame || (rest_[at] != 1 && rest_[at] != 2))
        return fail(Fault::invalid, "{}/output is damaged", directory_);
      if (rest_.size() - at - head_size < length) break;
      sink_(rest_[at] == 1 ? Stream::out : Stream::err,
            std::string_view(rest_).substr(at + head_size, length));
      at += head_size + length;
    }
    rest_.erase(0, at);
  }
}

Result<os::Exit> KeptSession::wait(const Stop& stop) {
  while (!exit_) {
    forget(changes_);
    // In this order: what it wrote before its end is there when its end is.
    const bool left = TRY(is_left());
    const auto ended = TRY(status());
    TRY(deliver(stop));
    if (ended) {
      exit_ = *ended;
      break;
    }
    if (left)
      return fail(Fault::unavailable,
                  "the command's process is gone, and nobody knows how it ended");
    std::array<os::Watched, 2> watched{
        {{changes_.get(), POLLIN}, {supervisor_ ? supervisor_.get() : -1, POLLIN}}};
    // Once the supervisor is gone, its lock soon is; nothing tells of that.
    const auto waited = os::wait(watched, supervisor_ ? stop : stop.within(soon));
    if (!waited) TRY(stop.check());
    if (watched[1].ready != 0) supervisor_.reset();
  }
  return *exit_;
}

Result<> KeptSession::write(std::string_view, const Stop&) {
  return fail(Fault::conflict, "the command has no terminal to write to");
}

Result<> KeptSession::resize(os::WindowSize) {
  return fail(Fault::conflict, "the command has no terminal to resize");
}

Result<> KeptSession::signal(int number) {
  // Until it has left, its supervisor has not waited for it, so the number is still its own.
  if (!TRY(is_left())) ::kill(-pid_, number);
  return {};
}

Result<> KeptSession::kill_tree(Duration grace, const Stop& stop) {
  const auto command = TRY(is_left()) ? os::Fd() : os::open_pidfd(pid_);
  TRY(signal(SIGTERM));
  const auto grace_end = stop.within(grace);
  auto ended = end_cookie_holders(cookie_, grace, stop);
  // The first process may have changed its cookie; it is ours all the same.
  std::array<os::Watched, 1> watched{{{command ? command.get() : -1, POLLIN}}};
  if (command && !os::wait(watched, grace_end)) TRY(signal(SIGKILL));
  return ended;
}

}  // namespace cupel::place
