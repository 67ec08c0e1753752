// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "model/run_record.hpp"
#include "place/place.hpp"

namespace cupel::pipeline {

/// Where in the pipeline something happens: names of the enclosing stages and branches, outermost
/// first.
using StagePath = std::vector<std::string>;

/// Structure that Jenkins' console shows, and nobody else: "[Pipeline] STEP", its braces, its end.
struct BlockEvent {
  enum class Edge {
    called,   ///< [Pipeline] STEP
    entered,  ///< [Pipeline] {  or, with a label, { (LABEL)
    left,     ///< [Pipeline] }
    done,     ///< [Pipeline] // STEP
    post,     ///< Post stage
    failed,   ///< Failed in branch LABEL
  };
  Edge edge = Edge::called;
  std::string_view step;
  std::string_view label = {};
};

/// How much was told about one stage.
struct Logged {
  std::uint64_t events = 0;  ///< beginnings, ends, notes
  std::uint64_t bytes = 0;   ///< of output
  friend bool operator==(const Logged&, const Logged&) = default;
};

/// Hears what a pipeline does, as it happens. Calls come from several threads (branches of
/// `parallel`), one at a time for one branch; an implementation locks. They may block for a while:
/// a slow reader slows the run down, nothing piles up.
class Observer {
 public:
  virtual ~Observer() = default;
  /// A stage begins. branch: one of declarative's `parallel`, or a cell of a matrix, itself a
  /// stage; bare_branch: one of the step `parallel`.
  enum class StageKind { stage, branch, bare_branch };
  virtual void stage_started(const StagePath& path, StageKind kind) = 0;
  virtual void stage_finished(const model::StageRecord& stage) = 0;
  /// A step begins: its name, and what a person would want to see of its arguments. Block steps
  /// (dir, timeout, withEnv, ...) have `body`, and step_finished comes after the body.
  enum class StepKind { simple, body };
  virtual void step_started(const StagePath& path, std::string_view step, std::string_view label,
                            StepKind kind) = 0;
  virtual void step_finished(const StagePath& path, std::string_view step,
                             std::chrono::milliseconds duration, StepKind kind) = 0;
  /// Bytes that a command wrote, or a step printed (always whole lines then). Raw: any bytes.
  virtual void output(const StagePath& path, place::Stream stream, std::string_view bytes) = 0;
  /// One line from cupel itself: "Running on m1 in /workspace", a warning, an error of a post
  /// condition.
  virtual void note(const StagePath& path, std::string_view line) = 0;
  /// The pipeline has options { timestamps() }: lines should say when they were written.
  virtual void timestamps_wanted() {}
  virtual void block(const StagePath&, const BlockEvent&) {}
  /// What made the run, or a part of it that nobody caught, fail: lines for people.
  virtual void failure(const StagePath& path, const std::vector<std::string>& lines) {
    for (const auto& line : lines) note(path, line);
  }
  /// What failed is tried again, so a failure() from below `path` made nothing fail. `line` says
  /// what it was, for who did not show that at once.
  virtual void failure_retried(const StagePath& /*path*/, std::string_view /*line*/) {}
  /// What an earlier process of this run told under `path`, and was kept. Asked once for each path,
  /// before anything is told under it.
  virtual Logged logged_before(const StagePath& /*path*/) { return {}; }
};

}  // namespace cupel::pipeline
