// SPDX-License-Identifier: Apache-2.0
#include "cupel/machine_commands.hpp"

#include <unistd.h>

#include "cli/text_output.hpp"
#include "cupel/attach.hpp"
#include "cupel/clean_up.hpp"
#include "machine/machine_list.hpp"
#include "machine/visit.hpp"

namespace cupel {
namespace {

using machine::ListedMachine;

std::string age_of(machine::WallTime created) {
  const auto now =
      std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  return to_text(std::chrono::nanoseconds(std::max(now - created, std::chrono::seconds(0))));
}

Result<int> list(const Surroundings& surroundings) {
  const auto machines = TRY(machine::list_machines(
      surroundings.home.machines().machines, resumable_runs(surroundings.home), surroundings.stop));
  cli::TextOutput output(STDOUT_FILENO, surroundings.stop);
  if (!machines.empty())
    output.write(fmt::format("{:<8} {:<8} {:<16} {:<6} {:<10} {}\n", "ID", "STATE", "BOX", "RUN",
                             "FOR", "AGE"));
  for (const auto& one : machines)
    output.write(fmt::format("{:<8} {:<8} {:<16} {:<6} {:<10} {}\n", one.record.id, name(one.state),
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

}  // namespace

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

int remove_machines(const cli::MachineRemoveCommand& command, const Surroundings& surroundings) {
  return status_of(remove(command, surroundings));
}

}  // namespace cupel
