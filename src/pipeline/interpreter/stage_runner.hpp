// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/stage_frame.hpp"
#include "pipeline/syntax/declarative.hpp"

namespace cupel::pipeline {

/// Runs a declarative pipeline: its stages with their options, inputs, conditions, agents,
/// environments, tools, bodies and post conditions, in Jenkins' order. docs/declarative.md tells
/// it. Any thread; borrows all it is given.
class StageRunner {
 public:
  /// `pipeline` is null where the file has none: then only report() is of use.
  StageRunner(const syntax::Source& source, std::optional<model::Verdict> previous,
              const syntax::Pipeline* pipeline)
      : source_(source), previous_(previous), pipeline_(pipeline) {}

  using Body = ContextBody;

  /// All of the pipeline; post also when what comes before the stages failed, then without a node.
  Outcome<Value> run(Context& root);

  /// Says in the log what failed, once, and worsens the verdicts by it.
  void report(const Signal& signal, const Context& context);

 private:
  /// A stage, or a cell of a matrix: the same layers around another body.
  struct Work {
    const syntax::StageSections& sections;
    std::string name;
    Body body;
    std::function<void(const Context&, const std::string& reason)> skip_inner;
    enum class Runs { steps, stages, branches } runs = Runs::steps;
  };

  // declarative_run.cpp
  Outcome<Value> run_in_agent(Context& on_node, bool& post_ran);
  // stage_runner.cpp
  Outcome<Value> run_all(const std::vector<syntax::Stage>& stages, const Context& parent);
  Outcome<Value> run_top(const Context& parent);
  Outcome<Value> run_stage(const syntax::Stage& stage, const Context& parent,
                           Observer::StageKind kind);
  Outcome<Value> run_branches(const syntax::Parallel& parallel, const Context& context);
  Outcome<Value> run_matrix(const syntax::Matrix& matrix, const Context& context);
  Work work_of(const syntax::Stage& stage);
  Work work_of(const syntax::Matrix& matrix, const std::string& cell);
  /// Why the next stage does not run, though all before it went well; empty if it does.
  std::string skip_reason(Context& parent) const;
  void skip(const syntax::Stage& stage, const Context& parent, const std::string& reason,
            Observer::StageKind kind = Observer::StageKind::stage);
  void skip_inner(const syntax::Stage& stage, const Context& context, const std::string& reason);
  bool fails_fast(bool own) const { return own || pipeline_->options.parallels_always_fail_fast; }

  // stage_layers.cpp
  Outcome<Value> run_layers(const Work& work, Context& context);
  Outcome<Value> run_inside(const Work& work, Context& context);
  Outcome<Value> with_options(const std::vector<syntax::WrapperOption>& options, std::size_t next,
                              Context& context, const Body& body);
  Outcome<Value> with_environment(const std::vector<syntax::EnvironmentEntry>& entries,
                                  Context& context, const Body& body);
  Outcome<Value> with_input(const syntax::Input& input, Context& context, const Body& body);
  Outcome<Value> with_tools(const std::vector<syntax::Tool>& tools, Context& context,
                            const Body& body);
  /// as_failure: a console may say it at the end of the run. now: where it stands.
  enum class Say { as_failure, now };
  /// Says what failed, without a consequence yet.
  void announce(const Signal& signal, const Context& context, Say say = Say::as_failure);
  /// The file that its place lies in: the Jenkinsfile, or one of a library's.
  const syntax::Source& source_of(const Exception& exception) const;

  // stage_agent.cpp
  /// `options` are those of whom the agent belongs to.
  Outcome<Value> with_agent(const syntax::Agent& agent, const syntax::Options& options,
                            Context& context, const Body& body);
  Outcome<Value> on_machine(const syntax::Agent& agent, const syntax::Options& options,
                            Context& context, const Body& body);
  Outcome<Value> in_topology(const syntax::Agent& agent, const syntax::Options& options,
                             Context& context, const Body& body);
  Outcome<Value> in_container(const syntax::Agent& agent, Context& context, const Body& body);
  Outcome<Value> in_pod(const syntax::KubernetesAgent& agent, Context& context, const Body& body);
  bool checks_out(const syntax::Options& options) const;
  Outcome<void> check_out(const syntax::Options& options, Context& context);
  Outcome<std::string> image_of(const syntax::Agent& agent, Context& context);
  /// A stage of ours ("Declarative: Checkout SCM") at the top, nothing of the kind inside a stage.
  Outcome<Value> synthetic(const std::string& name, Context& context, const Body& body);
  bool containers_per_stage() const;

  // post.cpp
  /// Runs the conditions that hold after `result`, in order. The first error is the result.
  Outcome<Value> run_post(const std::vector<syntax::PostBlock>& post, const Context& context,
                          Outcome<Value> result);
  Outcome<Value> run_conditions(const std::vector<syntax::PostBlock>& post, Context context,
                                Outcome<Value> result);

  const syntax::Source& source_;
  std::optional<model::Verdict> previous_;
  const syntax::Pipeline* pipeline_;
};

struct Restart;
/// Fails where a run of this pipeline cannot begin there, naming the stages that it has.
Result<> can_restart(const syntax::Pipeline& pipeline, const Restart& restart);

/// Whether a post condition holds. `certain` leaves warnings (catchError, unstable) of the stage
/// aside; `previous` is how the run before ended.
bool holds(syntax::PostCondition condition, model::Verdict verdict, model::Verdict certain,
           std::optional<model::Verdict> previous);

}  // namespace cupel::pipeline
