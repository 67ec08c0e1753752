// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/stop.hpp"
#include "os/fd.hpp"

namespace cupel::os {

/// Waits on many descriptors that change seldom (epoll). One thread at a time.
class Poller {
 public:
  static Result<Poller> make();

  enum class Interest { read, read_and_write };
  /// `tag` is what wait() names it by. It ends with the descriptor, or by remove().
  Result<> add(const Fd& fd, std::uint64_t tag, Interest interest);
  Result<> change(const Fd& fd, std::uint64_t tag, Interest interest);
  void remove(const Fd& fd);

  struct Ready {
    std::uint64_t tag;
    bool readable;  ///< or at its end, or broken: reading tells
    bool writable;
  };
  /// Blocks until one is ready; fails with stopped or timeout. Valid until the next call.
  Result<const std::vector<Ready>*> wait(const Stop& stop);

 private:
  explicit Poller(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
  std::vector<Ready> ready_;
};

/// A descriptor that is readable from a time on (timerfd).
class Alarm {
 public:
  static Result<Alarm> make();
  /// Replaces the time before; nothing: never.
  Result<> set(std::optional<SteadyTime> time);
  /// Not readable any more until the next set().
  void clear();
  const Fd& fd() const { return fd_; }

 private:
  explicit Alarm(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
  std::optional<SteadyTime> time_;
};

}  // namespace cupel::os
