// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pipeline/interpreter/node.hpp"
#include "pipeline/interpreter/stage_frame.hpp"

namespace cupel::pipeline {

/// A topology that code runs in. Any thread.
class HeldTopology {
 public:
  explicit HeldTopology(TopologyLease lease);
  ~HeldTopology();

  std::vector<std::string> names() const;
  /// Null if there is none of that name.
  std::shared_ptr<HeldNode> find(const std::string& name) const;
  /// Null: an earlier process had it, and they are gone.
  Links* links() const { return links_.get(); }
  /// Gives all back, after telling the leases how it went. Nothing runs there any more.
  void end(Lease::Outcome outcome);

 private:
  std::vector<std::pair<std::string, std::shared_ptr<HeldNode>>> machines_;  // shared: contexts do
  std::unique_ptr<Links> links_;
};

/// Takes the topology that a file of the project describes, runs `body` in it and gives it back. A
/// node that was held outside is none of the body's. Blocks.
Outcome<Value> with_topology(const std::string& file, Context& context, const ContextBody& body);

/// Runs `body` on a machine of the topology around.
Outcome<Value> on_machine(const std::string& name, Context& context, const ContextBody& body);

/// The topology around, or a failure that says how to have one.
Outcome<HeldTopology*> topology_around(const Context& context);

}  // namespace cupel::pipeline
