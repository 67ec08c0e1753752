// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "pipeline/interpreter/stage_frame.hpp"

namespace cupel::pipeline {

/// One of several bodies that run side by side, each on a thread and in a context of its own.
struct BranchWork {
  std::string name;
  ContextBody body;
};
enum class FailFast { no, yes };

/// Runs all of them to their ends; gives their values in order. With FailFast::yes the first
/// failure interrupts the others, and is the result. Else the worst failure is: an exception of the
/// code outweighs a failed step, which outweighs an interruption; of equals the first in time.
/// For `parallel` of either kind, and the cells of a matrix.
Outcome<std::vector<Value>> run_branches(const std::vector<BranchWork>& branches,
                                         FailFast fail_fast, const Context& context);

/// Shows that branches of these names begin, as Jenkins' console does before any of them runs.
void show_branches(const std::vector<std::string>& names, const Context& context);

}  // namespace cupel::pipeline
