// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include "cli/text_output.hpp"
#include "cupel/project.hpp"
#include "cupel/run_command.hpp"
#include "pipeline/interpreter/lint.hpp"
#include "pipeline/interpreter/plan.hpp"
#include "pipeline/steps/all.hpp"

namespace cupel {
namespace {

namespace syntax = pipeline::syntax;

Result<int> lint_checked(const cli::LintCommand& command, const Surroundings& surroundings) {
  const auto steps = pipeline::steps::all();
  const auto project = TRY(open_project(command.directory, command.jenkinsfile, steps));
  const auto found = pipeline::lint(*project.source, steps);
  cli::TextOutput output(STDOUT_FILENO, surroundings.stop);
  output.write(syntax::render(*project.source, found));
  const auto errors = std::count_if(found.begin(), found.end(), [](const auto& one) {
    return one.severity == syntax::Severity::error;
  });
  if (errors == 0) output.write(fmt::format("{}: no errors\n", command.jenkinsfile));
  return errors == 0 ? exit_success : exit_usage;
}

Result<int> plan_checked(const cli::PlanCommand& command, const Surroundings& surroundings) {
  const auto steps = pipeline::steps::all();
  const auto project = TRY(open_project(command.directory, command.jenkinsfile, steps));
  if (!project.pipeline.valid()) {
    write_to_stderr(syntax::render(*project.source, project.pipeline.diagnostics));
    return exit_usage;
  }
  if (!project.pipeline.pipeline)
    return fail(Fault::invalid, "{}: there is no pipeline {{ }} to plan", command.jenkinsfile);
  cli::TextOutput(STDOUT_FILENO, surroundings.stop)
      .write(to_text(pipeline::make_plan(*project.source, *project.pipeline.pipeline)));
  return exit_success;
}

}  // namespace

int lint(const cli::LintCommand& command, const Surroundings& surroundings) {
  return status_of(lint_checked(command, surroundings));
}

int plan(const cli::PlanCommand& command, const Surroundings& surroundings) {
  return status_of(plan_checked(command, surroundings));
}

}  // namespace cupel
