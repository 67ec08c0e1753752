// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "machine/machine.hpp"
#include "samples.hpp"

namespace cupel::benchmark {

/// What the peer's program measured.
struct PeerResult {
  std::map<std::string, std::string> versions;  ///< of its packages
  std::vector<Row> rows;
};

/// Which of its rows stands beside which of ours.
struct Pairing {
  std::string ours;
  std::string theirs;
  std::string text;  ///< what they do
};
const std::vector<Pairing>& pairings();

enum class Install { never, missing };

/// Runs benchmarks/peers/vagrant on the recipe's box, kernel command line and shape. Needs root.
/// Blocks for minutes; its progress goes to our stderr.
Result<PeerResult> run_vagrant(const machine::Recipe& recipe, const std::filesystem::path& tree,
                               const std::filesystem::path& scratch, Install install,
                               const Stop& stop);

/// What it printed. Pure.
Result<PeerResult> parse_peer(std::string_view text);

}  // namespace cupel::benchmark
