// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>

#include "base/locked.hpp"
#include "base/overloaded.hpp"
#include "cli/command.hpp"
#include "cli/text_output.hpp"
#include "cupel/box_commands.hpp"
#include "cupel/clean_up.hpp"
#include "cupel/machine_commands.hpp"
#include "cupel/qemu_machines.hpp"
#include "cupel/reading_commands.hpp"
#include "cupel/run_command.hpp"
#include "cupel/snapshot_commands.hpp"
#include "os/signals.hpp"

namespace cupel {
namespace {

using Undo = std::function<void()>;

/// Descriptors 0 to 2 are there, so that no file of ours becomes somebody's standard output.
void hold_standard_streams() {
  for (int fd = 0; fd <= STDERR_FILENO; ++fd)
    if (::fcntl(fd, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) != fd) std::abort();
}

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (!value || !*value) return std::nullopt;
  return value;
}

void print(int fd, std::string_view text) {
  cli::TextOutput(fd, Stop().within(cli::TextOutput::patience)).write(text);
}

/// Such a command starts nothing, and need not wait for what others left.
bool only_reads(const cli::Command& command) {
  return std::holds_alternative<cli::VersionCommand>(command) ||
         std::holds_alternative<cli::LintCommand>(command) ||
         std::holds_alternative<cli::PlanCommand>(command) ||
         std::holds_alternative<cli::ConvertCommand>(command) ||
         std::holds_alternative<cli::StepsCommand>(command) ||
         std::holds_alternative<cli::LspCommand>(command);
}

int serve(const cli::Command& command, const Surroundings& surroundings) {
  if (!only_reads(command)) clean_up_after_the_dead(surroundings);
  QemuMachines machines(surroundings.home.machines());
  return std::visit(
      Overloaded{
          [&](const cli::RunCommand& one) { return run(one, surroundings, machines); },
          [&](const cli::LintCommand& one) { return lint(one, surroundings); },
          [&](const cli::PlanCommand& one) { return plan(one, surroundings); },
          [&](const cli::ConvertCommand& one) { return convert(one, surroundings); },
          [&](const cli::StepsCommand& one) { return steps(one, surroundings); },
          [&](const cli::LspCommand& one) { return lsp(one, surroundings, CUPEL_VERSION); },
          [&](const cli::MachineListCommand&) { return list_machines(surroundings); },
          [&](const cli::MachineExecCommand& one) { return machine_exec(one, surroundings); },
          [&](const cli::MachineSshCommand& one) { return machine_ssh(one, surroundings); },
          [&](const cli::MachineConsoleCommand& one) { return machine_console(one, surroundings); },
          [&](const cli::MachinePauseCommand& one) { return pause_machines(one, surroundings); },
          [&](const cli::MachineRemoveCommand& one) { return remove_machines(one, surroundings); },
          [&](const cli::MachineExpireCommand& one) { return expire_machine(one, surroundings); },
          [&](const cli::SshCommand& one) { return enter_run(one, surroundings); },
          [&](const cli::BoxBuildCommand& one) { return build_box(one, surroundings); },
          [&](const cli::BoxListCommand&) { return list_boxes(surroundings); },
          [&](const cli::BoxRemoveCommand& one) { return remove_box(one, surroundings); },
          [&](const cli::SnapshotCommand& one) { return snapshots(one, surroundings); },
          [&](const cli::SnapshotExportCommand& one) { return export_snapshot(one, surroundings); },
          [&](const cli::SnapshotImportCommand& one) { return import_snapshot(one, surroundings); },
          [&](const cli::DoctorCommand&) { return doctor(surroundings); },
          [](const cli::VersionCommand&) {
            print(STDOUT_FILENO, "cupel " CUPEL_VERSION "\n");
            return 0;
          },
      },
      command);
}

int start(const std::vector<std::string>& words) {
  const auto parsed = cli::parse_command(words);
  if (const auto* answer = std::get_if<cli::Answer>(&parsed)) {
    print(answer->status == 0 ? STDOUT_FILENO : STDERR_FILENO, answer->text);
    return answer->status;
  }
  auto home = find_home(environment_variable);
  if (!home) return complain(home.error());

  StopSource stop;
  Locked<Undo> undo;
  Locked<Undo> resized;
  std::atomic<bool> dies_at_hang_up = false;
  bool asked = false;  // of the signals' thread alone
  const os::SignalWatch watch({SIGINT, SIGTERM, SIGHUP, SIGWINCH}, [&](int signal) {
    if (signal == SIGWINCH) {
      const auto act = *resized.lock();
      if (act) act();
      return;
    }
    if (signal == SIGHUP && dies_at_hang_up) std::_Exit(128 + SIGHUP);
    if (asked) {
      const auto last_act = *undo.lock();
      if (last_act) last_act();
      std::_Exit(exit_aborted);
    }
    asked = true;
    print(STDERR_FILENO, "cupel: stopping; once more to stop at once\n");
    stop.request();
  });
  const Surroundings surroundings{std::move(*home),
                                  environment_variable,
                                  stop.stop(),
                                  [&undo](Undo act) { *undo.lock() = std::move(act); },
                                  [&dies_at_hang_up] { dies_at_hang_up = true; },
                                  [&resized](Undo act) { *resized.lock() = std::move(act); }};
  return serve(std::get<cli::Command>(parsed), surroundings);
}

}  // namespace
}  // namespace cupel

int main(int count, char** words) {
  ::signal(SIGPIPE, SIG_IGN);
  cupel::hold_standard_streams();
  return cupel::start(std::vector<std::string>(words + 1, words + count));
}
