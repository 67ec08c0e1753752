// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "pipeline/interpreter/node.hpp"
#include "pipeline/interpreter/stage_frame.hpp"

namespace cupel::pipeline {

/// Which node, and where on it.
struct NodeWish {
  std::string label = {};                             ///< an expression; empty: any
  std::optional<MachineWish> machine = std::nullopt;  ///< given: a machine like that
  std::string workspace = {};  ///< instead of the lease's own, absolute or beside it; empty: that
};

/// Takes a node, runs `body` there and gives the node back: says "Running on X in DIR", sets the
/// workspace, and tells the lease and the stage how it went. The workspace is empty: checking out
/// is the body's matter. A node that cannot be had is a failure like one of the body. Blocks.
Outcome<Value> with_node(const NodeWish& wish, Context& context, const ContextBody& body);

/// Runs `body` on a node that is held, and says so; tells the run and its stage how that went.
Outcome<Value> run_on(const std::shared_ptr<HeldNode>& node, Context& context,
                      const ContextBody& body);
/// What a lease is told at its end about a body that has run there.
Lease::Outcome lease_outcome(const Outcome<Value>& result, const Context& context);

/// Puts the project into the workspace of the node of `context`. The variables that Jenkins' scm
/// step returns: GIT_COMMIT, GIT_BRANCH, ...
Outcome<Variables> check_out_project(Context& context, const std::string& directory);

}  // namespace cupel::pipeline
