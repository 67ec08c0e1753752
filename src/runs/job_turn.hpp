// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "os/files.hpp"

namespace cupel::runs {

/// The right to run a job of which only one run may go on at a time; destroying it hands it on.
class JobTurn {
 public:
  enum class Otherwise { wait, abort_previous };
  /// Blocks until it is ours. `runs` is the directory of all runs. `waiting` hears once whom we
  /// wait for. abort_previous: the cupel that has it is asked to stop (SIGTERM), as by its user.
  static Result<JobTurn> take(const os::fs::path& runs, const std::string& job, Otherwise otherwise,
                              const std::function<void(std::string_view)>& waiting,
                              const Stop& stop);

 private:
  explicit JobTurn(os::FileLock lock) : lock_(std::move(lock)) {}
  os::FileLock lock_;
};

}  // namespace cupel::runs
