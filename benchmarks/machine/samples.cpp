// SPDX-License-Identifier: Apache-2.0
#include "samples.hpp"

#include <cmath>

namespace cupel::benchmark {

std::string_view name(Unit unit) { return unit == Unit::milliseconds ? "ms" : "MB"; }

double percentile(const std::vector<double>& samples, double share) {
  if (samples.empty()) return 0;
  auto sorted = samples;
  std::sort(sorted.begin(), sorted.end());
  const auto rank = std::ceil(share * static_cast<double>(sorted.size()));
  return sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

double median(const Row& row) { return percentile(row.samples, 0.5); }
double p95(const Row& row) { return percentile(row.samples, 0.95); }

double Stopwatch::milliseconds() const {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_)
      .count();
}

}  // namespace cupel::benchmark
