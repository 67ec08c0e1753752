// SPDX-License-Identifier: Apache-2.0
#include "cupel/run_command.hpp"

#include <unistd.h>

#include "cupel/machine_commands.hpp"
#include "cupel/run_order.hpp"
#include "os/terminal.hpp"

namespace cupel {

int run(const cli::RunCommand& command, const Surroundings& surroundings,
        fleet::Machines& machines) {
  if (command.shell == cli::RunCommand::Shell::failed && !os::is_terminal(STDIN_FILENO)) {
    tell("--shell-on-failure needs a terminal: use --keep failed, then cupel ssh RUN");
    return exit_usage;
  }
  const auto ended = run_pipeline({command, surroundings, machines});
  if (!ended) return complain(ended.error());
  const bool wanted = command.shell == cli::RunCommand::Shell::failed;
  if (wanted && ended->record && ended->record->verdict != model::Verdict::success) {
    const auto left = enter_run({std::to_string(ended->number)}, surroundings);
    if (left != exit_success) tell(fmt::format("the shell ended with {}", left));
  }
  return ended->status;
}

}  // namespace cupel
