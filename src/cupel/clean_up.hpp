// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cupel/surroundings.hpp"
#include "machine/machine_list.hpp"

namespace cupel {

/// Whether a machine's run can be resumed, as the runs of this home say.
machine::MayResume resumable_runs(const Home& home);

/// Removes what cupels that died left behind: machines, half-made snapshots, what their runs had on
/// this host. Each command starts with it. A line to stderr for each thing, and for what resists:
/// that is no reason not to go on.
void clean_up_after_the_dead(const Surroundings& surroundings);

}  // namespace cupel
