// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace cupel::os {

/// The names in an open directory (O_PATH will do), without "." and "..", in no order.
Result<std::vector<std::string>> names_in(int directory);

/// The names that a relative path consists of, without "." and empty ones. Fails with invalid if
/// the path is absolute or says "..".
Result<std::vector<std::string>> inner_parts(std::string_view path);

}  // namespace cupel::os
