// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "os/files.hpp"

namespace cupel::os {

/// Whether a path that somebody else wrote leads nowhere but below the directory that it is taken
/// from, as it is written: links are another matter. Pure.
inline bool stays_inside(const fs::path& path) {
  const auto normal = path.lexically_normal();
  return path.is_relative() && (normal.empty() || *normal.begin() != "..");
}

}  // namespace cupel::os
