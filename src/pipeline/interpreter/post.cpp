// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pipeline/interpreter/grace_period.hpp"
#include "pipeline/interpreter/stage_runner.hpp"

namespace cupel::pipeline {

using model::Verdict;

namespace {
constexpr const char* post_actions = "Declarative: Post Actions";
}  // namespace

bool holds(syntax::PostCondition condition, Verdict verdict, Verdict certain,
           std::optional<Verdict> previous) {
  using Condition = syntax::PostCondition;
  switch (condition) {
    case Condition::always:
    case Condition::cleanup: return true;
    case Condition::changed: return !previous || *previous != certain;
    case Condition::fixed:
      return certain == Verdict::success && previous &&
             (*previous == Verdict::failure || *previous == Verdict::unstable);
    case Condition::regression: return previous && certain > *previous;
    case Condition::aborted: return verdict == Verdict::aborted;
    case Condition::success: return verdict == Verdict::success;
    case Condition::unsuccessful: return verdict != Verdict::success;
    case Condition::unstable: return verdict == Verdict::unstable;
    case Condition::failure: return verdict == Verdict::failure;
    case Condition::not_built: return verdict == Verdict::not_built;
  }
  return false;
}

namespace {

/// The results that conditions look at: with the warnings of the stage, and without.
struct Standing {
  Verdict verdict, certain;
};

Standing standing(const Context& context, const Outcome<Value>& result) {
  auto certain = context.run.state.current();
  if (!result && result.error().exception())
    certain = model::worst(certain, result.error().exception()->verdict());
  auto verdict = certain;
  if (context.stage) verdict = model::worst(verdict, context.stage->verdict());
  return {verdict, certain};
}

}  // namespace

Outcome<Value> StageRunner::run_post(const std::vector<syntax::PostBlock>& post,
                                     const Context& context, Outcome<Value> result) {
  if (!context.path.empty()) return run_conditions(post, context, std::move(result));
  const auto now = standing(context, result);
  const bool any = std::any_of(post.begin(), post.end(), [&](const syntax::PostBlock& block) {
    return holds(block.condition, now.verdict, now.certain, previous_);
  });
  if (!any) return result;
  const std::string name = post_actions;
  const auto staged =
      in_stage(name, Observer::StageKind::stage, context, [&](Context& inner) -> Outcome<Value> {
        inner.overrides["STAGE_NAME"] = name;
        result = run_conditions(post, inner, std::move(result));
        return Value();
      });
  if (!staged) return staged;
  return result;
}

Outcome<Value> StageRunner::run_conditions(const std::vector<syntax::PostBlock>& post,
                                           Context context, Outcome<Value> result) {
  const auto around = context;
  const bool was_asked = context.run.interpreter.sees_stop(around, "post");
  const GracePeriod period(around.stop, grace);
  context.stop = period.stop();
  using Edge = BlockEvent::Edge;
  bool began = context.path == StagePath{post_actions};  // which is a stage of its own
  for (const auto& block : post) {
    const auto [verdict, certain] = standing(context, result);
    if (!holds(block.condition, verdict, certain, previous_)) continue;
    if (!std::exchange(began, true)) context.run.observer.block(context.path, {Edge::post, ""});
    context.logical = verdict;
    auto done = context.run.interpreter.run(*block.body, context);
    if (done || !done.error().exception()) continue;
    context.note("Error when executing " + std::string(syntax::name(block.condition)) +
                 " post condition:");
    announce(done.error(), context, Say::now);
    report(done.error(), context);
    if (result) result = std::move(done);
  }
  // Whoever asked in the meantime gets what he asked for, now that all is tidy.
  if (result && !was_asked && context.run.interpreter.sees_stop(around, "end of post"))
    return interrupt("", Verdict::aborted);
  return result;
}

}  // namespace cupel::pipeline
