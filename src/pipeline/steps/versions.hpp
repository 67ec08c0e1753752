// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace cupel::pipeline::steps {

/// Below zero, zero, above: 1.9 < 1.10, 1.0-alpha-1 < 1.0-beta < 1.0-rc1 < 1.0-SNAPSHOT < 1.0 =
/// 1.0.0 < 1.0-1, as Maven and Jenkins order versions.
int compare_versions(std::string_view a, std::string_view b);

}  // namespace cupel::pipeline::steps
