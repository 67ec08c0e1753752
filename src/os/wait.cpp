// SPDX-License-Identifier: Apache-2.0
#include "os/wait.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <optional>
#include <vector>

#include "base/check.hpp"

namespace cupel::os {

namespace {

/// Almost all waits watch few descriptors; those cost no allocation.
constexpr std::size_t few = 16;

std::optional<timespec> time_left(const Stop& stop) {
  if (!stop.deadline()) return std::nullopt;
  const auto left = std::max(Duration::zero(), *stop.deadline() - std::chrono::steady_clock::now());
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
  return timespec{static_cast<time_t>(seconds.count()),
                  static_cast<long>(std::chrono::nanoseconds(left - seconds).count())};
}

/// Polls `entries`, the last of which is the stop's.
Result<> poll_until_ready(std::span<pollfd> entries, const Stop& stop) {
  for (;;) {
    TRY(stop.check());
    const auto left = time_left(stop);
    const int ready = ::ppoll(entries.data(), entries.size(), left ? &*left : nullptr, nullptr);
    if (ready < 0 && errno != EINTR && errno != EAGAIN) return fail_errno(errno, "poll");
    if (ready <= 0) continue;
    if (entries.back().revents != 0) return fail(Fault::stopped, "stopped");
    return {};
  }
}

}  // namespace

Result<> wait(std::span<Watched> watched, const Stop& stop) {
  std::array<pollfd, few> array{};
  std::vector<pollfd> heap;
  std::span<pollfd> entries(array.data(), std::min(watched.size() + 1, few));
  if (watched.size() >= few) {
    heap.resize(watched.size() + 1);
    entries = heap;
  }
  for (std::size_t i = 0; i < watched.size(); ++i)
    entries[i] = {watched[i].fd, watched[i].events, 0};
  entries.back() = {stop.event_fd(), POLLIN, 0};

  TRY(poll_until_ready(entries, stop));
  for (std::size_t i = 0; i < watched.size(); ++i) {
    CHECK((entries[i].revents & POLLNVAL) == 0, "waiting on the closed descriptor {}",
          watched[i].fd);
    watched[i].ready = entries[i].revents;
  }
  return {};
}

short ready_now(const Fd& fd, short events) {
  pollfd entry{fd.get(), events, 0};
  return ::poll(&entry, 1, 0) == 1 ? entry.revents : short{0};
}

Result<> sleep(Duration duration, const Stop& stop) {
  const auto waited = wait({}, stop.within(duration));
  // Our own deadline is success; the caller's is not.
  if (waited || waited.error().fault() != Fault::timeout) return waited;
  return stop.check();
}

}  // namespace cupel::os
