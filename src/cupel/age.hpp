// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace cupel {

/// How long ago that was, for people; none where this host's clock went back.
std::string age_of(std::chrono::sys_seconds time);

}  // namespace cupel
