// SPDX-License-Identifier: Apache-2.0
#include "cupel/given_files.hpp"
#include "cupel/job_rules.hpp"
#include "cupel/knowledge.hpp"
#include "cupel/local_jobs.hpp"
#include "cupel/occasion.hpp"
#include "cupel/run_journal.hpp"
#include "cupel/run_order.hpp"
#include "cupel/run_session.hpp"
#include "cupel/run_urls.hpp"
#include "cupel/services_of_run.hpp"
#include "cupel/terminal_console.hpp"
#include "pipeline/interpreter/execute.hpp"
#include "pipeline/steps/all.hpp"
#include "runs/library_cache.hpp"
#include "runs/stored_run.hpp"
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

/// What is wrong with the pipeline itself: text and labels.
std::vector<syntax::Diagnostic> mistakes_in(const Project& project, const fleet::Catalog& catalog,
                                            Command::On on) {
  auto diagnostics = project.pipeline.diagnostics;
  if (project.pipeline.valid() && project.pipeline.pipeline && on == Command::On::labelled) {
    auto unknown = unknown_places(*project.pipeline.pipeline, catalog);
    for (auto& box : unknown.boxes) diagnostics.push_back(std::move(box));
    for (auto& label : unknown.labels) diagnostics.push_back(std::move(label));
  }
  return diagnostics;
}

/// Whether the run may begin. A person is told all on stderr; of a called run the first mistake is
/// the error.
Result<bool> check(const RunOrder& order, const Project& project, const fleet::Catalog& catalog) {
  const auto diagnostics = mistakes_in(project, catalog, order.command.on);
  const auto first = std::find_if(diagnostics.begin(), diagnostics.end(), [](const auto& one) {
    return one.severity == syntax::Severity::error;
  });
  const bool good = first == diagnostics.end();
  if (!order.caller)
    write_to_stderr(mistakes(*project.source, diagnostics));
  else if (!good)
    return fail(Fault::invalid, "{}", syntax::headline(*project.source, *first));
  return good;
}

std::string job_of(const RunOrder& order, const Project& project) {
  return order.caller ? order.caller->job : project.name();
}

