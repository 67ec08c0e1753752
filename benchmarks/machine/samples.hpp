// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/stop.hpp"

namespace cupel::benchmark {

enum class Unit { milliseconds, megabytes };
std::string_view name(Unit unit);

/// One row of the table: what was measured again and again.
struct Row {
  std::string id;    ///< "clone_waiting", for programs
  std::string text;  ///< for people
  Unit unit = Unit::milliseconds;
  std::vector<double> samples;
  friend bool operator==(const Row&, const Row&) = default;
};

/// The smallest sample that is no less than `share` of all (nearest rank); 0 if there are none.
double percentile(const std::vector<double>& samples, double share);
double median(const Row& row);
double p95(const Row& row);

/// From now to the call.
class Stopwatch {
 public:
  double milliseconds() const;

 private:
  SteadyTime start_ = std::chrono::steady_clock::now();
};

}  // namespace cupel::benchmark
