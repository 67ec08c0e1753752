// SPDX-License-Identifier: Apache-2.0
#include "measure.hpp"

#include <time.h>

#include "machine/waiting.hpp"
#include "memory.hpp"
#include "os/wait.hpp"
#include "tree.hpp"

namespace cupel::benchmark {

using namespace std::chrono_literals;
using machine::Machine;

namespace {

constexpr int warm_up_commands = 20, commands_a_round = 5;
constexpr int forks_a_sample = 50;
constexpr int most_pushes = 5;
constexpr int together = 5;
constexpr int layers = 3;
/// After its first command a clone is left alone for that long before its memory is looked at.
constexpr auto idle_for = 3s;

std::vector<Row> empty_rows() {
  using enum Unit;
  return {{"cold_boot", "cold boot: QEMU starts .. guest program answers", milliseconds, {}},
          {"cold_ready", "cold boot: QEMU starts .. the box's services are up", milliseconds, {}},
          {"freeze", "freeze: wait for quiet, save the state", milliseconds, {}},
          {"clone", "clone: asked for .. first command done", milliseconds, {}},
          {"clone_waiting", "the same with a waiting QEMU", milliseconds, {}},
          {"clone_pool", "the same, taken from those that wait as a run does", milliseconds, {}},
          {"pool_replenish", "  a successor starts, behind the caller's back", milliseconds, {}},
          {"pool_memory", "  memory of one that waits, anonymous", megabytes, {}},
          {"clone_cpu", "  CPU time of QEMU for a clone without", milliseconds, {}},
          {"layer", "layer: copy the one below, go on, run a step, freeze", milliseconds, {}},
          {"clone_layered", "clone of a machine with three layers", milliseconds, {}},
          {"exec", "sh -c true in a running machine, round trip", milliseconds, {}},
          {"exec_cpu", "  CPU time of QEMU for that", milliseconds, {}},
          {"fork_exec", "fork + exec of sh -c true inside that machine", milliseconds, {}},
          {"push", "push of a 100 MB tree", milliseconds, {}},
          {"destroy", "destroy a machine", milliseconds, {}},
          {"memory_alone", "private memory of an idle clone, alone", megabytes, {}},
          {"anonymous_alone", "  of that anonymous", megabytes, {}},
          {"memory_of_five", "private memory of an idle clone, one of five", megabytes, {}},
          {"anonymous_of_five", "  of that anonymous", megabytes, {}},
          {"crowd", "clone, of a crowd that lives at once, in turn", milliseconds, {}},
          {"crowd_first", "clone, of the first tenth of a crowd", milliseconds, {}},
          {"crowd_last", "clone, of the last tenth of that crowd", milliseconds, {}},
          {"memory_of_crowd", "private memory of an idle clone, one of the crowd", megabytes, {}},
          {"anonymous_of_crowd", "  of that anonymous", megabytes, {}}};
}

Result<> run_script(place::Place& place, const std::string& script, const Stop& stop) {
  place::Command command;
  command.argv = {"/bin/sh", "-c", script};
  const auto output = TRY(place::run_captured(place, command, stop));
  if (output.exit.status == 0) return {};
  return fail(Fault::internal, "{} ended with {}: {}", script, output.exit.status, output.err);
}

/// What a process has used so far, on all CPUs: unlike the clock on the wall it says nearly the
/// same on a busy host.
Result<double> cpu_milliseconds(int pid) {
  clockid_t clock{};
  timespec used{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &used) != 0)
    return fail(Fault::unavailable, "process {} has no CPU clock", pid);
  return std::chrono::duration<double, std::milli>(std::chrono::seconds(used.tv_sec) +
                                                   std::chrono::nanoseconds(used.tv_nsec))
      .count();
}

/// With what is wrong with the machine, if something is.
Result<> run_in(Machine& machine, const std::string& script, const Stop& stop) {
  auto done = run_script(machine.place(), script, stop);
  if (!done) return tl::unexpected<Error>(machine.explain(done.error()));
  return done;
}

std::string loop_of(std::string_view body) {
  return fmt::format("i=0; while [ $i -lt {} ]; do {}; i=$((i+1)); done", forks_a_sample, body);
}

}  // namespace

Measurement::Measurement(machine::Recipe recipe, machine::Paths paths, Plan plan,
                         machine::Progress news)
    : recipe_(std::move(recipe)),
      paths_(std::move(paths)),
      plan_(std::move(plan)),
      news_(std::move(news)),
      snapshots_(paths_),
      rows_(empty_rows()) {}

void Measurement::add(std::string_view id, double sample) {
  const auto row =
      std::find_if(rows_.begin(), rows_.end(), [&](const Row& each) { return each.id == id; });
  row->samples.push_back(sample);
}

