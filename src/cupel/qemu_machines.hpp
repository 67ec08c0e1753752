// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "cupel/successors.hpp"
#include "fleet/machines.hpp"
#include "machine/acceleration.hpp"
#include "machine/box_store.hpp"
#include "machine/paths.hpp"
#include "machine/snapshots.hpp"
#include "machine/waiting.hpp"

namespace cupel {

/// The fleet's machines are clones of snapshots of boxes, made by QEMU. Where some may be started
/// ahead of need, one that waits is taken, and its successors are started behind the caller's back.
class QemuMachines final : public fleet::Machines {
 public:
  explicit QemuMachines(machine::Paths paths);

  Result<std::unique_ptr<fleet::OwnedMachine>> start(const fleet::MachineOrder& order,
                                                     const fleet::Progress& progress,
                                                     const Stop& stop) override;
  Result<std::unique_ptr<fleet::OwnedMachine>> take_up(const std::string& id,
                                                       const std::string& run,
                                                       const Stop& stop) override;
  Result<> end_orphans(const std::string& run, const Stop& stop) override;
  std::vector<std::string> living(const std::string& run) const override;
  void kill(const std::string& run) override;

 private:
  Result<machine::Box> box(const std::string& name, const fleet::Progress& progress,
                           const Stop& stop);
  Result<machine::Accelerator> accelerator(const machine::Box& box, const fleet::Progress& progress,
                                           const Stop& stop);

  Result<std::unique_ptr<machine::Machine>> clone(const machine::Snapshot& snapshot,
                                                  const machine::MachineOrder& order,
                                                  const fleet::Ahead& ahead, const Stop& stop);

  machine::Paths paths_;
  machine::BoxStore boxes_;
  machine::Snapshots snapshots_;
  std::shared_ptr<Demand> demand_ = std::make_shared<Demand>();  // shared: machines may outlive us
  Successors successors_{paths_.machines, *demand_};
};

/// Whether KVM works here, tried with the smallest box that is built already; nothing if a trial is
/// needed and no box is there yet.
Result<std::optional<machine::Acceleration>> known_acceleration(const machine::Paths& paths,
                                                                const fleet::Progress& progress,
                                                                const Stop& stop);

/// The same for somebody who has a box, which is tried if it must be.
Result<machine::Acceleration> acceleration_with(const machine::Paths& paths, machine::Box box,
                                                const fleet::Progress& progress, const Stop& stop);

}  // namespace cupel
