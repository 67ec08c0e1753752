// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/execute.hpp"

#include "base/locked.hpp"
#include "base/text.hpp"
#include "pipeline/interpreter/build_facts.hpp"
#include "pipeline/interpreter/docker_global.hpp"
#include "pipeline/interpreter/globals.hpp"
#include "pipeline/interpreter/library_uses.hpp"
#include "pipeline/interpreter/masking_observer.hpp"
#include "pipeline/interpreter/pipeline_global.hpp"
#include "pipeline/interpreter/run_libraries.hpp"
#include "pipeline/interpreter/run_parameters.hpp"
#include "pipeline/interpreter/stage_runner.hpp"
#include "pipeline/interpreter/transcript.hpp"

namespace cupel::pipeline {
namespace {

/// Passes on, and keeps what the record needs.
class KeepingFiles final : public RunFiles {
 public:
  explicit KeepingFiles(RunFiles& files) : files_(files) {}
  os::fs::path artifacts() const override { return files_.artifacts(); }
  os::fs::path stash(const std::string& name) const override { return files_.stash(name); }
  void add_artifacts(std::vector<std::string> paths) override {
    files_.add_artifacts(paths);
    auto kept = kept_.lock();
    kept->artifacts.insert(kept->artifacts.end(), paths.begin(), paths.end());
  }
  void add_tests(std::vector<model::TestRecord> tests) override {
    files_.add_tests(tests);
    auto kept = kept_.lock();
    kept->tests.insert(kept->tests.end(), tests.begin(), tests.end());
  }
  std::optional<os::fs::path> log() const override { return files_.log(); }
  void add_remark(std::string line) override {
    auto kept = kept_.lock();
    for (auto& [known, times] : kept->remarks)
      if (known == line) {
        ++times;
        return;
      }
    kept->remarks.emplace_back(std::move(line), 1U);
  }
  void fill(model::RunRecord& record) {
    auto kept = kept_.lock();
    for (const auto& [line, times] : kept->remarks)
      record.remarks.push_back(times == 1 ? line : fmt::format("{} ({} times)", line, times));
    for (auto& path : kept->artifacts)
      if (std::find(record.artifacts.begin(), record.artifacts.end(), path) ==
          record.artifacts.end())
        record.artifacts.push_back(std::move(path));
    record.tests = std::move(kept->tests);
  }

