// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "base/stop.hpp"
#include "os/fd.hpp"

namespace cupel::os {

struct Watched {
  int fd;
  short events;     ///< POLLIN, POLLOUT
  short ready = 0;  ///< what poll(2) answered
};

/// Blocks until one of them is ready; fails with stopped or timeout. The one place that waits on
/// descriptors; waiting on memory is Locked::wait.
Result<> wait(std::span<Watched> watched, const Stop& stop);

/// What of `events` is ready at this moment, POLLHUP and POLLERR too. Does not block.
short ready_now(const Fd& fd, short events);

/// Blocks for that long; fails when stopped before. For steps and back-off, never for tests.
Result<> sleep(Duration duration, const Stop& stop);

}  // namespace cupel::os
