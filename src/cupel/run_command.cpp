// SPDX-License-Identifier: Apache-2.0
#include "cupel/run_command.hpp"

#include "cupel/job_rules.hpp"
#include "cupel/knowledge.hpp"
#include "cupel/occasion.hpp"
#include "cupel/run_journal.hpp"
#include "cupel/run_session.hpp"
#include "cupel/services_of_run.hpp"
#include "cupel/terminal_console.hpp"
#include "pipeline/interpreter/execute.hpp"
#include "pipeline/steps/all.hpp"
#include "runs/library_cache.hpp"
#include "runs/tee.hpp"

namespace cupel {
namespace {

namespace syntax = pipeline::syntax;
using Command = cli::RunCommand;

constexpr std::size_t kept_runs = 50;

int status_of(const model::RunRecord& record) {
  if (record.infrastructure_failed) return exit_infrastructure;
  switch (record.verdict) {
    case model::Verdict::success: return exit_success;
    case model::Verdict::unstable: return exit_unstable;
    case model::Verdict::failure: return exit_failure;
    case model::Verdict::not_built: return exit_not_built;
    case model::Verdict::aborted: return exit_aborted;
  }
  return exit_failure;
}

runs::FileJournal::Finish finish_of(const model::RunRecord& record) {
  return {status_of(record), fmt::format("run {}: {}", record.id, model::name(record.verdict))};
}

/// The run of a cupel that was killed when all but the journal's last line was written is over.
Result<> finish_what_is_over(runs::FileJournal& journal, const runs::RunStore& store) {
  if (!journal.head() || journal.finish()) return {};
  const auto over = store.finished(journal.head()->run, journal.head()->mark);
  if (over) TRY(journal.end(finish_of(over->record)), "end the journal");
  return {};
}

/// What is wrong with the pipeline itself: text and labels. Printed to stderr, if anything.
bool refuse_invalid(const Project& project, const fleet::Catalog& catalog, Command::On on) {
  auto diagnostics = project.pipeline.diagnostics;
  if (project.pipeline.valid() && project.pipeline.pipeline && on == Command::On::labelled)
    for (auto& label : unknown_labels(*project.pipeline.pipeline, catalog))
      diagnostics.push_back(std::move(label));
  write_to_stderr(mistakes(*project.source, diagnostics));
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const auto& one) { return one.severity == syntax::Severity::error; });
}

pipeline::RunRequest request_of(const Command& command, const Project& project,
                                const pipeline::StepTable& steps, RunSession& session) {
  pipeline::RunRequest request{.source = *project.source, .file = project.pipeline, .steps = steps};
  request.scm = &session.scm();
  request.id = std::to_string(session.directory().number());
  for (const auto& [name, value] : command.parameters) request.parameters[name] = value;
  request.environment = {{"BUILD_NUMBER", request.id},
                         {"BUILD_ID", request.id},
                         {"BUILD_TAG", fmt::format("cupel-{}-{}", project.name(), request.id)},
                         {"JOB_NAME", project.name()},
                         {"JOB_BASE_NAME", project.name()}};
  request.environment.merge(occasion_variables(command, project));
  return request;
}

/// Those of the command line before those of the settings.
std::vector<pipeline::LibrarySettings> known_libraries(const Command& command,
                                                       const fleet::Settings& settings) {
  std::vector<pipeline::LibrarySettings> all;
  for (const auto& [name, where] : command.libraries) {
    pipeline::LibrarySettings library;
    library.name = name;
    std::error_code ignored;
    const auto at = where.rfind('@');
    const bool versioned = at != std::string::npos && at > 0 && !os::fs::exists(where, ignored);
    library.path = os::fs::absolute(where.substr(0, versioned ? at : where.size()));
    library.path = library.path.lexically_normal();
    if (versioned) library.ref = where.substr(at + 1);
    all.push_back(std::move(library));
  }
  all.insert(all.end(), settings.libraries.begin(), settings.libraries.end());
  return all;
}

/// Those of the command line in place of those of the settings.
Result<pipeline::Limits> limits_for(const Command& command, const fleet::Settings& settings) {
  fleet::LimitSettings typed;
  for (const auto& [name, value] : command.limits)
    TRY(fleet::set_limit(typed, name, value), "--limit {}={}", name, value);
  // What was typed holds as it is: a project only lowers the others.
  auto project = settings.project_limits;
  if (typed.depth) project.depth.reset();
  if (typed.steps) project.steps.reset();
  if (typed.memory) project.memory.reset();
  if (typed.time) project.time.reset();
  if (typed.regex) project.regex.reset();
  return fleet::limits_of(fleet::merge(typed, settings.limits), project);
}

std::string head(const Command& command, const Project& project, const RunSession& session) {
  return fmt::format(
      "Run {} of {} in {}{}\n", session.directory().number(), command.jenkinsfile,
      project.directory.string(),
      command.on == Command::On::host ? ", on this host: no machine protects it" : "");
}

