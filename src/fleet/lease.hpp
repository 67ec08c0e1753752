// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/locked.hpp"
#include "fleet/fleet.hpp"
#include "place/host.hpp"

namespace cupel::fleet {

/// What the leases of a fleet report when they end.
struct Fleet::Ledger {
  struct Entries {
    std::vector<Kept> kept;
    std::vector<std::string> complaints;
    unsigned host_workspaces = 0;  ///< given out so far
  };
  Locked<Entries> entries;
};

/// What any lease knows of its node.
struct LeaseFacts {
  std::string node_name;
  std::string workspace;
  std::map<std::string, std::string> environment;
  std::string ticket;  ///< of a machine that outlives us
  /// Done in a machine that a step rebooted, before the pipeline goes on.
  std::function<Result<>(place::Place&, const Stop&)> after_reboot = {};
};

/// What a node's settings put into it.
std::map<std::string, std::string> environment_of(const NodeSettings& node);

/// Whether a machine is kept, and for how long; what is recorded of it at its end.
struct Keeping {
  KeepPolicy policy;
  std::chrono::seconds time;
  Recording recording = Recording::none;
};

std::unique_ptr<pipeline::Lease> machine_lease(LeaseFacts facts, Keeping keeping,
                                               std::unique_ptr<OwnedMachine> machine,
                                               std::function<void(Kept)> kept,
                                               std::function<void(std::string)> complain);
std::unique_ptr<pipeline::Lease> host_lease(LeaseFacts facts,
                                            std::unique_ptr<place::HostPlace> place,
                                            std::function<void(std::string)> complain);

}  // namespace cupel::fleet
