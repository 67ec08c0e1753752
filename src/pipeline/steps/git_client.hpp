// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/steps/git_order.hpp"

namespace cupel::pipeline::steps {

/// Runs git on the node of `context`, in its current directory, until what the order wants is
/// checked out. Gives GIT_COMMIT, GIT_BRANCH, GIT_URL and so on. What git says goes to the log; its
/// failure is one line. Blocks.
Outcome<Value> check_out(GitOrder order, StepContext& context);

}  // namespace cupel::pipeline::steps
