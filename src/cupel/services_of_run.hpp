// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "cli/command.hpp"
#include "cupel/surroundings.hpp"
#include "cupel/terminal_prompts.hpp"
#include "fleet/credential_file.hpp"
#include "fleet/settings.hpp"
#include "pipeline/interpreter/given_answers.hpp"
#include "pipeline/interpreter/services.hpp"
#include "runs/file_locks.hpp"
#include "runs/local_past_runs.hpp"
#include "runs/milestone_file.hpp"
#include "runs/program_outbox.hpp"

namespace cupel {

/// What a run on this host may ask of its surroundings. Outlives the run; pinned, since its parts
/// are borrowed.
class ServicesOfRun {
 public:
  struct Order {
    const cli::RunCommand& command;
    const Surroundings& surroundings;
    const fleet::Settings& settings;
    std::string job;
    pipeline::Prompts* prompts = nullptr;  ///< of the run that calls this one; null: the terminal's
  };
  /// Fails where the credentials or answers that were given cannot be used.
  static Result<std::unique_ptr<ServicesOfRun>> make(const Order& order);
  ServicesOfRun(const ServicesOfRun&) = delete;
  ServicesOfRun& operator=(const ServicesOfRun&) = delete;

  /// The run has its number; `say` prints to the terminal where a person is asked.
  void begin(unsigned number, TerminalPrompts::Say say);
  /// Once it has begun.
  const pipeline::Services& services() const { return services_; }
  const fleet::Settings& settings() const { return order_.settings; }

 private:
  ServicesOfRun(const Order& order, fleet::CredentialFiles credentials);

  Order order_;
  TerminalPrompts::Say say_;
  fleet::CredentialFiles credentials_;
  std::optional<TerminalPrompts> terminal_;
  std::optional<pipeline::GivenAnswers> answers_;
  std::optional<runs::FileLocks> locks_;
  std::optional<runs::MilestoneFile> milestones_;
  runs::ProgramOutbox outbox_;
  runs::LocalPastRuns past_runs_;
  pipeline::Services services_;
};

}  // namespace cupel
