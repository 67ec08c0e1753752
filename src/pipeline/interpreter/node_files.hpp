// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "place/place.hpp"

namespace cupel::pipeline {

/// Writes one file into `directory` (made if missing) of a place.
Result<> push_text(place::Place& place, const std::string& directory, const std::string& name,
                   std::string_view text, unsigned mode, const Stop& stop);

/// Sends a small tree of ours below `directory` of a place: packed whole in memory.
Result<> push_tree(place::Place& place, const std::string& directory, const os::fs::path& root,
                   const Stop& stop);

}  // namespace cupel::pipeline
