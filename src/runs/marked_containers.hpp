// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/stop.hpp"

namespace cupel::runs {

/// Removes the containers, and the images built for agents, that a run on this host left with
/// podman: they have the label cupel.run=<mark>, and the mark was written down before the first of
/// them. Nothing to do where there is no podman. Blocks for half a minute at the most.
Result<> remove_marked_containers(std::string_view mark, const Stop& stop);

}  // namespace cupel::runs
