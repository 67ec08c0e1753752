// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <vector>

#include "pipeline/interpreter/events.hpp"

namespace cupel::runs {

/// Passes on to several observers, in order. Borrows them for life.
class Tee final : public pipeline::Observer {
 public:
  explicit Tee(std::vector<pipeline::Observer*> observers) : observers_(std::move(observers)) {}

  void stage_started(const pipeline::StagePath& path, StageKind kind) override {
    for (auto* one : observers_) one->stage_started(path, kind);
  }
  void stage_finished(const model::StageRecord& stage) override {
    for (auto* one : observers_) one->stage_finished(stage);
  }
  void step_started(const pipeline::StagePath& path, std::string_view step, std::string_view label,
                    StepKind kind) override {
    for (auto* one : observers_) one->step_started(path, step, label, kind);
  }
  void step_finished(const pipeline::StagePath& path, std::string_view step,
                     std::chrono::milliseconds duration, StepKind kind) override {
    for (auto* one : observers_) one->step_finished(path, step, duration, kind);
  }
  void output(const pipeline::StagePath& path, place::Stream stream,
              std::string_view bytes) override {
    for (auto* one : observers_) one->output(path, stream, bytes);
  }
  void note(const pipeline::StagePath& path, std::string_view line) override {
    for (auto* one : observers_) one->note(path, line);
  }
  void timestamps_wanted() override {
    for (auto* one : observers_) one->timestamps_wanted();
  }
  void block(const pipeline::StagePath& path, const pipeline::BlockEvent& event) override {
    for (auto* one : observers_) one->block(path, event);
  }
  void failure(const pipeline::StagePath& path, const std::vector<std::string>& lines) override {
    for (auto* one : observers_) one->failure(path, lines);
  }
  void failure_retried(const pipeline::StagePath& path, std::string_view line) override {
    for (auto* one : observers_) one->failure_retried(path, line);
  }
  pipeline::Logged logged_before(const pipeline::StagePath& path) override {
    pipeline::Logged most;
    for (auto* one : observers_) {
      const auto logged = one->logged_before(path);
      most.events = std::max(most.events, logged.events);
      most.bytes = std::max(most.bytes, logged.bytes);
    }
    return most;
  }

 private:
  std::vector<pipeline::Observer*> observers_;
};

}  // namespace cupel::runs
