// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "base/digest.hpp"
#include "base/stop.hpp"

namespace cupel::machine {

/// punch: pages of zeros are given back to the file system on the way.
enum class Zeros { keep, punch };

/// The digest of a file's pages that are not all zero, each with its place, and of its size: so a
/// mostly empty memory image is read as fast as it is full, and how the file system laid out the
/// rest does not matter.
Result<Digest> digest_sparse(const std::filesystem::path& path, Zeros zeros, const Stop& stop);

}  // namespace cupel::machine
