// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/locked.hpp"
#include "base/stop.hpp"

namespace cupel {

/// Threads with names that are stopped and joined together. The first failure stops the others.
class Crew {
 public:
  using Work = std::function<Result<>(const Stop&)>;

  explicit Crew(const Stop& parent);
  /// Stops and joins what still runs; failures are dropped, so call join() where they matter.
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// Starts a thread. The name is what tools show (15 characters of it).
  void add(std::string name, Work work);

  /// Asks all to stop; does not wait.
  void stop();

  /// Blocks until all have ended. The first failure in time, with the thread's name as a frame.
  Result<> join();

 private:
  StopSource source_;
  Locked<std::optional<Error>> first_failure_;
  std::vector<std::thread> threads_;
};

}  // namespace cupel
