// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/masking_observer.hpp"

namespace cupel::pipeline {

void MaskingObserver::stage_started(const StagePath& path, StageKind kind) {
  flush(path);
  observer_.stage_started(path, kind);
}

void MaskingObserver::stage_finished(const model::StageRecord& stage) {
  flush(stage.path);
  if (!masks_.patterns()) return observer_.stage_finished(stage);
  auto hidden = stage;
  hidden.failure = masks_.hide(stage.failure);
  observer_.stage_finished(hidden);
}

void MaskingObserver::step_started(const StagePath& path, std::string_view step,
                                   std::string_view label, StepKind kind) {
  flush(path);
  observer_.step_started(path, step, masks_.hide(label), kind);
}

void MaskingObserver::step_finished(const StagePath& path, std::string_view step,
                                    std::chrono::milliseconds duration, StepKind kind) {
  flush(path);
  observer_.step_finished(path, step, duration, kind);
}

void MaskingObserver::output(const StagePath& path, place::Stream stream, std::string_view bytes) {
  const auto patterns = masks_.patterns();
  if (!patterns) return observer_.output(path, stream, bytes);
  std::string shown;
  {
    auto streams = streams_.lock();
    shown = (*streams)[{path, stream}].feed(bytes, *patterns);
  }
  if (!shown.empty()) observer_.output(path, stream, shown);
}

void MaskingObserver::note(const StagePath& path, std::string_view line) {
  flush(path);
  observer_.note(path, masks_.hide(line));
}

void MaskingObserver::block(const StagePath& path, const BlockEvent& event) {
  flush(path);
  observer_.block(path, event);
}

void MaskingObserver::failure(const StagePath& path, const std::vector<std::string>& lines) {
  flush(path);
  std::vector<std::string> hidden;
  for (const auto& line : lines) hidden.push_back(masks_.hide(line));
  observer_.failure(path, hidden);
}

void MaskingObserver::failure_retried(const StagePath& path, std::string_view line) {
  flush(path);
  observer_.failure_retried(path, masks_.hide(line));
}

void MaskingObserver::flush(const StagePath& path) {
  const auto patterns = masks_.patterns();
  if (!patterns) return;
  for (const auto stream : {place::Stream::err, place::Stream::out}) {
    std::string shown;
    {
      auto streams = streams_.lock();
      const auto found = streams->find({path, stream});
      if (found == streams->end()) continue;
      shown = found->second.finish(*patterns);
      streams->erase(found);
    }
    if (!shown.empty()) observer_.output(path, stream, shown);
  }
}

}  // namespace cupel::pipeline
