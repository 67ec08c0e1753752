// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "cli/command.hpp"
#include "cupel/project.hpp"
#include "pipeline/interpreter/step.hpp"
#include "runs/file_journal.hpp"

namespace cupel {

/// What begins a journal of this run.
runs::FileJournal::Head journal_head(const cli::RunCommand& command, const Project& project,
                                     std::optional<model::Verdict> previous);

/// The journal of `--journal`; null without. Fails where it belongs to other inputs.
Result<std::unique_ptr<runs::FileJournal>> open_journal(const cli::RunCommand& command,
                                                        const Project& project);

/// How the run before the journal's run ended.
std::optional<model::Verdict> previous_of(const runs::FileJournal::Head& head);

/// "Resumed from FILE after 12 steps", and whether the Jenkinsfile has changed since.
std::string resumption(const runs::FileJournal& journal, const Project& project,
                       const pipeline::StepTable& steps);

}  // namespace cupel