pipeline::RunRequest request_of(const RunOrder& order, const Project& project,
                                const pipeline::StepTable& steps, RunSession& session) {
  const auto& command = order.command;
  pipeline::RunRequest request{.source = *project.source, .file = project.pipeline, .steps = steps};
  request.scm = &session.scm();
  request.id = std::to_string(session.directory().number());
  request.environment = {{"BUILD_NUMBER", request.id}, {"JOB_NAME", job_of(order, project)}};
  request.environment.merge(url_variables(session.directory().path(), session.files().artifacts(),
                                          project.jenkinsfile, order.surroundings.home.state));
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

/// What run_project borrows.
struct Parts {
  const RunOrder& order;
  const std::map<std::string, std::string>& given;
  const Project& project;
  const fleet::Settings& settings;
  const pipeline::StepTable& steps;
  const fleet::Catalog& catalog;
  runs::RunStore& store;
  ServicesOfRun& services;
  pipeline::Libraries& libraries;
  const pipeline::Limits& limits;
  runs::FileJournal* journal;
  bool resumed;  ///< the journal has a beginning
  std::chrono::steady_clock::time_point started;
};

/// What people see of a run: all on the terminal, or of a called run nothing.
class Shown {
 public:
  Shown(const RunOrder& order, const Stop& stop) {
    if (!order.caller) terminal_.emplace(order.command, order.surroundings.variable, stop);
  }
  void print(const std::string& text) {
    if (terminal_) terminal_->console().print(text);
  }
  bool jenkins() const { return terminal_ && terminal_->kind() == Command::Console::jenkins; }
  std::vector<pipeline::Observer*> observers(runs::RunLog& log) {
    std::vector<pipeline::Observer*> all = {&log};
    if (terminal_) all.insert(all.end(), {&slowest_, &terminal_->console()});
    return all;
  }
  void close() {
    if (terminal_) terminal_->close();
  }
  void end(const model::RunRecord& record, cli::SummaryFacts facts) {
    if (!terminal_) return;
    facts.slowest = slowest_.found();
    if (jenkins()) print("[Pipeline] End of Pipeline\n");
    terminal_->console().print_failures();
    print(cli::summary(record, facts, terminal_->marks()));
    if (jenkins()) print(fmt::format("Finished: {}\n", model::name(record.verdict)));
  }

 private:
  cli::SlowestStep slowest_;
  std::optional<TerminalConsole> terminal_;
};

pipeline::BuildFacts facts_of(const Parts& parts, const RunSession& session) {
  const auto& order = parts.order;
  auto facts = build_facts(order.command, parts.project, parts.store, session.directory(),
                           session.job(), order.surroundings.stop);
  if (order.caller) facts.causes = order.caller->causes;
  return facts;
}

/// What the second signal does as long as this lives: what the run and those that it called have is
/// taken away.
class UndoOnSecondSignal {
 public:
  UndoOnSecondSignal(const RunOrder& order, const RunSession& session, const LocalJobs& jobs)
      : surroundings_(order.surroundings) {
    surroundings_.on_second_signal(
        [&machines = order.machines, &jobs, path = session.directory().path(),
         mark = session.directory().mark(), run = std::to_string(session.directory().number())] {
          jobs.abandon();
          machines.kill(run);
          RunSession::abandon(path, mark);
        });
  }
  ~UndoOnSecondSignal() { surroundings_.on_second_signal({}); }
  UndoOnSecondSignal(const UndoOnSecondSignal&) = delete;
  UndoOnSecondSignal& operator=(const UndoOnSecondSignal&) = delete;

 private:
  const Surroundings& surroundings_;
};

fleet::Ahead ahead_of(const fleet::Settings& settings) {
  fleet::Ahead ahead;
  ahead.most = settings.waiting.value_or(ahead.most);
  ahead.time = settings.waiting_for.value_or(ahead.time);
  ahead.memory = settings.waiting_memory.value_or(ahead.memory);
  return ahead;
}

EndedRun ended_run(const Parts& parts, const RunSession& session, model::RunRecord record) {
  EndedRun ended;
  ended.status = status_of(record);
  ended.number = session.directory().number();
  ended.directory = session.directory().path();
  ended.project = job_of(parts.order, parts.project);
  ended.record = std::move(record);
  return ended;
}

/// What the pipeline does, with all that it may use.
Result<model::RunRecord> execute(const Parts& parts, RunSession& session, LocalJobs& jobs,
                                 Shown& shown, std::optional<model::Verdict> previous) {
  const auto& stop = parts.order.surroundings.stop;
  auto request = request_of(parts.order, parts.project, parts.steps, session);
  auto values =
      TRY(take_given_files(parts.given, parts.project.pipeline.job, session.files(), stop));
  request.parameters = std::move(values.parameters);
  request.environment.merge(values.environment);
  request.facts = facts_of(parts, session);
  parts.services.begin(session.directory().number(),
                       [&shown](std::string_view text) { shown.print(std::string(text)); });
  request.services = parts.services.services();
  request.services.libraries = &parts.libraries;
  request.limits = parts.limits;
  request.services.jobs = &jobs;
  request.previous = previous;
  request.journal = parts.journal;
  if (parts.journal && parts.resumed) {
    shown.print(resumption(*parts.journal, parts.project, parts.steps));
    TRY(jobs.resume(), "take up the runs that it began");
  }
  runs::Tee tee(shown.observers(session.log()));
  auto record = pipeline::execute(request, session.fleet(), session.files(), tee, stop);
  jobs.finish();
  return record;
}

/// Takes away what only a living run needs, and tells how it ended.
Result<EndedRun> conclude(const Parts& parts, RunSession& session, Shown& shown,
                          Result<model::RunRecord> record) {
  shown.close();
  auto* journal = parts.journal;
  // A journal that does not fit: all stays as it is, for a Jenkinsfile that fits again.
  if (!record && journal && record.error().fault() == Fault::conflict) {
    if (parts.order.caller) return tl::unexpected<Error>(record.error());
    complain(record.error());
    return EndedRun{exit_failure};
  }
  if (!record) {
    model::RunRecord none;
    none.id = std::to_string(session.directory().number());
    none.verdict = model::Verdict::not_built;
    none.failure = record.error().text();
    static_cast<void>(session.end(none));
    return tl::unexpected<Error>(record.error());
  }
  const auto facts = session.end(*record);
  record->duration = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - parts.started);
  shown.end(*record, facts);
  if (journal) TRY(journal->end(finish_of(*record)), "end the journal");
  static_cast<void>(os::remove_tree(LocalJobs::journals_in(session.directory().path())));
  return ended_run(parts, session, std::move(*record));
}

