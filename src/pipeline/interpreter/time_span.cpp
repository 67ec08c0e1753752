// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/time_span.hpp"

#include <fmt/format.h>

namespace cupel::pipeline {

std::string time_span(std::chrono::milliseconds duration) {
  const auto all = duration.count();
  const auto seconds = all / 1000;
  if (seconds >= 3600) return fmt::format("{} hr {} min", seconds / 3600, seconds / 60 % 60);
  if (seconds >= 60) return fmt::format("{} min {} sec", seconds / 60, seconds % 60);
  if (seconds >= 10) return fmt::format("{} sec", seconds);
  if (seconds >= 1) return fmt::format("{:g} sec", static_cast<double>(all / 100) / 10);
  if (all >= 100) return fmt::format("{:g} sec", static_cast<double>(all / 10) / 100);
  return fmt::format("{} ms", all);
}

}  // namespace cupel::pipeline
