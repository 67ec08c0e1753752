// SPDX-License-Identifier: Apache-2.0
#include "base/log.hpp"

#include <cstdio>
#include <cstdlib>
#include <chrono>
#include <string>

namespace cupel {

bool log_enabled() {
  static const bool enabled = [] {
    const char* level = std::getenv("CUPEL_LOG");
    return level != nullptr && std::string_view(level) == "debug";
  }();
  return enabled;
}

void write_log(std::string_view line) {
  static const auto start = std::chrono::steady_clock::now();
  const auto passed = std::chrono::steady_clock::now() - start;
  const auto text = fmt::format("{:9.3f} {}\n", std::chrono::duration<double>(passed).count(), line);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace cupel
