// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/stop.hpp"

namespace cupel::runs {

/// Processes on this host that a run started and left behind, however often they forked: known by
/// CUPEL_RUN=<mark> in their environment. One that empties its environment escapes.
struct MarkedProcess {
  int pid = 0;
  std::uint64_t started = 0;
  std::string name;
};
std::vector<MarkedProcess> find_marked(std::string_view mark);

/// Kills them until none is left.
Result<> kill_marked(std::string_view mark, const Stop& stop);

}  // namespace cupel::runs
