// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/stop.hpp"

namespace cupel::machine {

/// Blocks until a process uses next to no processor time, so that a machine is not frozen in the
/// middle of what every clone of it would have to finish; gives up waiting after a while.
Result<> settle(int pid, const Stop& stop);

}  // namespace cupel::machine
