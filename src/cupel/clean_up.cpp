// SPDX-License-Identifier: Apache-2.0
#include "cupel/clean_up.hpp"

#include "base/text.hpp"
#include "machine/machine_list.hpp"
#include "machine/snapshots.hpp"
#include "os/files.hpp"
#include "runs/run_store.hpp"

namespace cupel {
namespace {

Result<> clean_machines(const Home& home, const Stop& stop) {
  const auto paths = home.machines();
  for (const auto& id : TRY(machine::reap(paths.machines, resumable_runs(home), stop)))
    tell(fmt::format("removed machine {}, whose cupel had died", id));
  return machine::Snapshots(paths).sweep(stop);
}

Result<> clean_runs(const os::fs::path& runs, const Stop& stop) {
  for (const auto& line : TRY(runs::RunStore(runs).reap(stop))) tell(line);
  return {};
}

}  // namespace

machine::MayResume resumable_runs(const Home& home) {
  return [store = runs::RunStore(home.runs())](const machine::MachineRecord& record) {
    return record.resumable && store.may_be_resumed(record.run, record.resumable->journal);
  };
}

void clean_up_after_the_dead(const Surroundings& surroundings) {
  os::sweep_temp_dirs();
  if (const auto done = clean_machines(surroundings.home, surroundings.stop); !done)
    tell("clean up after machines whose cupel died: " + done.error().text());
  if (const auto done = clean_runs(surroundings.home.runs(), surroundings.stop); !done)
    tell("clean up after earlier runs: " + done.error().text());
}

}  // namespace cupel
