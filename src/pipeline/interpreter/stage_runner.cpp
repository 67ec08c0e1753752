// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/stage_runner.hpp"

#include "base/text.hpp"
#include "pipeline/interpreter/branches.hpp"
#include "pipeline/interpreter/build_facts.hpp"

namespace cupel::pipeline {
namespace {

/// A `return` at the end of a body is an end like any other.
Outcome<Value> settled(Outcome<Value> result) {
  if (result || result.error().exception()) return result;
  return Value();
}

constexpr std::string_view after_error = "earlier failure(s)";
constexpr std::string_view after_unstable = "earlier stage(s) marking the build as unstable";

/// Marks a stage that does not run, with all inside of it.
void skip_one(const std::string& name, const Context& parent, const std::string& reason,
              Observer::StageKind kind, const std::function<void(const Context&)>& inner) {
  auto context = parent;
  context.path.push_back(name);
  model::StageRecord record;
  record.path = context.path;
  record.verdict = model::Verdict::not_built;
  record.skip_reason = reason;
  const auto place = context.run.state.start_stage(context.path);
  context.run.observer.stage_started(context.path, kind);
  context.note("Stage \"" + name + "\" skipped due to " + reason);
  context.run.state.finish_stage(place, record);
  inner(context);
  context.run.observer.stage_finished(record);
}

}  // namespace

std::string StageRunner::skip_reason(Context& parent) const {
  if (pipeline_->options.skip_stages_after_unstable &&
      parent.run.state.current() == model::Verdict::unstable)
    return std::string(after_unstable);
  return "";
}

Outcome<Value> StageRunner::run_all(const std::vector<syntax::Stage>& stages,
                                    const Context& parent) {
  Outcome<Value> first = Value();
  auto context = parent;
  for (const auto& stage : stages) {
    const auto reason = first ? skip_reason(context) : std::string(after_error);
    if (reason.empty())
      first = run_stage(stage, parent, Observer::StageKind::stage);
    else
      skip(stage, parent, reason);
  }
  return first;
}

Outcome<Value> StageRunner::run_top(const Context& parent) {
  const auto& restart = parent.run.facts.restart;
  const auto& wanted = restart.only.empty() ? restart.from : restart.only;
  Outcome<Value> first = Value();
  auto context = parent;
  bool reached = wanted.empty();
  for (const auto& stage : pipeline_->stages) {
    const bool before = !reached;
    reached = reached || stage.name.text == wanted;
    auto reason = first ? skip_reason(context) : std::string(after_error);
    if (!reached)
      reason = "this build restarting at stage \"" + wanted + "\"";
    else if (reason.empty() && !restart.only.empty() && !before)
      reason = "this run being of stage \"" + wanted + "\" only";
    if (reason.empty())
      first = run_stage(stage, parent, Observer::StageKind::stage);
    else
      skip(stage, parent, reason);
  }
  return first;
}

void StageRunner::skip(const syntax::Stage& stage, const Context& parent, const std::string& reason,
                       Observer::StageKind kind) {
  skip_one(stage.name.text, parent, reason, kind,
           [&](const Context& context) { skip_inner(stage, context, reason); });
}

void StageRunner::skip_inner(const syntax::Stage& stage, const Context& context,
                             const std::string& reason) {
  if (const auto* inner = std::get_if<syntax::Stages>(&stage.body))
    for (const auto& one : inner->stages) skip(one, context, reason);
  if (const auto* inner = std::get_if<syntax::Parallel>(&stage.body)) {
    std::vector<std::string> names;
    for (const auto& one : inner->branches) names.push_back(one.name.text);
    const ShownBlock shown(context, "parallel");
    show_branches(names, context);
    for (const auto& one : inner->branches) skip(one, context, reason, Observer::StageKind::branch);
  }
  const auto* matrix = std::get_if<syntax::Matrix>(&stage.body);
  if (!matrix) return;
  std::vector<std::string> names;
  for (const auto& cell : syntax::cells(matrix->axes, matrix->excludes))
    names.push_back(syntax::cell_name(cell));
  const ShownBlock shown(context, "parallel");
  show_branches(names, context);
  for (const auto& name : names)
    skip_one(name, context, reason, Observer::StageKind::branch, [&](const Context& in_cell) {
      for (const auto& one : matrix->stages) skip(one, in_cell, reason);
    });
}

Outcome<Value> StageRunner::run_stage(const syntax::Stage& stage, const Context& parent,
                                      Observer::StageKind kind) {
  return in_stage(stage.name.text, kind, parent, [&](Context& context) {
    context.overrides["STAGE_NAME"] = stage.name.text;
    auto result = run_layers(work_of(stage), context);
    if (!result) report(result.error(), context);
    return result;
  });
}

StageRunner::Work StageRunner::work_of(const syntax::Stage& stage) {
  Work work{stage, stage.name.text, {}, {}, Work::Runs::steps};
  work.skip_inner = [this, &stage](const Context& context, const std::string& reason) {
    skip_inner(stage, context, reason);
  };
  if (const auto* steps = std::get_if<syntax::Steps>(&stage.body)) {
    work.body = [steps](Context& context) {
      return settled(context.run.interpreter.run(*steps->body, context));
    };
  } else if (const auto* inner = std::get_if<syntax::Stages>(&stage.body)) {
    work.runs = Work::Runs::stages;
    work.body = [this, inner](Context& context) { return run_all(inner->stages, context); };
  } else if (const auto* parallel = std::get_if<syntax::Parallel>(&stage.body)) {
    work.runs = Work::Runs::branches;
    work.body = [this, parallel](Context& context) { return run_branches(*parallel, context); };
  } else {
    const auto* matrix = &std::get<syntax::Matrix>(stage.body);
    work.runs = Work::Runs::branches;
    work.body = [this, matrix](Context& context) { return run_matrix(*matrix, context); };
  }
  return work;
}

StageRunner::Work StageRunner::work_of(const syntax::Matrix& matrix, const std::string& cell) {
  Work work{matrix, cell, {}, {}, Work::Runs::stages};
  work.body = [this, &matrix](Context& context) { return run_all(matrix.stages, context); };
  work.skip_inner = [this, &matrix](const Context& context, const std::string& reason) {
    for (const auto& one : matrix.stages) skip(one, context, reason);
  };
  return work;
}

Outcome<Value> StageRunner::run_branches(const syntax::Parallel& parallel, const Context& context) {
  std::vector<BranchWork> branches;
  for (const auto& stage : parallel.branches)
    branches.push_back({stage.name.text, [&, this](Context& own) {
                          return run_stage(stage, own, Observer::StageKind::branch);
                        }});
  const auto fail_fast = fails_fast(parallel.fail_fast) ? FailFast::yes : FailFast::no;
  const ShownBlock shown(context, "parallel");
  TRY(pipeline::run_branches(branches, fail_fast, context));
  return Value();
}

Outcome<Value> StageRunner::run_matrix(const syntax::Matrix& matrix, const Context& context) {
  const auto cells = syntax::cells(matrix.axes, matrix.excludes);
  std::vector<BranchWork> branches;
  for (const auto& cell : cells) {
    const auto name = syntax::cell_name(cell);
    branches.push_back({name, [&, name, this](Context& own) {
                          return in_stage(name, Observer::StageKind::branch, own, [&](Context& in) {
                            in.overrides["STAGE_NAME"] = name;
                            for (const auto& [axis, value] : cell)
                              in.overrides[std::string(axis)] = std::string(value);
                            auto result = run_layers(work_of(matrix, name), in);
                            if (!result) report(result.error(), in);
                            return result;
                          });
                        }});
  }
  const auto fail_fast = fails_fast(matrix.fail_fast) ? FailFast::yes : FailFast::no;
  const ShownBlock shown(context, "parallel");
  TRY(pipeline::run_branches(branches, fail_fast, context));
  return Value();
}

}  // namespace cupel::pipeline
