// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cupel/surroundings.hpp"
#include "os/fd.hpp"
#include "place/place.hpp"

namespace cupel {

/// streams: our three standard streams are the command's. terminal: ours is the command's terminal,
/// in raw mode until it ends.
enum class Attach { streams, terminal };

/// Runs a command somewhere as if it ran here. Its exit status; what is left of it when we are
/// stopped is killed.
Result<int> attach(place::Place& place, place::Command command, Attach how,
                   const Surroundings& surroundings);

/// Joins this terminal with a stream; Ctrl-] leaves.
Result<int> attach_console(const os::Fd& socket, const Surroundings& surroundings);

}  // namespace cupel
