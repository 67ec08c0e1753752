// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/stop.hpp"

namespace cupel::place {

/// How a machine is to be started anew.
struct RebootOrder {
  Duration limit = std::chrono::minutes(5);  ///< from the order until it is back
  /// hard: as if its power had failed; what was not written to its disk is lost.
  enum class How { orderly, hard } how = How::orderly;
  /// Carried over where the machine's files are in its memory; absolute.
  std::string workspace;
};

}  // namespace cupel::place
