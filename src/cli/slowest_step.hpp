// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "base/locked.hpp"
#include "pipeline/interpreter/events.hpp"

namespace cupel::cli {

/// The step of a run that took the longest; steps with a body do not count, what is in it does.
struct SlowStep {
  std::string what;  ///< "sh make check"
  pipeline::StagePath stage;
  std::chrono::milliseconds duration{0};
};

/// Finds it, as a run goes on.
class SlowestStep final : public pipeline::Observer {
 public:
  void stage_started(const pipeline::StagePath&, StageKind) override {}
  void stage_finished(const model::StageRecord&) override {}
  void step_started(const pipeline::StagePath& path, std::string_view step, std::string_view label,
                    StepKind kind) override;
  void step_finished(const pipeline::StagePath& path, std::string_view step,
                     std::chrono::milliseconds duration, StepKind kind) override;
  void output(const pipeline::StagePath&, place::Stream, std::string_view) override {}
  void note(const pipeline::StagePath&, std::string_view) override {}

  std::optional<SlowStep> found() const { return state_.lock()->slowest; }

 private:
  struct State {
    std::map<pipeline::StagePath, std::string> running;  // one at a time in each
    std::optional<SlowStep> slowest;
  };
  mutable Locked<State> state_;
};

}  // namespace cupel::cli