 private:
  struct Kept {
    std::vector<std::string> artifacts;
    std::vector<model::TestRecord> tests;
    std::vector<std::pair<std::string, unsigned>> remarks;
  };
  RunFiles& files_;
  Locked<Kept> kept_;
};

Result<Variables> base_variables(const RunRequest& request,
                                 const RunParameters::Values& parameters) {
  Variables variables = {{"BUILD_NUMBER", "1"}, {"JOB_NAME", "pipeline"}, {"CI", "true"}};
  for (const auto& [name, value] : parameters) variables[name] = TRY(to_text(value));
  for (const auto& [name, value] : request.environment) variables[name] = value;
  const auto number = variables["BUILD_NUMBER"];
  const auto job = variables["JOB_NAME"];
  auto tag_job = job;
  std::replace(tag_job.begin(), tag_job.end(), '/', '-');
  variables.try_emplace("BUILD_ID", number);
  variables.try_emplace("BUILD_DISPLAY_NAME", "#" + number);
  variables.try_emplace("BUILD_TAG", "jenkins-" + tag_job + "-" + number);
  variables.try_emplace("JOB_BASE_NAME", job.substr(job.rfind('/') + 1));
  return variables;
}

/// Whether the stage at which to restart may be there.
Result<> check_restart(const RunRequest& request) {
  const auto& restart = request.facts.restart;
  if (restart.from.empty() && restart.only.empty()) return {};
  if (request.file.pipeline) return can_restart(*request.file.pipeline, restart);
  if (request.file.job.open) return {};  // a library may have the pipeline
  return fail(Fault::invalid, "only a declarative pipeline can begin at a stage");
}

/// What the file and the operator say that there must be before any code runs.
Outcome<void> load_libraries(const syntax::Jenkinsfile& file, Context& root) {
  const Interpreter::Turn turn(root.run.interpreter);
  auto& libraries = *root.run.libraries;
  TRY(libraries.add_implicit(root));
  for (const auto& use : library_uses(file)) {
    LibraryWish wish{use.name};
    if (!use.version.empty()) wish.ref = use.version;
    auto added = libraries.add(wish, root);
    if (added) continue;
    const auto exception = added.error().exception();
    if (!exception || exception->interruption) return tl::unexpected(std::move(added.error()));
    auto refused = refuse("{}", exception->message());
    refused.value().place(use.span);
    return refused;
  }
  return {};
}

/// A file without `pipeline { }`: all of it is code. With one: the code before it, the pipeline,
/// the code behind it, each only if what came before went well.
Outcome<Value> run_file(const RunRequest& request, StageRunner& runner, Context& root) {
  const auto& file = request.file;
  auto& interpreter = root.run.interpreter;
  TRY(load_libraries(file, root));
  if (!file.pipeline) {
    std::vector<const syntax::Statement*> all;
    for (const auto& statement : file.script.statements) all.push_back(statement.get());
    TRY(interpreter.load(all, root));
    return Value();
  }
  TRY(interpreter.load(file.pipeline->before, root));
  // What remains may be declared by code: the end of the run tells it.
  TRY(declare_parameters(file.pipeline->parameters, request.source, root,
                         RunParameters::Unclaimed::wait));
  TRY(runner.run(root));
  TRY(interpreter.load(file.pipeline->after, root));
  return Value();
}

/// Parameters of the kind password must not be seen.
void hide_passwords(const ResolvedParameters& parameters, Masks& masks) {
  for (const auto& password : parameters.passwords)
    for (const auto& [name, value] : parameters.values)
      if (password == name && value.as_text()) masks.add(name, *value.as_text());
}

/// A longer value of a parameter (a file) is not kept with the run.
constexpr std::size_t largest_kept = 64U << 10;

/// What the pipeline says of the run itself, and what people may want to look up later.
void describe(model::RunRecord& record, const Run& run, const ResolvedParameters& given) {
  record.display_name = run.masks.hide(run.state.note("displayName").value_or(""));
  record.description = run.masks.hide(run.state.note("description").value_or(""));
  record.keep = run.state.note("keepLog") == "true";
  for (const auto& [name, value] : RunParameters::of(run).values()) {
    const auto& secret = given.passwords;
    if (std::find(secret.begin(), secret.end(), name) != secret.end()) continue;
    const auto text = to_text(value);
    if (text && text->size() <= largest_kept) record.variables[name] = run.masks.hide(*text);
  }
  for (const auto& [name, value] : run.state.globals())
    record.variables[name] = run.masks.hide(value);
}

}  // namespace

Result<model::RunRecord> execute(const RunRequest& request, Nodes& nodes, RunFiles& files,
                                 Observer& observer, const Stop& stop) {
  if (!request.file.valid())
    return fail(Fault::invalid, "the pipeline {} has errors", request.source.name());
  TRY(check_restart(request));
  const auto parameters = TRY(resolve_parameters(request.file.job, request.parameters));

  model::RunRecord record;
  record.id = request.id;
  record.started = std::chrono::system_clock::now();
  const auto begin = std::chrono::steady_clock::now();
  KeepingFiles keeping(files);
  Interpreter interpreter(request.steps, request.source, request.limits, request.journal);
  const Interpreter::Turn turn(interpreter);
  Transcript transcript(observer, interpreter.turns());
  RunState state;
  Masks masks;
  hide_passwords(parameters, masks);
  MaskingObserver masking(request.journal ? transcript : observer, masks);
  Run run{nodes,
          keeping,
          masking,
          interpreter,
          state,
          request.journal ? &transcript : nullptr,
          TRY(base_variables(request, parameters.values)),
          make_env(),
          std::make_shared<RunParameters>(parameters.values, parameters.unclaimed),
          make_current_build(),
          make_docker(),
          masks,
          request.services,
          request.facts,
          request.scm};
  RunLibraries libraries(interpreter, request.services.libraries);
  run.libraries = &libraries;
  Branch branch;
  Context root{run};
  root.stop = stop;
  root.branch = &branch;
  StageRunner runner(request.source, request.previous,
                     request.file.pipeline ? &*request.file.pipeline : nullptr);
  const auto pipelines = std::make_shared<PipelineGlobal>(request.previous);
  if (request.file.pipeline) pipelines->begin();
  interpreter.define_global("pipeline", Value(std::shared_ptr<Object>(pipelines)));
  const auto result = run_file(request, runner, root);
  // A `return` of the script itself is an end like any other.
  if (!result && result.error().exception()) runner.report(result.error(), root);
  state.end_mark(state.failure());
  for (const auto& [name, _] : RunParameters::of(run).unclaimed())
    root.note("The parameter " + name + " was given, but nothing declared it");

  if (auto left = interpreter.turns().leave(branch); !left) runner.report(left.error(), root);
  if (const auto& broken = interpreter.turns().broken())
    return fail(broken->fault(), "{}", state.failure().empty() ? broken->text() : state.failure());
  record.verdict = state.current();
  record.failure = masks.hide(state.failure());
  record.infrastructure_failed = state.has_infrastructure_failed();
  record.stages = state.stages();
  for (auto& stage : record.stages) stage.failure = masks.hide(stage.failure);
  keeping.fill(record);
  describe(record, run, parameters);
  record.duration = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begin);
  return record;
}

}  // namespace cupel::pipeline
