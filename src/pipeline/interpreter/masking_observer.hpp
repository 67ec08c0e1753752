// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <utility>

#include "base/locked.hpp"
#include "pipeline/interpreter/events.hpp"
#include "pipeline/interpreter/masks.hpp"

namespace cupel::pipeline {

/// Passes on what a run does with its secrets hidden, also those that are cut by the borders of
/// two pieces of output. Borrows both. Any thread.
class MaskingObserver final : public Observer {
 public:
  MaskingObserver(Observer& observer, Masks& masks) : observer_(observer), masks_(masks) {}

  void stage_started(const StagePath& path, StageKind kind) override;
  void stage_finished(const model::StageRecord& stage) override;
  void step_started(const StagePath& path, std::string_view step, std::string_view label,
                    StepKind kind) override;
  void step_finished(const StagePath& path, std::string_view step,
                     std::chrono::milliseconds duration, StepKind kind) override;
  void output(const StagePath& path, place::Stream stream, std::string_view bytes) override;
  void note(const StagePath& path, std::string_view line) override;
  void timestamps_wanted() override { observer_.timestamps_wanted(); }
  void block(const StagePath& path, const BlockEvent& event) override;
  void failure(const StagePath& path, const std::vector<std::string>& lines) override;
  void failure_retried(const StagePath& path, std::string_view line) override;

 private:
  using Streams = std::map<std::pair<StagePath, place::Stream>, MaskedStream>;
  /// What was held back of a stage's output, before anything else is said of it.
  void flush(const StagePath& path);

  Observer& observer_;
  Masks& masks_;
  Locked<Streams> streams_;
};

}  // namespace cupel::pipeline
