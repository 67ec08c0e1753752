// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/stage_frame.hpp"
#include "pipeline/syntax/declarative.hpp"

namespace cupel::pipeline {

/// Runs the stages of a declarative pipeline: options, agents, environments, bodies and post
/// conditions in Jenkins' order. Any thread; borrows all it is given.
class StageRunner {
 public:
  StageRunner(const syntax::Source& source, std::optional<model::Verdict> previous)
      : source_(source), previous_(previous) {}

  using Body = ContextBody;

  /// All of them; after an error the rest is marked as skipped. The first error is the result.
  Outcome<Value> run_all(const std::vector<syntax::Stage>& stages, const Context& parent);

  // The layers around a body. A failure of the layer itself comes back like one of the body.
  Outcome<Value> with_options(const syntax::Options& options, Context& context, const Body& body);
  Outcome<Value> with_agent(const syntax::Agent& agent, Context& context, const Body& body);
  Outcome<Value> with_environment(const std::vector<syntax::EnvironmentEntry>& entries,
                                  Context& context, const Body& body);

  /// Runs the conditions that hold after `result`, in order. The first error is the result.
  Outcome<Value> run_post(const std::vector<syntax::PostBlock>& post, Context context,
                          Outcome<Value> result);

  /// Says in the log what failed, once, and worsens the verdicts by it.
  void report(const Signal& signal, const Context& context);

 private:
  enum class Skip { no, after_error };
  Outcome<Value> run_stage(const syntax::Stage& stage, const Context& parent,
                           Observer::StageKind kind);
  Outcome<Value> run_layers(const syntax::Stage& stage, Context& context);
  Outcome<Value> run_body(const syntax::Stage& stage, Context& context);
  Outcome<Value> run_branches(const syntax::Parallel& parallel, const Context& context);
  void skip(const syntax::Stage& stage, const Context& parent);

  const syntax::Source& source_;
  std::optional<model::Verdict> previous_;
};

/// Whether a post condition holds. `certain` leaves warnings (catchError, unstable) of the stage
/// aside; `previous` is how the run before ended.
bool holds(syntax::PostCondition condition, model::Verdict verdict, model::Verdict certain,
           std::optional<model::Verdict> previous);

}  // namespace cupel::pipeline
