// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/stop.hpp"

namespace cupel::pipeline {

/// Resources that were locked; destroying it frees them.
class HeldLock {
 public:
  virtual ~HeldLock() = default;
  virtual std::vector<std::string> resources() const = 0;
};

/// Named things that only one run may use at a time. Any thread.
class Locks {
 public:
  struct Request {
    std::string resource;  ///< this one; made where it is not known
    std::string label;     ///< or this many (0: all) of those with the label
    std::size_t quantity = 0;
    enum class Wait { yes, no } wait = Wait::yes;
  };
  virtual ~Locks() = default;
  /// Blocks until all of the request is ours; conflict: it is taken, and we shall not wait.
  /// `waiting` hears once who has it.
  virtual Result<std::unique_ptr<HeldLock>> take(
      const Request& request, const std::function<void(std::string_view)>& waiting,
      const Stop& stop) = 0;
};

/// How far the builds of this run's job have come. Any thread.
class Milestones {
 public:
  virtual ~Milestones() = default;
  /// This build comes to a milestone. Gives the number of a newer build that has been there before:
  /// then this one must not go on. Once more is as good as once.
  virtual Result<std::optional<unsigned>> pass(std::int64_t ordinal) = 0;
};

}  // namespace cupel::pipeline
