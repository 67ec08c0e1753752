// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/text.hpp"

namespace cupel::benchmark {

/// What a number is worth nothing without.
struct Host {
  std::string processor;
  unsigned cpus = 0;
  Bytes memory;
  std::string kernel;
  std::string qemu;
  double load = 0;  ///< the load average of the last minute, before anything was measured
  friend bool operator==(const Host&, const Host&) = default;
};
Result<Host> look_at_host();
std::string to_text(const Host& host);

double load_average();

}  // namespace cupel::benchmark
