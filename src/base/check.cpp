// SPDX-License-Identifier: Apache-2.0
#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace cupel::detail {

void check_failed(const char* file, int line, const char* condition, const std::string& text) {
  fmt::print(stderr, "{}:{}: this must hold: {} {}\n", file, line, condition, text);
  std::abort();
}

}  // namespace cupel::detail