/// The whole run once the pipeline is known to be valid.
Result<int> run_project(const Command& command, const Project& project,
                        const pipeline::StepTable& steps, const fleet::Catalog& catalog,
                        fleet::Machines& machines, runs::RunStore& store, ServicesOfRun& services,
                        pipeline::Libraries& libraries, const pipeline::Limits& limits,
                        runs::FileJournal* journal, const Surroundings& surroundings) {
  const auto started = std::chrono::steady_clock::now();
  const bool resumed = journal && journal->head();
  const auto previous =
      resumed ? previous_of(*journal->head()) : store.previous(project.jenkinsfile.string());
  const auto& hours = services.settings().orphan_hours;
  auto session =
      TRY(RunSession::begin({command, project, catalog, machines, store, journal,
                             journal_head(command, project, previous),
                             hours ? std::chrono::hours(*hours) : RunSession::default_orphan_limit},
                            surroundings.stop));
  surroundings.on_second_signal([&machines, path = session->directory().path(),
                                 mark = session->directory().mark(),
                                 run = std::to_string(session->directory().number())] {
    machines.kill(run);
    RunSession::abandon(path, mark);
  });
  if (journal) surroundings.die_at_hang_up();
  TerminalConsole terminal(command, surroundings.variable, surroundings.stop);
  auto& console = terminal.console();
  const bool jenkins = terminal.kind() == Command::Console::jenkins;
  console.print(head(command, project, *session) +
                (jenkins ? "[Pipeline] Start of Pipeline\n" : ""));

  auto request = request_of(command, project, steps, *session);
  request.facts =
      build_facts(command, project, store, session->directory(), session->job(), surroundings.stop);
  services.begin(session->directory().number(),
                 [&console](std::string_view text) { console.print(std::string(text)); });
  request.services = services.services();
  request.services.libraries = &libraries;
  request.limits = limits;
  request.previous = previous;
  request.journal = journal;
  if (resumed) console.print(resumption(*journal, project, steps));
  runs::Tee tee({&session->log(), &console});
  auto record =
      pipeline::execute(request, session->fleet(), session->files(), tee, surroundings.stop);
  terminal.close();
  // A journal that does not fit: all stays as it is, for a Jenkinsfile that fits again.
  if (!record && journal && record.error().fault() == Fault::conflict) {
    complain(record.error());
    return exit_failure;
  }
  if (!record) {
    model::RunRecord none;
    none.id = request.id;
    none.verdict = model::Verdict::not_built;
    none.failure = record.error().text();
    static_cast<void>(session->end(none));
    return tl::unexpected<Error>(record.error());
  }
  const auto facts = session->end(*record);
  record->duration = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - started);
  if (jenkins) console.print("[Pipeline] End of Pipeline\n");
  console.print_failures();
  console.print(cli::summary(*record, facts, terminal.marks()));
  if (jenkins) console.print(fmt::format("Finished: {}\n", model::name(record->verdict)));
  if (journal) TRY(journal->end(finish_of(*record)), "end the journal");
  return status_of(*record);
}

Result<int> run_checked(const Command& command, const Surroundings& surroundings,
                        fleet::Machines& machines) {
  runs::RunStore store(surroundings.home.runs());
  const auto settings =
      TRY(settings_of({command.directory, command.jenkinsfile, command.config}, surroundings));
  const auto limits = TRY(limits_for(command, settings));
  const auto steps =
      TRY(pipeline::steps::with_mapped(settings.operation.steps), "[steps] of cupel.toml");
  auto project =
      TRY(open_project(command.directory, command.jenkinsfile, [&](const syntax::Source& source) {
        return syntax::read_jenkinsfile(source, steps.signatures());
      }));
  const auto services =
      TRY(ServicesOfRun::make({command, surroundings, settings, project.jenkinsfile.string()}));
  const fleet::Catalog catalog(settings);
  runs::LibraryCache libraries(surroundings.home.cache / "libraries",
                               known_libraries(command, settings));
  if (!libraries.implicit().empty()) {
    // Their variables may be called as if they were steps.
    syntax::Vocabulary vocabulary(steps.signatures());
    vocabulary.others = syntax::Vocabulary::Others::of_libraries;
    project.pipeline = syntax::read_jenkinsfile(*project.source, vocabulary);
  }
  if (refuse_invalid(project, catalog, command.on)) return exit_usage;
  if (project.pipeline.pipeline) {
    std::map<std::string, std::string> given(command.parameters.begin(), command.parameters.end());
    TRY(pipeline::resolve_parameters(project.pipeline.pipeline->parameters, given));
  }
  const auto journal = TRY(open_journal(command, project));
  if (journal) TRY(finish_what_is_over(*journal, store));
  if (journal && journal->finish()) {
    write_to_stderr(
        fmt::format("cupel: {} is over: {}\n", journal->path().string(), journal->finish()->text));
    return journal->finish()->status;
  }
  const auto rules = job_rules(project.pipeline);
  std::optional<runs::JobTurn> turn;
  if (rules.one_at_once)
    turn = TRY(runs::JobTurn::take(
        surroundings.home.runs(), project.jenkinsfile.string(), *rules.one_at_once,
        [](std::string_view line) { tell(line); }, surroundings.stop));
  const auto status = TRY(run_project(command, project, steps, catalog, machines, store, *services,
                                      libraries, limits, journal.get(), surroundings));
  TRY(store.discard(project.jenkinsfile.string(), rules.discard, Stop()), "remove old runs");
  TRY(store.prune(settings.keep_runs.value_or(kept_runs), Stop()), "remove old runs");
  return status;
}

}  // namespace

int run(const cli::RunCommand& command, const Surroundings& surroundings,
        fleet::Machines& machines) {
  return status_of(run_checked(command, surroundings, machines));
}

}  // namespace cupel
