// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/stage_frame.hpp"

namespace cupel::pipeline {

ShownBlock::ShownBlock(const Context& context, std::string_view step)
    : context_(context), step_(step) {
  context_.run.observer.block(context_.path, {BlockEvent::Edge::called, step_});
}

void ShownBlock::enter() {
  entered_ = true;
  context_.run.observer.block(context_.path, {BlockEvent::Edge::entered, step_});
}

ShownBlock::~ShownBlock() {
  if (entered_) context_.run.observer.block(context_.path, {BlockEvent::Edge::left, step_});
  context_.run.observer.block(context_.path, {BlockEvent::Edge::done, step_});
}

Outcome<Value> in_stage(const std::string& name, Observer::StageKind kind, const Context& parent,
                        const ContextBody& body) {
  const auto begin = std::chrono::steady_clock::now();
  auto context = parent;
  StageState state;
  context.path.push_back(name);
  context.stage = &state;
  const auto place = context.run.state.start_stage(context.path);
  context.run.observer.stage_started(context.path, kind);

  auto result = body(context);
  const auto warned = state.verdict();
  if (!result && result.error().exception()) {
    state.worsen(result.error().exception()->verdict());
    state.add_failure(result.error().exception()->message());
  }

  model::StageRecord record;
  record.path = context.path;
  record.verdict = state.verdict();
  record.duration = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begin);
  record.node = state.node();
  if (record.node.empty() && context.node) record.node = context.node->lease().node_name();
  record.failure = state.failure();
  record.skip_reason = state.skip_reason();
  if (result && !record.skip_reason.empty()) record.verdict = model::Verdict::not_built;
  if (parent.stage && (result || !parent.caused_by_sibling(result.error())))
    parent.stage->worsen(warned);
  context.run.state.finish_stage(place, record);
  context.run.observer.stage_finished(record);
  return result;
}

}  // namespace cupel::pipeline
