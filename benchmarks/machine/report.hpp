// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "host.hpp"
#include "peer.hpp"
#include "samples.hpp"

namespace cupel::benchmark {

/// All that one box was measured for.
struct BoxResult {
  std::string box;
  std::string shape;  ///< "2 cpus, 1 GiB, TCG"
  std::vector<Row> rows;
  std::optional<PeerResult> peer;
};

/// For people: a table of the rows. Pure, as the next.
std::string to_table(const BoxResult& result);
/// What the peer needed for the same, beside it.
std::string to_ratios(const std::vector<Row>& rows, const PeerResult& peer);
/// For programs: with every sample. Pure.
json::Value to_json(const Host& host, const std::vector<BoxResult>& results);

}  // namespace cupel::benchmark
