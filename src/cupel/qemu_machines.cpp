// SPDX-License-Identifier: Apache-2.0
#include "cupel/qemu_machines.hpp"

#include "base/check.hpp"
#include "cupel/box_commands.hpp"
#include "fleet/settings.hpp"
#include "machine/debian_packages.hpp"
#include "machine/machine.hpp"
#include "machine/machine_list.hpp"
#include "os/process.hpp"
#include "os/socket.hpp"

namespace cupel {

using namespace std::chrono_literals;

namespace {

enum class Console { shown, left_out };

pipeline::Trouble trouble_of(const machine::Trouble& trouble, Console console) {
  auto text = trouble.text;
  if (!trouble.vmcore.empty()) text += "; " + trouble.vmcore;
  if (console == Console::shown)
    for (const auto& line : trouble.console) text += "\n  console: " + line;
  return {std::move(text), trouble.blame == machine::Trouble::Blame::guest
                               ? pipeline::Trouble::Blame::guest
                               : pipeline::Trouble::Blame::host};
}

class OwnedClone final : public fleet::OwnedMachine {
 public:
  OwnedClone(std::unique_ptr<machine::Machine> machine, std::shared_ptr<Demand> demand,
             Digest snapshot)
      : machine_(std::move(machine)), demand_(std::move(demand)), snapshot_(std::move(snapshot)) {
    if (demand_) demand_->begin(snapshot_);
  }
  explicit OwnedClone(std::unique_ptr<machine::Machine> machine)
      : OwnedClone(std::move(machine), nullptr, {}) {}
  ~OwnedClone() override {
    if (demand_) demand_->end(snapshot_);
  }

  std::string id() const override { return machine_->id(); }
  place::Place& place() override { return machine_->place(); }
  std::optional<pipeline::Trouble> trouble() const override {
    const auto trouble = machine_->trouble();
    if (!trouble) return std::nullopt;
    return trouble_of(*trouble, told_.exchange(true) ? Console::left_out : Console::shown);
  }
  std::string reason_of_failure() override { return machine_->reason_of_failure(); }
  Result<> reboot(const place::RebootOrder& order, const place::OutputSink& sink,
                  const Stop& stop) override {
    return machine_->reboot(order, sink, stop);
  }
  void fetch_logs() override { machine_->fetch_logs(); }
  Result<os::Fd> connect(std::size_t interface, const Stop& stop) override {
    return os::connect_unix(machine::interface_socket(machine_->directory(), interface).string(),
                            stop);
  }
  Result<> destroy(const Stop& stop) override { return machine_->destroy(stop); }
  Result<> keep(fleet::Keep keep) override {
    const auto kept = id();
    TRY(machine_->keep(machine::Keep{machine::wall_now() + keep.time, std::move(keep.failed)}));
    return end_when_due(kept);
  }

