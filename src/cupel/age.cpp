// SPDX-License-Identifier: Apache-2.0
#include "cupel/age.hpp"

#include "base/text.hpp"

namespace cupel {

std::string age_of(std::chrono::sys_seconds time) {
  using namespace std::chrono;
  const auto now = floor<seconds>(system_clock::now());
  return to_text(nanoseconds(std::max(now - time, seconds(0))));
}

}  // namespace cupel
