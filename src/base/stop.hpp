// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>

#include "base/error.hpp"

namespace cupel {

using SteadyTime = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

/// Bears a stop request and a deadline to whatever may block. Cheap to copy; any thread.
class Stop {
 public:
  /// Never stops.
  Stop();

  /// The same request, with a deadline no later than `limit` from now.
  Stop within(Duration limit) const;

  /// Somebody asked, or the deadline passed.
  bool requested() const;
  std::optional<SteadyTime> deadline() const { return deadline_; }

  /// Fails with Fault::stopped or Fault::timeout once requested; for loops that do not wait.
  Result<> check() const;

  /// Readable once somebody asked (not for the deadline); for poll. Owned by the source.
  int event_fd() const;

  /// For condition variables: std::condition_variable_any::wait(lock, token, predicate).
  std::stop_token token() const;

 private:
  friend class StopSource;
  struct State;
  std::shared_ptr<State> state_;  // shared: a Stop may outlive its source
  std::optional<SteadyTime> deadline_;
};

/// Owns a stop request. A source made from a parent stops when the parent does.
class StopSource {
 public:
  StopSource();
  explicit StopSource(const Stop& parent);
  ~StopSource();
  StopSource(const StopSource&) = delete;
  StopSource& operator=(const StopSource&) = delete;

  /// Thread-safe; again is harmless. Not for signal handlers.
  void request();
  Stop stop() const;

 private:
  struct Link;
  std::shared_ptr<Stop::State> state_;
  std::optional<SteadyTime> deadline_;
  std::unique_ptr<Link> link_;
};

}  // namespace cupel