Result<std::vector<Row>> Measurement::run(const Stop& stop) {
  for (int i = 1; i <= plan_.boots; ++i) {
    news_(fmt::format("boot and freeze {} of {}", i, plan_.boots));
    TRY(measure_boot(stop), "cold boot");
  }
  news_("making the snapshot");
  TRY(snapshots_.obtain(recipe_, gib(100), news_, stop));
  // The first clone reads the snapshot's files into the host's cache; it is not counted.
  const auto first = TRY(clone(stop));
  TRY(run_in(*first, "true", stop));
  TRY(first->destroy(stop));
  for (int i = 1; i <= plan_.rounds; ++i) {
    if (i % 5 == 1) news_(fmt::format("clones, round {} of {}", i, plan_.rounds));
    TRY(measure_clone(stop), "clone");
    TRY(measure_waiting(stop), "clone with a waiting QEMU");
    TRY(measure_pool(stop), "clone of the pool");
  }
  news_("layers");
  TRY(measure_layers(stop), "layers");
  news_("commands");
  TRY(measure_commands(stop), "commands");
  news_("push");
  TRY(measure_push(stop), "push");
  news_("memory");
  TRY(measure_memory(1, "memory_alone", "anonymous_alone", stop), "memory");
  TRY(measure_memory(together, "memory_of_five", "anonymous_of_five", stop), "memory");
  if (plan_.crowd > 0) {
    news_(fmt::format("a crowd of {}", plan_.crowd));
    TRY(measure_crowd(stop), "crowd");
  }
  std::erase_if(rows_, [](const Row& row) { return row.samples.empty(); });
  return rows_;
}

Result<> Measurement::measure_boot(const Stop& stop) {
  const auto scratch = TRY(os::TempDir::make_in(paths_.snapshots.parent_path(), "boot"));
  // The wait for the services is taken out of boot_in, to see the moment before it.
  auto bare = recipe_;
  bare.box.ready.clear();
  const Stopwatch since_start;
  const auto machine =
      TRY(Machine::boot_in(scratch.path(), bare, {paths_.machines, "", "benchmark"}, stop));
  add("cold_boot", since_start.milliseconds());
  if (!recipe_.box.ready.empty()) {
    place::Command ready;
    ready.argv = recipe_.box.ready;
    const auto output = TRY(place::run_captured(machine->place(), ready, stop));
    if (output.exit.status != 0)
      return fail(Fault::unavailable, "the box did not get ready: {}", output.err);
  }
  add("cold_ready", since_start.milliseconds());
  const Stopwatch since_ready;
  TRY(machine->freeze(stop));
  add("freeze", since_ready.milliseconds());
  return {};
}

Result<std::unique_ptr<Machine>> Measurement::clone(const Stop& stop) {
  // As a run does it: the snapshot is verified each time.
  const auto snapshot = TRY(snapshots_.obtain(recipe_, gib(100), news_, stop));
  return Machine::clone(snapshot, {paths_.machines, "", "benchmark"}, stop);
}

Result<> Measurement::measure_clone(const Stop& stop) {
  const Stopwatch since_request;
  const auto machine = TRY(clone(stop));
  TRY(run_in(*machine, "true", stop));
  add("clone", since_request.milliseconds());
  add("clone_cpu", TRY(cpu_milliseconds(machine->qemu_pid())));
  const Stopwatch since_end;
  TRY(machine->destroy(stop));
  add("destroy", since_end.milliseconds());
  return {};
}

Result<> Measurement::measure_waiting(const Stop& stop) {
  const auto snapshot = TRY(snapshots_.obtain(recipe_, gib(100), news_, stop));
  auto waiting =
      TRY(machine::WaitingMachine::start(snapshot, {paths_.machines, "", "benchmark"}, stop));
  const Stopwatch since_request;
  const auto machine = TRY(std::move(waiting).resume(stop));
  TRY(run_in(*machine, "true", stop));
  add("clone_waiting", since_request.milliseconds());
  return machine->destroy(stop);
}

/// With [machines] waiting = 1: the snapshot is looked up and verified, as without.
Result<> Measurement::measure_pool(const Stop& stop) {
  constexpr double megabyte = 1e6;
  machine::WaitingPolicy policy;
  policy.most = 1;
  const auto known = TRY(snapshots_.obtain(recipe_, gib(100), news_, stop));
  const Stopwatch since_gap;
  const auto started = TRY(machine::replenish(known, paths_.machines, 1, policy, stop));
  if (started.empty()) return fail(Fault::internal, "nothing was started ahead");
  add("pool_replenish", since_gap.milliseconds());
  const auto record = TRY(machine::load_record(paths_.machines / started.front()));
  if (record.qemu)
    add("pool_memory", static_cast<double>(machine::own_memory(record.qemu->pid).count) / megabyte);
  const Stopwatch since_request;
  const auto snapshot = TRY(snapshots_.obtain(recipe_, gib(100), news_, stop));
  auto waiting = TRY(machine::take_waiting(snapshot, {paths_.machines, "", "benchmark"}, stop));
  if (!waiting) return fail(Fault::internal, "nothing waits");
  const auto machine = TRY(std::move(*waiting).resume(stop));
  TRY(run_in(*machine, "true", stop));
  add("clone_pool", since_request.milliseconds());
  return machine->destroy(stop);
}

