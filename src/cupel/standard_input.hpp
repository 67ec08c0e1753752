// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/error.hpp"
#include "base/stop.hpp"

namespace cupel {

inline constexpr std::size_t largest_jenkinsfile = 16U << 20;

/// All of it, till its end. Blocks; a stop ends it. More than `limit` bytes are an error.
Result<std::string> read_standard_input(std::size_t limit, const Stop& stop);

}  // namespace cupel
