// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "guest/loop.hpp"
#include "os/fd.hpp"

namespace cupel::guest {

/// The virtio-serial ports cupel.0 to cupel.3, as they appear.
class Ports {
 public:
  /// Those that are there and were not opened before. Not an error: none.
  std::vector<os::Fd> open_new();
  bool complete() const;
  bool has_owner() const { return opened_[0]; }

 private:
  std::array<bool, 4> opened_{};
};

}  // namespace cupel::guest