 private:
  std::unique_ptr<machine::Machine> machine_;
  std::shared_ptr<Demand> demand_;  // null: a machine that was taken up
  Digest snapshot_;
  mutable std::atomic<bool> told_ = false;  // the console's last lines: once is enough
};

machine::Recipe trial_of(machine::Box box) {
  machine::Recipe recipe;
  recipe.box = std::move(box);
  recipe.shape.cpus = 1;
  recipe.shape.memory = mib(512);
  return recipe;
}

}  // namespace

QemuMachines::QemuMachines(machine::Paths paths)
    : paths_(std::move(paths)),
      boxes_(paths_),
      snapshots_(paths_, machine::fetch_debian_packages(paths_.downloads)) {}

Result<machine::Box> QemuMachines::box(const std::string& name, const fleet::Progress& progress,
                                       const Stop& stop) {
  BoxNews news(name);
  return boxes_.ensure(
      name,
      [&](const machine::BoxProgress& now) {
        if (const auto line = news.next(now)) progress(*line);
      },
      stop);
}

Result<machine::Accelerator> QemuMachines::accelerator(const machine::Box& box,
                                                       const fleet::Progress& progress,
                                                       const Stop& stop) {
  const auto tiny = TRY(boxes_.find(std::string(fleet::tiny_box), stop));
  const auto verdict =
      TRY(machine::decide_acceleration(paths_, trial_of(tiny.value_or(box)), progress, stop),
          "find out whether KVM works");
  if (verdict.accelerator == machine::Accelerator::tcg)
    progress("Machines are emulated (TCG): KVM does not work here, cupel doctor says why");
  return verdict.accelerator;
}

Result<std::unique_ptr<fleet::OwnedMachine>> QemuMachines::start(const fleet::MachineOrder& order,
                                                                 const fleet::Progress& progress,
                                                                 const Stop& stop) {
  machine::Recipe recipe;
  recipe.box = TRY(box(order.box, progress, stop), "box {}", order.box);
  recipe.shape.cpus = order.cpus;
  recipe.shape.memory = order.memory;
  recipe.shape.disk = order.disk;
  if (order.cpu) recipe.shape.cpu = *order.cpu;
  recipe.shape = machine::accelerated(recipe.shape, TRY(accelerator(recipe.box, progress, stop)),
                                      TRY(machine::host_facts()));
  recipe.shape.devices = machine::interface_devices(order.interfaces, fleet::first_interface_slot);
  recipe.provision = order.provision;
  for (const auto& name : order.panic_on) {
    const auto cause = machine::panic_on_named(name);
    CHECK(cause, "the settings know no other cause: {}", name);
    recipe.shape.panic_on.push_back(*cause);
  }
  machine::MachineOrder made{paths_.machines, order.run};
  made.vmcores = order.vmcores;
  made.recording = order.recording;
  if (order.outliving)
    made.resumable = machine::Resumable{order.outliving->journal, {}, order.outliving->limit, {}};
  for (int attempt = 1;; ++attempt) {
    const auto snapshot = TRY(snapshots_.obtain(recipe, order.snapshots, progress, stop),
                              "snapshot of {}", order.box);
    auto machine = clone(snapshot, made, order.ahead, stop);
    if (machine) {
      auto owned = std::make_unique<OwnedClone>(std::move(*machine), demand_, snapshot.key);
      successors_.want(snapshot, order.ahead, stop);
      return owned;
    }
    // Somebody may have removed it from the store between the two.
    if (attempt == 2 || os::fs::exists(snapshot.directory))
      return tl::unexpected<Error>(
          machine.error().add_frame(fmt::format("start a machine of {}", order.box)));
  }
}

Result<std::unique_ptr<machine::Machine>> QemuMachines::clone(const machine::Snapshot& snapshot,
                                                              const machine::MachineOrder& order,
                                                              const fleet::Ahead& ahead,
                                                              const Stop& stop) {
  if (ahead.most > 0) {
    auto waiting = machine::take_waiting(snapshot, order, stop);
    if (waiting && *waiting)
      if (auto machine = std::move(**waiting).resume(stop)) return machine;
    TRY(stop.check());
  }
  return machine::Machine::clone(snapshot, order, stop);
}

Result<std::unique_ptr<fleet::OwnedMachine>> QemuMachines::take_up(const std::string& id,
                                                                   const std::string& run,
                                                                   const Stop& stop) {
  const auto record = machine::load_record(paths_.machines / id);
  if (!record || record->run != run) return fail(Fault::not_found, "it is not there any more");
  return std::make_unique<OwnedClone>(TRY(machine::Machine::take_up(paths_.machines, id, stop)));
}

Result<> QemuMachines::end_orphans(const std::string& run, const Stop& stop) {
  const auto all = [](const machine::MachineRecord&) { return true; };
  for (const auto& one : TRY(machine::list_machines(paths_.machines, all, stop)))
    if (one.record.run == run && one.state == machine::ListedMachine::State::orphaned)
      TRY(machine::remove_machine(paths_.machines, one.record.id, stop), "machine {}",
          one.record.id);
  return {};
}

std::vector<std::string> QemuMachines::living(const std::string& run) const {
  std::vector<std::string> ids;
  const auto listed = machine::list_machines(paths_.machines, machine::nobody, Stop().within(10s));
  if (!listed) return {listed.error().text()};
  for (const auto& one : *listed)
    if (one.record.run == run && !one.record.keep) ids.push_back(one.record.id);
  return ids;
}

void QemuMachines::kill(const std::string& run) {
  const auto stop = Stop().within(5s);
  const auto listed = machine::list_machines(paths_.machines, machine::nobody, stop);
  if (!listed) return;
  // Their directories go when the next command finds that their owner is dead.
  for (const auto& one : *listed)
    if (one.record.run == run && !one.record.keep && one.record.qemu)
      static_cast<void>(os::kill_foreign(one.record.qemu->pid, one.record.qemu->started, stop));
}

Result<std::optional<machine::Acceleration>> known_acceleration(const machine::Paths& paths,
                                                                const fleet::Progress& progress,
                                                                const Stop& stop) {
  const machine::BoxStore boxes(paths);
  for (const auto name : {fleet::tiny_box, fleet::default_box})
    if (auto box = TRY(boxes.find(std::string(name), stop)))
      return TRY(acceleration_with(paths, std::move(*box), progress, stop));
  return std::nullopt;
}

Result<machine::Acceleration> acceleration_with(const machine::Paths& paths, machine::Box box,
                                                const fleet::Progress& progress, const Stop& stop) {
  return machine::decide_acceleration(paths, trial_of(std::move(box)), progress, stop);
}

}  // namespace cupel
