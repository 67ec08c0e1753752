// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "base/stop.hpp"

namespace cupel::machine {

/// Copies a file's data to a new file, and its holes as holes; by sharing blocks where the file
/// system can.
Result<> copy_sparse(const std::filesystem::path& from, const std::filesystem::path& to,
                     const Stop& stop);

}  // namespace cupel::machine
