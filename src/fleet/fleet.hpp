// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/locked.hpp"
#include "fleet/catalog.hpp"
#include "fleet/machines.hpp"
#include "pipeline/interpreter/node.hpp"

namespace cupel::fleet {

struct LeaseFacts;

/// Whether a machine outlives its lease.
enum class KeepPolicy { never, failed, always };

/// What became of machines at the end of their leases.
struct Kept {
  std::string machine;
  std::string node;
  std::chrono::seconds time;
};

/// Gives the nodes of one run: machines, or this host. Any thread.
///
/// A workspace is empty at first. In a machine it is /workspace/PROJECT. On the host it is a
/// directory of its own below `host_workspaces`, removed when the lease ends.
class Fleet final : public pipeline::Nodes {
 public:
  enum class Where { as_labelled, host };
  /// A machine that was given out.
  struct Given {
    std::string name;  ///< of its directory below `artifacts`/machines, if it is recorded
    unsigned cpus;
    Bytes memory;
  };
  struct Plan {
    std::string run;            ///< id of the run
    std::string project;        ///< name of the workspace
    os::fs::path sources = {};  ///< the project's directory: what a pipeline's machines may read
    os::fs::path host_workspaces;
    KeepPolicy keep = KeepPolicy::never;
    std::chrono::seconds keep_time = std::chrono::hours(1);
    Where where = Where::as_labelled;
    /// In the environment of everything that runs on the host, so that what it leaves behind is
    /// found again.
    std::string host_mark;
    std::optional<Outliving> outliving;   ///< of machines
    std::optional<Bytes> snapshots = {};  ///< MachineOrder's, if not its default
    Ahead ahead = {};                     ///< MachineOrder's
    os::fs::path artifacts = {};          ///< where images of memory and records of machines go
    Recording recording = Recording::none;
    std::function<void(const Given&)> given = {};  ///< told of each machine; any thread
  };
  /// Borrows them for life.
  Fleet(const Catalog& catalog, Machines& machines, Plan plan);

  Result<std::unique_ptr<pipeline::Lease>> acquire(
      const std::string& label, const std::function<void(std::string_view)>& progress,
      const Stop& stop) override;
  Result<std::unique_ptr<pipeline::Lease>> acquire_machine(
      const std::string& label, const pipeline::MachineWish& wish,
      const std::function<void(std::string_view)>& progress, const Stop& stop) override;
  /// All machines start at the same time.
  Result<pipeline::TopologyLease> acquire_topology(
      const std::string& file, const std::function<void(std::string_view)>& progress,
      const Stop& stop) override;
  /// Of this host, or of a machine that was made to outlive the process that started it.
  /// Of this host only: a machine ends with the process that started it.
  Result<std::vector<std::string>> named_by(const std::string& label) override;
  Result<std::unique_ptr<pipeline::Lease>> attach(const std::string& ticket,
                                                  const Stop& stop) override;

  /// Machines that were kept, and leases that could not be ended cleanly (one line each).
  std::vector<Kept> kept() const;
  std::vector<std::string> complaints() const;

 private:
  struct Ledger;
  MachineOrder order_of(const NodeSettings& node) const;
  void tell_given(const NodeSettings& node, const OwnedMachine& machine) const;
  std::unique_ptr<pipeline::Lease> lease_of(LeaseFacts facts,
                                            std::unique_ptr<OwnedMachine> machine);
  Result<std::unique_ptr<pipeline::Lease>> start_machine(const NodeSettings& node,
                                                         const Progress& progress,
                                                         const Stop& stop);
  std::unique_ptr<pipeline::Lease> lease_machine(std::string node, std::string workspace,
                                                 std::map<std::string, std::string> environment,
                                                 std::unique_ptr<OwnedMachine> machine);
  Result<std::unique_ptr<pipeline::Lease>> attach_machine(std::string_view ticket,
                                                          const Stop& stop);
  Result<std::unique_ptr<pipeline::Lease>> acquire_host(const NodeSettings& node);
  std::unique_ptr<pipeline::Lease> lease_host(std::string node, std::string workspace,
                                              std::map<std::string, std::string> environment,
                                              std::string cookie);

  const Catalog& catalog_;
  Machines& machines_;
  Plan plan_;
  std::shared_ptr<Ledger> ledger_;  // shared: leases write into it, and may end after us
};

}  // namespace cupel::fleet
