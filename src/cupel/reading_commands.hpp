// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "cli/command.hpp"
#include "cupel/surroundings.hpp"

namespace cupel {

// The commands that read a pipeline and run nothing. Each returns its exit status.

/// 0: no errors; 1: errors; 2: a file that cannot be read.
int lint(const cli::LintCommand& command, const Surroundings& surroundings);
int plan(const cli::PlanCommand& command, const Surroundings& surroundings);
int convert(const cli::ConvertCommand& command, const Surroundings& surroundings);
int steps(const cli::StepsCommand& command, const Surroundings& surroundings);
/// Until the editor ends it.
int lsp(const cli::LspCommand& command, const Surroundings& surroundings, std::string_view version);

}  // namespace cupel
