// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace cupel {

/// What happened inside, for the one who looks for a fault. To stderr, a line each; off unless
/// CUPEL_LOG is set to "debug" in the environment. What people need to know is output, not log.
void write_log(std::string_view line);
bool log_enabled();

template <typename... Args>
void log_debug(fmt::format_string<Args...> format, Args&&... args) {
  if (log_enabled()) write_log(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace cupel
