// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"
#include "cupel/surroundings.hpp"

namespace cupel {

/// `cupel machine ...`. The exit status; of exec and ssh: the command's own.
int list_machines(const Surroundings& surroundings);
int machine_exec(const cli::MachineExecCommand& command, const Surroundings& surroundings);
int machine_ssh(const cli::MachineSshCommand& command, const Surroundings& surroundings);
int machine_console(const cli::MachineConsoleCommand& command, const Surroundings& surroundings);
/// `cupel machine expire`: see end_when_due().
int expire_machine(const cli::MachineExpireCommand& command, const Surroundings& surroundings);
/// `cupel ssh RUN`.
int enter_run(const cli::SshCommand& command, const Surroundings& surroundings);
/// `cupel machine pause` and `resume`.
int pause_machines(const cli::MachinePauseCommand& command, const Surroundings& surroundings);
int remove_machines(const cli::MachineRemoveCommand& command, const Surroundings& surroundings);

}  // namespace cupel