Result<> Measurement::measure_commands(const Stop& stop) {
  const auto machine = TRY(clone(stop));
  for (int i = 0; i < warm_up_commands; ++i) TRY(run_in(*machine, "true", stop));
  for (int i = 0; i < commands_a_round * plan_.rounds; ++i) {
    const auto used_before = TRY(cpu_milliseconds(machine->qemu_pid()));
    const Stopwatch since_start;
    TRY(run_in(*machine, "true", stop));
    add("exec", since_start.milliseconds());
    add("exec_cpu", TRY(cpu_milliseconds(machine->qemu_pid())) - used_before);
  }
  for (int i = 0; i < plan_.rounds; ++i) TRY(measure_fork(machine->place(), stop));
  return machine->destroy(stop);
}

// Timed from outside, since the guest's own clock is emulated too: a loop of commands, less the
// same loop without them.
Result<> Measurement::measure_fork(place::Place& place, const Stop& stop) {
  const Stopwatch since_empty;
  TRY(run_script(place, loop_of(":"), stop));
  const auto empty = since_empty.milliseconds();
  const Stopwatch since_full;
  TRY(run_script(place, loop_of("/bin/sh -c true"), stop));
  add("fork_exec", (since_full.milliseconds() - empty) / forks_a_sample);
  return {};
}

Result<> Measurement::measure_push(const Stop& stop) {
  for (int i = 0; i < std::min(plan_.rounds, most_pushes); ++i) {
    const auto machine = TRY(clone(stop));
    TRY(run_in(*machine, "true", stop));
    const Stopwatch since_start;
    TRY(push_tree(machine->place(), plan_.tree, "/root/pushed", stop));
    add("push", since_start.milliseconds());
    TRY(machine->destroy(stop));
  }
  return {};
}

Result<> Measurement::measure_layers(const Stop& stop) {
  auto layered = recipe_;
  for (int i = 1; i <= layers; ++i) {
    place::ProvisionStep step;
    step.script = fmt::format("echo {} >>/root/layers", i);
    layered.provision.push_back(std::move(step));
    const Stopwatch since_start;
    TRY(snapshots_.obtain(layered, gib(100), news_, stop));
    add("layer", since_start.milliseconds());
  }
  for (int i = 0; i <= plan_.rounds; ++i) {
    const Stopwatch since_request;
    const auto snapshot = TRY(snapshots_.obtain(layered, gib(100), news_, stop));
    const auto machine = TRY(Machine::clone(snapshot, {paths_.machines, "", "benchmark"}, stop));
    TRY(run_in(*machine, "true", stop));
    // The first one reads the files, as above.
    if (i > 0) add("clone_layered", since_request.milliseconds());
    TRY(machine->destroy(stop));
  }
  return {};
}

Result<> Measurement::measure_crowd(const Stop& stop) {
  std::vector<std::unique_ptr<Machine>> machines;
  const int tenth = std::max(plan_.crowd / 10, 1);
  for (int i = 0; i < plan_.crowd; ++i) {
    const Stopwatch since_request;
    machines.push_back(TRY(clone(stop), "number {}", i + 1));
    TRY(run_in(*machines.back(), "true", stop), "number {}", i + 1);
    const auto started = since_request.milliseconds();
    add("crowd", started);
    if (i < tenth) add("crowd_first", started);
    if (i >= plan_.crowd - tenth) add("crowd_last", started);
  }
  TRY(os::sleep(idle_for, stop));
  for (const auto& machine : machines) {
    const auto memory = TRY(private_memory(machine->qemu_pid()));
    add("memory_of_crowd", memory.mapped);
    add("anonymous_of_crowd", memory.anonymous);
  }
  for (const auto& machine : machines) TRY(machine->destroy(stop));
  return {};
}

Result<> Measurement::measure_memory(int count, std::string_view mapped, std::string_view anonymous,
                                     const Stop& stop) {
  std::vector<std::unique_ptr<Machine>> machines;
  for (int i = 0; i < count; ++i) {
    machines.push_back(TRY(clone(stop)));
    TRY(run_in(*machines.back(), "true", stop));
  }
  TRY(os::sleep(idle_for, stop));
  for (const auto& machine : machines) {
    const auto memory = TRY(private_memory(machine->qemu_pid()));
    add(mapped, memory.mapped);
    add(anonymous, memory.anonymous);
  }
  for (const auto& machine : machines) TRY(machine->destroy(stop));
  return {};
}

}  // namespace cupel::benchmark
