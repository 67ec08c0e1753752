// SPDX-License-Identifier: Apache-2.0
#include "cupel/machine_commands.hpp"

#include <unistd.h>

#include <algorithm>
#include <functional>

#include "cli/text_output.hpp"
#include "cupel/age.hpp"
#include "cupel/attach.hpp"
#include "cupel/clean_up.hpp"
#include "machine/machine_list.hpp"
#include "machine/pause.hpp"
#include "machine/visit.hpp"

namespace cupel {
namespace {

using machine::ListedMachine;

constexpr std::string_view history_file = "/run/cupel-history";

std::string_view state_of(const ListedMachine& machine) {
  if (machine.state == ListedMachine::State::running && machine.paused) return "paused";
  return name(machine.state);
}

Result<int> list(const Surroundings& surroundings) {
  const auto machines = TRY(machine::list_machines(
      surroundings.home.machines().machines, resumable_runs(surroundings.home), surroundings.stop));
  cli::TextOutput output(STDOUT_FILENO, surroundings.stop);
  if (!machines.empty())
    output.write(fmt::format("{:<8} {:<8} {:<16} {:<6} {:<10} {}\n", "ID", "STATE", "BOX", "RUN",
                             "FOR", "AGE"));
  for (const auto& one : machines)
    output.write(fmt::format("{:<8} {:<8} {:<16} {:<6} {:<10} {}\n", one.record.id, state_of(one),
                             one.record.box, one.record.run.empty() ? "-" : one.record.run,
                             one.record.purpose, age_of(one.record.created)));
  return exit_success;
}

Result<int> visit(const std::string& id, place::Command command, Attach how,
                  const Surroundings& surroundings) {
  auto visit =
      TRY(machine::Visit::enter(surroundings.home.machines().machines, id, surroundings.stop));
  return attach(visit.place(), std::move(command), how, surroundings);
}

Result<int> exec(const cli::MachineExecCommand& command, const Surroundings& surroundings) {
  place::Command wanted;
  wanted.argv = command.argv;
  return visit(command.id, std::move(wanted), Attach::streams, surroundings);
}

Result<int> ssh(const cli::MachineSshCommand& command, const Surroundings& surroundings) {
  place::Command shell;
  shell.argv = {"/bin/sh", "-c", "cd /workspace/* 2>/dev/null; exec \"${SHELL:-/bin/sh}\" -l"};
  shell.environment["TERM"] = surroundings.variable("TERM").value_or("vt220");
  return visit(command.id, std::move(shell), Attach::terminal, surroundings);
}

Result<int> console(const cli::MachineConsoleCommand& command, const Surroundings& surroundings) {
  const auto console = TRY(
      machine::open_console(surroundings.home.machines().machines, command.id, surroundings.stop));
  return attach_console(console.socket, surroundings);
}

Result<int> remove(const cli::MachineRemoveCommand& command, const Surroundings& surroundings) {
  const auto machines = surroundings.home.machines().machines;
  auto ids = command.ids;
  if (ids.empty())
    for (const auto& one : TRY(machine::list_machines(machines, resumable_runs(surroundings.home),
                                                      surroundings.stop)))
      ids.push_back(one.record.id);
  cli::TextOutput output(STDOUT_FILENO, surroundings.stop);
  for (const auto& id : ids) {
    TRY(machine::remove_machine(machines, id, surroundings.stop), "remove machine {}", id);
    output.write(fmt::format("machine {} is removed\n", id));
  }
  return exit_success;
}

/// Those of a run that live, or else the one whose id begins so.
Result<std::vector<ListedMachine>> named_machines(const std::string& name,
                                                  const std::vector<ListedMachine>& all) {
  std::vector<ListedMachine> of_run, of_id;
  for (const auto& one : all) {
    if (one.state == ListedMachine::State::lost || name.empty()) continue;
    if (one.record.id == name) return std::vector<ListedMachine>{one};
    if (one.record.run == name) of_run.push_back(one);
    if (one.record.id.starts_with(name)) of_id.push_back(one);
  }
  // Those that a run has done with, and that were kept, are meant only if it has no others.
  const auto runs = [](const ListedMachine& one) {
    return one.state != ListedMachine::State::kept;
  };
  if (std::any_of(of_run.begin(), of_run.end(), runs)) std::erase_if(of_run, std::not_fn(runs));
  if (!of_run.empty()) return of_run;
  if (of_id.size() == 1) return of_id;
  if (of_id.empty())
    return fail(Fault::not_found,
                "there is no machine {}, and no run of that number has one: see cupel machine list",
                name.empty() ? "''" : printable(name));
  std::vector<std::string> ids;
  for (const auto& one : of_id) ids.push_back(one.record.id);
  return fail(Fault::invalid, "several machines begin with {}: {}", printable(name),
              join(ids, ", "));
}

Result<int> pause(const cli::MachinePauseCommand& command, const Surroundings& surroundings) {
  const bool pauses = command.action == cli::MachinePauseCommand::Action::pause;
  const auto machines = surroundings.home.machines().machines;
  const auto all =
      TRY(machine::list_machines(machines, resumable_runs(surroundings.home), surroundings.stop));
  cli::TextOutput output(STDOUT_FILENO, surroundings.stop);
  std::vector<std::string> ids;
  for (const auto& name : command.names)
    for (const auto& one : TRY(named_machines(name, all))) {
      const bool as_wanted = one.paused == pauses && one.state != ListedMachine::State::kept;
      if (one.record.run == name && as_wanted)
        output.write(fmt::format("machine {} {} already\n", one.record.id,
                                 pauses ? "is paused" : "goes on"));
      else
        ids.push_back(one.record.id);
    }
  for (const auto& id : ids) {
    TRY(pauses ? machine::pause_machine(machines, id, surroundings.stop)
               : machine::resume_machine(machines, id, surroundings.stop));
    output.write(fmt::format("machine {} {}\n", id, pauses ? "is paused" : "goes on"));
  }
  return exit_success;
}

/// The kept machine of a run, or the one of that id; of several the one where a script failed.
Result<machine::MachineRecord> kept_machine(const std::string& wanted,
                                            const Surroundings& surroundings) {
  std::optional<machine::MachineRecord> found;
  for (const auto& one :
       TRY(machine::list_machines(surroundings.home.machines().machines,
                                  resumable_runs(surroundings.home), surroundings.stop))) {
    const auto& record = one.record;
    if (one.state != ListedMachine::State::kept) continue;
    if (record.run != wanted && record.id != wanted) continue;
    if (!found || record.keep->failed) found = record;
  }
  if (found) return std::move(*found);
  return fail(Fault::not_found,
              "no machine of run {} was kept: run with --keep failed, or see cupel machine list",
              printable(wanted));
}

/// What the history begins with: the failed script as it was run, or as a person would type it.
std::string history_of(const place::FailedCommand& failed) {
  const auto script = trim(failed.script);
  if (script.find('\n') == std::string_view::npos) return std::string(script) + "\n";
  return (script.starts_with("#!") ? failed.path : "sh -xe " + failed.path) + "\n";
}

Result<> write_history(place::Place& place, std::string text, const Stop& stop) {
  place::Command write;
  write.argv = {"/bin/sh", "-c", "cat >\"$0\"", std::string(history_file)};
  write.input = std::move(text);
  TRY(place::run_captured(place, write, stop), "write the shell's history");
  return {};
}

Result<int> enter(const cli::SshCommand& command, const Surroundings& surroundings) {
  const auto record = TRY(kept_machine(command.run, surroundings));
  auto visit = TRY(
      machine::Visit::enter(surroundings.home.machines().machines, record.id, surroundings.stop));
  place::Command shell;
  shell.argv = {"/bin/sh", "-c", "cd \"$0\" 2>/dev/null; exec \"${SHELL:-/bin/sh}\" -i"};
  if (const auto& failed = record.keep->failed) {
    TRY(write_history(visit.place(), history_of(*failed), surroundings.stop));
    shell.argv.push_back(failed->directory);
    shell.environment = failed->environment;
    shell.environment["HISTFILE"] = history_file;
    tell(fmt::format("machine {}, in {}: the script that failed is in the history", record.id,
                     failed->directory));
  } else {
    shell.argv.emplace_back("/workspace");
    tell(fmt::format("machine {}: no script failed in it", record.id));
  }
  shell.environment["TERM"] = surroundings.variable("TERM").value_or("vt220");
  return attach(visit.place(), std::move(shell), Attach::terminal, surroundings);
}

Result<int> expire(const cli::MachineExpireCommand& command, const Surroundings& surroundings) {
  TRY(machine::await_due(surroundings.home.machines().machines, command.id, surroundings.stop));
  clean_up_after_the_dead(surroundings);
  return exit_success;
}

}  // namespace

int enter_run(const cli::SshCommand& command, const Surroundings& surroundings) {
  return status_of(enter(command, surroundings));
}

int expire_machine(const cli::MachineExpireCommand& command, const Surroundings& surroundings) {
  return status_of(expire(command, surroundings));
}

int list_machines(const Surroundings& surroundings) { return status_of(list(surroundings)); }

int machine_exec(const cli::MachineExecCommand& command, const Surroundings& surroundings) {
  return status_of(exec(command, surroundings));
}

int machine_ssh(const cli::MachineSshCommand& command, const Surroundings& surroundings) {
  return status_of(ssh(command, surroundings));
}

int machine_console(const cli::MachineConsoleCommand& command, const Surroundings& surroundings) {
  return status_of(console(command, surroundings));
}

int pause_machines(const cli::MachinePauseCommand& command, const Surroundings& surroundings) {
  return status_of(pause(command, surroundings));
}

int remove_machines(const cli::MachineRemoveCommand& command, const Surroundings& surroundings) {
  return status_of(remove(command, surroundings));
}

}  // namespace cupel
