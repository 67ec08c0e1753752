// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string>

namespace cupel::detail {
/// Prints where and why, and aborts. In release builds too.
[[noreturn]] void check_failed(const char* file, int line, const char* condition,
                               const std::string& text);
}  // namespace cupel::detail

/// A bug if it does not hold: CHECK(size > 0, "size of {}", name).
#define CHECK(condition, ...)                                                   \
  do {                                                                          \
    if (!(condition)) [[unlikely]]                                              \
      ::cupel::detail::check_failed(__FILE__, __LINE__, #condition,             \
                                    ::fmt::format("" __VA_ARGS__));             \
  } while (false)
