// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "pipeline/groovy/signal.hpp"
#include "pipeline/interpreter/node.hpp"

namespace cupel::pipeline {

struct Context;

/// Which node a lease is for.
struct LeaseWish {
  std::string label;
  std::optional<MachineWish> machine;  ///< given: a machine like that
};

/// Takes a node. A journal has what it was, and where it is found again: in a resumed
/// run it is taken up when something first runs on it. If it is gone then, that fails. Blocks.
Outcome<std::unique_ptr<Lease>> take_lease(const LeaseWish& wish, Context& context);

/// Takes a topology. Its machines end with us: in a resumed run, what wants to run on one fails,
/// and `links` is null. Blocks.
Outcome<TopologyLease> take_topology(const std::string& file, Context& context);

/// The path of a branch of its own, whose only effect says that this lease is about to be given
/// back.
std::string giving_back(const std::string& ticket, const Context& context);

}  // namespace cupel::pipeline
