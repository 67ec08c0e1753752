// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include "cli/text_output.hpp"
#include "cupel/knowledge.hpp"
#include "cupel/project.hpp"
#include "cupel/reading_commands.hpp"
#include "pipeline/interpreter/execute.hpp"
#include "pipeline/interpreter/plan.hpp"

namespace cupel {
namespace {

namespace syntax = pipeline::syntax;

Result<int> plan_checked(const cli::PlanCommand& command, const Surroundings& surroundings) {
  const auto settings =
      TRY(settings_of({command.directory, command.jenkinsfile, command.config}, surroundings));
  const auto knowledge = TRY(Knowledge::of(settings, surroundings));
  const auto project =
      TRY(open_project(command.directory, command.jenkinsfile,
                       [&](const syntax::Source& source) { return knowledge.read(source); }));
  write_to_stderr(mistakes(*project.source, project.pipeline.diagnostics));
  if (!project.pipeline.valid()) return exit_usage;
  const auto& job = project.pipeline.job;
  pipeline::Assumptions assumptions{{command.parameters.begin(), command.parameters.end()},
                                    command.branch,
                                    command.tag,
                                    command.change_request};
  for (const auto& [name, _] : assumptions.parameters)
    if (!job.open && std::none_of(job.parameters.begin(), job.parameters.end(),
                                  [&](const auto& one) { return one.name.text == name; }))
      return fail(Fault::invalid, "the pipeline has no parameter '{}'", name);
  const auto plan = make_plan(*project.source, project.pipeline, assumptions);
  cli::TextOutput(STDOUT_FILENO, surroundings.stop)
      .write(command.format == cli::Format::json ? json::write(to_json(plan)) + "\n"
                                                 : to_text(plan));
  return exit_success;
}

}  // namespace

int plan(const cli::PlanCommand& command, const Surroundings& surroundings) {
  return status_of(plan_checked(command, surroundings));
}

}  // namespace cupel
