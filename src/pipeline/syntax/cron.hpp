// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/error.hpp"

namespace cupel::pipeline::syntax {

/// Whether Jenkins would take the text for cron, pollSCM: lines of five fields with H, ranges,
/// lists and steps; @daily and the like; TZ=... first; comments. The error says what is wrong
/// where: "line 1: 61 is an invalid value. Must be within 0 and 59".
Result<> check_cron(std::string_view text);

/// The same with "% NAME=value;..." behind the fields.
Result<> check_parameterized_cron(std::string_view text);

}  // namespace cupel::pipeline::syntax
