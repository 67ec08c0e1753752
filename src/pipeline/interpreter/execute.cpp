// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/execute.hpp"

#include "base/locked.hpp"
#include "pipeline/interpreter/globals.hpp"
#include "pipeline/interpreter/masking_observer.hpp"
#include "pipeline/interpreter/not_yet.hpp"
#include "pipeline/interpreter/stage_runner.hpp"

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
  void fill(model::RunRecord& record) {
    auto kept = kept_.lock();
    record.artifacts = std::move(kept->artifacts);
    record.tests = std::move(kept->tests);
  }

 private:
  struct Kept {
    std::vector<std::string> artifacts;
    std::vector<model::TestRecord> tests;
  };
  RunFiles& files_;
  Locked<Kept> kept_;
};

Result<Variables> base_variables(const RunRequest& request,
                                 const std::vector<std::pair<std::string, Value>>& parameters) {
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

/// agent -> environment -> options -> stages -> post; post also when one of the first failed, then
/// without a node.
Outcome<Value> run_pipeline(const syntax::Pipeline& pipeline, StageRunner& runner, Context& root) {
  bool post_ran = false;
  const auto stages_and_post = [&](Context& context) {
    auto result = runner.run_all(pipeline.stages, context);
    post_ran = true;
    return runner.run_post(pipeline.post, context, std::move(result));
  };
  auto result = runner.with_agent(pipeline.agent, root, [&](Context& on_node) {
    return runner.with_environment(pipeline.environment, on_node, [&](Context& context) {
      return runner.with_options(pipeline.options, context, stages_and_post);
    });
  });
  if (!result) runner.report(result.error(), root);
  if (post_ran) return result;
  return runner.run_post(pipeline.post, root, std::move(result));
}

/// A file without `pipeline { }`: all of it is code. With one: the code before it, the pipeline,
/// the code behind it, each only if what came before went well.
Outcome<Value> run_file(const syntax::Jenkinsfile& file, StageRunner& runner, Context& root) {
  auto& interpreter = root.run.interpreter;
  if (!file.pipeline) {
    std::vector<const syntax::Statement*> all;
    for (const auto& statement : file.script.statements) all.push_back(statement.get());
    TRY(interpreter.load(all, root));
    return Value();
  }
  TRY(interpreter.load(file.pipeline->before, root));
  TRY(run_pipeline(*file.pipeline, runner, root));
  TRY(interpreter.load(file.pipeline->after, root));
  return Value();
}

}  // namespace

Result<model::RunRecord> execute(const RunRequest& request, Nodes& nodes, RunFiles& files,
                                 Observer& observer, const Stop& stop) {
  if (!request.file.valid())
    return fail(Fault::invalid, "the pipeline {} has errors", request.source.name());
  if (const auto missing = not_yet(request.file))
    return fail(Fault::invalid, "{}", syntax::headline(request.source, *missing));
  const std::vector<syntax::BuildParameter> none;
  auto parameters = TRY(resolve_parameters(
      request.file.pipeline ? request.file.pipeline->parameters : none, request.parameters));

  model::RunRecord record;
  record.id = request.id;
  record.started = std::chrono::system_clock::now();
  const auto begin = std::chrono::steady_clock::now();
  KeepingFiles keeping(files);
  Interpreter interpreter(request.steps, request.limits);
  RunState state;
  Masks masks;
  MaskingObserver masking(observer, masks);
  Run run{nodes,
          keeping,
          masking,
          interpreter,
          state,
          TRY(base_variables(request, parameters)),
          make_env(),
          make_params(std::move(parameters)),
          make_current_build(request.previous),
          masks,
          request.services,
          request.scm};
  Branch branch;
  Context root{run};
  root.stop = stop;
  root.branch = &branch;
  StageRunner runner(request.source, request.previous);
  const auto result = run_file(request.file, runner, root);
  // A `return` of the script itself is an end like any other.
  if (!result && result.error().exception()) runner.report(result.error(), root);

  record.verdict = state.current();
  record.failure = masks.hide(state.failure());
  record.infrastructure_failed = state.has_infrastructure_failed();
  record.stages = state.stages();
  for (auto& stage : record.stages) stage.failure = masks.hide(stage.failure);
  keeping.fill(record);
  record.duration = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begin);
  return record;
}

}  // namespace cupel::pipeline
