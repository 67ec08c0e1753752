// SPDX-License-Identifier: Apache-2.0
#include "cli/slowest_step.hpp"

namespace cupel::cli {

void SlowestStep::step_started(const pipeline::StagePath& path, std::string_view step,
                               std::string_view label, StepKind kind) {
  if (kind == StepKind::body) return;
  auto what = std::string(step);
  if (!label.empty()) what.append(" ").append(label);
  state_.lock()->running[path] = std::move(what);
}

void SlowestStep::step_finished(const pipeline::StagePath& path, std::string_view step,
                                std::chrono::milliseconds duration, StepKind kind) {
  if (kind == StepKind::body) return;
  auto state = state_.lock();
  auto what = std::string(step);
  if (const auto running = state->running.extract(path)) what = running.mapped();
  if (!state->slowest || state->slowest->duration < duration)
    state->slowest = SlowStep{std::move(what), path, duration};
}

}  // namespace cupel::cli
