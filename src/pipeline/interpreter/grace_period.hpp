// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/crew.hpp"
#include "base/stop.hpp"

namespace cupel::pipeline {

/// For what tidies up: its stop comes `length` after that of `parent`, not with it. A thread of its
/// own watches the parent until this is destroyed.
class GracePeriod {
 public:
  GracePeriod(const Stop& parent, Duration length);
  Stop stop() const { return source_.stop(); }

 private:
  StopSource source_;
  Crew crew_;  // last: its thread uses the source
};

}  // namespace cupel::pipeline
