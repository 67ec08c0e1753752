// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "base/stop.hpp"
#include "place/place.hpp"

namespace cupel::benchmark {

/// A project of 100 MB: 1,000 files of 64 kB in 20 directories and 4 of 9 MB. The same bytes each
/// time, which no compression makes smaller.
Result<> make_tree(const std::filesystem::path& directory);

/// Packs a tree and unpacks it below `target` in the place, both at once.
Result<> push_tree(place::Place& place, const std::filesystem::path& tree,
                   const std::string& target, const Stop& stop);

}  // namespace cupel::benchmark