/// The whole run once the pipeline is known to be valid.
Result<EndedRun> run_project(const Parts& parts) {
  const auto& order = parts.order;
  const auto& project = parts.project;
  const auto& stop = order.surroundings.stop;
  const auto previous = parts.resumed ? previous_of(*parts.journal->head())
                                      : parts.store.previous(project.jenkinsfile.string());
  const auto name = job_of(order, project);
  using Stashes = RunSession::Order::Stashes;
  const auto& hours = parts.settings.orphan_hours;
  auto session =
      TRY(RunSession::begin({order.command, project, parts.catalog, order.machines, parts.store,
                             parts.journal, journal_head(order.command, project, previous),
                             hours ? std::chrono::hours(*hours) : RunSession::default_orphan_limit,
                             parts.settings.snapshots, ahead_of(parts.settings),
                             parts.settings.recording.value_or(fleet::Recording::failed), name,
                             project.pipeline.job.preserve_stashes ? Stashes::stay : Stashes::pass},
                            stop));
  const auto& directory = session->directory();
  LocalJobs jobs({order, project, parts.settings, name, directory.number(), directory.path(),
                  parts.services.services().prompts});
  const UndoOnSecondSignal undo(order, *session, jobs);
  if (parts.journal) order.surroundings.die_at_hang_up();
  if (order.caller) order.caller->begun(directory.number(), directory.path());
  Shown shown(order, stop);
  shown.print(head(order.command, project, *session) +
              (shown.jenkins() ? "[Pipeline] Start of Pipeline\n" : ""));
  return conclude(parts, *session, shown, execute(parts, *session, jobs, shown, previous));
}

/// What the journal of a run that is over says.
Result<EndedRun> over(const RunOrder& order, const Project& project,
                      const runs::FileJournal& journal) {
  EndedRun ended;
  ended.status = journal.finish()->status;
  ended.project = job_of(order, project);
  if (!order.caller) {
    write_to_stderr(
        fmt::format("cupel: {} is over: {}\n", journal.path().string(), journal.finish()->text));
    return ended;
  }
  ended.number = journal.head()->run;
  ended.directory = order.surroundings.home.runs() / std::to_string(ended.number);
  const auto text = TRY(os::read_file(ended.directory / "record.json"), "run {}", ended.number);
  ended.record = TRY(runs::stored_run_from_json(text)).record;
  return ended;
}

}  // namespace

Result<EndedRun> run_pipeline(const RunOrder& order) {
  const auto& command = order.command;
  const auto& surroundings = order.surroundings;
  const auto started = std::chrono::steady_clock::now();
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
      TRY(ServicesOfRun::make({command, surroundings, settings, project.jenkinsfile.string(),
                               order.caller ? order.caller->prompts : nullptr}));
  const fleet::Catalog catalog(settings);
  runs::LibraryCache libraries(surroundings.home.cache / "libraries",
                               known_libraries(command, settings));
  if (!libraries.implicit().empty()) {
    // Their variables may be called as if they were steps.
    syntax::Vocabulary vocabulary(steps.signatures());
    vocabulary.others = syntax::Vocabulary::Others::of_libraries;
    project.pipeline = syntax::read_jenkinsfile(*project.source, vocabulary);
  }
  if (!TRY(check(order, project, catalog))) return EndedRun{exit_usage};
  const std::map<std::string, std::string> given(command.parameters.begin(),
                                                 command.parameters.end());
  TRY(pipeline::resolve_parameters(project.pipeline.job, given));
  TRY(check_given_files(given, project.pipeline.job));
  const auto journal = TRY(open_journal(command, project));
  if (journal) TRY(finish_what_is_over(*journal, store));
  if (journal && journal->finish()) return over(order, project, *journal);
  const auto rules = job_rules(project.pipeline);
  std::optional<runs::JobTurn> turn;
  if (rules.one_at_once)
    turn = TRY(runs::JobTurn::take(
        surroundings.home.runs(), project.jenkinsfile.string(), *rules.one_at_once,
        [](std::string_view line) { tell(line); }, surroundings.stop));
  auto ended =
      TRY(run_project({order, given, project, settings, steps, catalog, store, *services, libraries,
                       limits, journal.get(), journal && journal->head(), started}));
  if (const auto keep = project.pipeline.job.preserve_stashes)
    TRY(store.prune_stashes(project.jenkinsfile.string(), *keep, Stop()), "remove old stashes");
  TRY(store.discard(project.jenkinsfile.string(), rules.discard, Stop()), "remove old runs");
  TRY(store.prune(settings.keep_runs.value_or(kept_runs), Stop()), "remove old runs");
  return ended;
}

}  // namespace cupel
