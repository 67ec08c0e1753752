// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/grace_period.hpp"

#include <poll.h>

#include <array>

#include "os/wait.hpp"

namespace cupel::pipeline {
namespace {

/// True once the parent is over; false if we are not needed any more.
bool wait_for_end(const Stop& parent, const Stop& stop) {
  if (parent.requested()) return true;
  auto limited = stop;
  if (parent.deadline())
    limited = stop.within(*parent.deadline() - std::chrono::steady_clock::now());
  std::array<os::Watched, 1> watched{os::Watched{parent.event_fd(), POLLIN}};
  const auto waited = os::wait(watched, limited);
  return waited || waited.error().fault() == Fault::timeout;
}

}  // namespace

GracePeriod::GracePeriod(const Stop& parent, Duration length) : crew_(Stop{}) {
  crew_.add("grace", [this, parent, length](const Stop& stop) -> Result<> {
    if (wait_for_end(parent, stop) && os::sleep(length, stop)) source_.request();
    return {};
  });
}

}  // namespace cupel::pipeline
