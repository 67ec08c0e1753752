// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/stage_runner.hpp"

#include "base/text.hpp"
#include "pipeline/interpreter/branches.hpp"
#include "pipeline/interpreter/environment.hpp"
#include "pipeline/interpreter/timed.hpp"
#include "pipeline/interpreter/with_node.hpp"

namespace cupel::pipeline {
namespace {

/// A `return` at the end of a body is an end like any other.
Outcome<Value> settled(Outcome<Value> result) {
  if (result || result.error().exception()) return result;
  return Value();
}

}  // namespace

Outcome<Value> StageRunner::run_all(const std::vector<syntax::Stage>& stages,
                                    const Context& parent) {
  Outcome<Value> first = Value();
  for (const auto& stage : stages) {
    if (!first) {
      skip(stage, parent);
      continue;
    }
    first = run_stage(stage, parent, Observer::StageKind::stage);
  }
  return first;
}

void StageRunner::skip(const syntax::Stage& stage, const Context& parent) {
  auto context = parent;
  context.path.push_back(stage.name.text);
  model::StageRecord record;
  record.path = context.path;
  record.verdict = model::Verdict::not_built;
  record.skip_reason = "earlier failure(s)";
  const auto place = context.run.state.start_stage(context.path);
  context.run.observer.stage_started(context.path, Observer::StageKind::stage);
  context.note("Stage \"" + stage.name.text + "\" skipped due to earlier failure(s)");
  context.run.state.finish_stage(place, record);
  if (const auto* inner = std::get_if<syntax::Stages>(&stage.body))
    for (const auto& one : inner->stages) skip(one, context);
  if (const auto* inner = std::get_if<syntax::Parallel>(&stage.body))
    for (const auto& one : inner->branches) skip(one, context);
  context.run.observer.stage_finished(record);
}

void StageRunner::report(const Signal& signal, const Context& context) {
  const auto exception = signal.exception();
  if (!exception) return;
  if (!context.caused_by_sibling(signal)) context.run.state.worsen(exception->verdict());
  if (context.stage) {
    context.stage->worsen(exception->verdict());
    context.stage->add_failure(exception->message());
  }
  if (exception->infrastructure) context.run.state.infrastructure_failed();
  if (exception->reported) return;
  exception->reported = true;
  if (exception->message().empty()) return;
  const bool ordinary =
      exception->class_name() == "hudson.AbortException" || exception->interruption;
  if (ordinary || !exception->where) {
    for (const auto& line : split("ERROR: " + exception->message(), '\n')) context.note(line);
    context.run.state.add_failure(exception->message());
    return;
  }
  const bool ours = exception->class_name() == "cupel.UnsupportedException";
  syntax::Diagnostic diagnostic{*exception->where, ours ? exception->message() : exception->text(),
                                "", syntax::Severity::error};
  const auto& source = exception->source ? *exception->source : source_;
  auto text = syntax::render(source, diagnostic);
  while (text.ends_with('\n')) text.pop_back();
  for (const auto& line : split(text, '\n')) context.note(line);
  context.run.state.add_failure(syntax::headline(source, diagnostic));
}

Outcome<Value> StageRunner::run_stage(const syntax::Stage& stage, const Context& parent,
                                      Observer::StageKind kind) {
  return in_stage(stage.name.text, kind, parent, [&](Context& context) {
    context.overrides["STAGE_NAME"] = stage.name.text;
    auto result = run_layers(stage, context);
    if (!result) report(result.error(), context);
    return result;
  });
}

Outcome<Value> StageRunner::run_layers(const syntax::Stage& stage, Context& context) {
  const auto body = [&](Context& inner) { return run_body(stage, inner); };
  const bool parallel = std::holds_alternative<syntax::Parallel>(stage.body);
  const auto in_environment = [&](Context& inner) -> Outcome<Value> {
    if (parallel) {
      // Post conditions of a parallel stage run outside of its environment.
      auto result = with_environment(stage.environment, inner, body);
      if (!result) report(result.error(), inner);
      return run_post(stage.post, inner, std::move(result));
    }
    return with_environment(stage.environment, inner, [&](Context& innermost) {
      auto result = body(innermost);
      if (!result) report(result.error(), innermost);
      return run_post(stage.post, innermost, std::move(result));
    });
  };
  return with_options(stage.options, context, [&](Context& inner) -> Outcome<Value> {
    if (!stage.agent) return in_environment(inner);
    return with_agent(*stage.agent, inner, in_environment);
  });
}

Outcome<Value> StageRunner::run_body(const syntax::Stage& stage, Context& context) {
  if (const auto* steps = std::get_if<syntax::Steps>(&stage.body))
    return settled(context.run.interpreter.run(*steps->body, context));
  if (const auto* inner = std::get_if<syntax::Stages>(&stage.body))
    return run_all(inner->stages, context);
  if (const auto* parallel = std::get_if<syntax::Parallel>(&stage.body))
    return run_branches(*parallel, context);
  return refuse("'matrix' is not supported yet");
}

Outcome<Value> StageRunner::with_options(const syntax::Options& options, Context& context,
                                         const Body& body) {
  if (options.timestamps) context.run.observer.timestamps_wanted();
  if (!options.timeout) return body(context);
  if (options.timeout->activity) return refuse("timeout: activity is not supported yet");
  const auto time = TRY(context.run.interpreter.evaluate(*options.timeout->time, context));
  if (!time.as_integer())
    return refuse("the time of a timeout must be a whole number, not a {}", time.type_name());
  const auto limit =
      TRY(Outcome<std::chrono::nanoseconds>(multiply(*time.as_integer(), options.timeout->unit)));
  auto inner = context;
  return run_timed(limit, inner, [&] { return body(inner); });
}

Outcome<Value> StageRunner::with_agent(const syntax::Agent& agent, Context& context,
                                       const Body& body) {
  if (agent.kind == syntax::Agent::Kind::none) return body(context);
  NodeWish wish;
  if (agent.kind == syntax::Agent::Kind::label && agent.label_text)
    wish.label = TRY(context.run.interpreter.evaluate_text(*agent.label_text, context));
  return with_node(wish, context, [&](Context& inner) -> Outcome<Value> {
    if (inner.run.scm)
      for (auto& [name, value] : TRY(check_out_project(inner, inner.directory)))
        inner.overrides[name] = std::move(value);
    return body(inner);
  });
}

Outcome<Value> StageRunner::with_environment(const std::vector<syntax::EnvironmentEntry>& entries,
                                             Context& context, const Body& body) {
  if (entries.empty()) return body(context);
  auto inner = context;
  for (auto& [name, value] :
       TRY(LazyEnvironment::evaluate(context.run.interpreter, entries, context)))
    inner.overrides[name] = std::move(value);
  return body(inner);
}

Outcome<Value> StageRunner::run_branches(const syntax::Parallel& parallel, const Context& context) {
  std::vector<BranchWork> branches;
  for (const auto& stage : parallel.branches)
    branches.push_back({stage.name.text, [&, this](Context& own) {
                          return run_stage(stage, own, Observer::StageKind::branch);
                        }});
  TRY(pipeline::run_branches(branches, parallel.fail_fast ? FailFast::yes : FailFast::no, context));
  return Value();
}

}  // namespace cupel::pipeline
