// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/locked.hpp"
#include "model/run_record.hpp"

namespace cupel::pipeline {

/// What the whole run shares and changes: its result, `env.X = ...`, what currentBuild holds. Any
/// thread.
class RunState {
 public:
  /// Null while nothing has worsened it, as currentBuild.result.
  std::optional<model::Verdict> result();
  model::Verdict current() { return result().value_or(model::Verdict::success); }
  /// Only ever to something worse.
  void worsen(model::Verdict verdict);

  std::optional<std::string> global(const std::string& name);
  std::map<std::string, std::string> globals();
  void set_global(const std::string& name, std::string value);

  /// currentBuild.description, displayName.
  std::optional<std::string> note(const std::string& name);
  void set_note(const std::string& name, std::string value);

  /// The last milestone that this run passed.
  std::optional<std::int64_t> milestone();
  void set_milestone(std::int64_t ordinal);

  /// A place among the records, in the order of starting; filled by finish_stage.
  std::size_t start_stage(const std::vector<std::string>& path);
  void finish_stage(std::size_t place, model::StageRecord stage);
  std::vector<model::StageRecord> stages();
  /// The old `stage 'x'`: a stage among the records that lasts until the next one of its kind.
  void begin_mark(std::vector<std::string> path);
  /// Ends it, if there is one, with what the run has come to meanwhile; `failure`: by what.
  void end_mark(const std::string& failure = "");

  /// The first failure is the one that people want to see.
  void add_failure(const std::string& text);
  std::string failure();
  void infrastructure_failed();
  bool has_infrastructure_failed();

 private:
  struct State {
    std::optional<model::Verdict> result;
    std::map<std::string, std::string> globals;
    std::map<std::string, std::string> notes;
    std::optional<std::int64_t> milestone;
    std::vector<model::StageRecord> stages;
    std::string failure;
    bool infrastructure_failed = false;
    struct Mark {
      std::size_t place = 0;
      std::vector<std::string> path;
      model::Verdict before = model::Verdict::success;
      std::chrono::steady_clock::time_point begin;
    };
    std::optional<Mark> mark;
  };
  static void end_mark(State& state, const std::string& failure);
  Locked<State> state_;
};

/// What one stage has come to, for its record and its post conditions. Any thread.
class StageState {
 public:
  void worsen(model::Verdict verdict);
  model::Verdict verdict();
  void add_failure(const std::string& text);
  std::string failure();
  /// It does not run, for this reason.
  void skip(std::string reason);
  std::string skip_reason();
  /// The name of the node that the stage took for itself.
  void set_node(std::string name);
  std::string node();

 private:
  struct State {
    std::string node;
    model::Verdict verdict = model::Verdict::success;
    std::string failure;
    std::string skip_reason;
  };
  Locked<State> state_;
};

}  // namespace cupel::pipeline
