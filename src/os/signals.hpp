// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/crew.hpp"
#include "base/stop.hpp"

namespace cupel::os {

/// Turns signals into calls on an ordinary thread, from construction to destruction. Make it before
/// any other thread: it blocks the signals in the whole process.
class SignalWatch {
 public:
  /// `handle` runs on a thread of its own, one signal at a time.
  SignalWatch(std::vector<int> signals, std::function<void(int)> handle);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cupel::os
