// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/locked.hpp"
#include "os/files.hpp"
#include "pipeline/interpreter/events.hpp"

namespace cupel::runs {

/// The log of a run, append-only. `log` holds every byte that was written, raw, in the order in
/// which it came; `log.index` says whose they are, one JSON object a line:
///   {"offset":0,"length":12,"stage":["Build"],"step":"sh","stream":"out","at_ms":1700000000000}
/// Neighbours of the same step and stream share a line, but in the log of a run that may be
/// resumed: there each piece has its own, which is written first, so that no byte is without its
/// owner. Any thread.
class RunLog final : public pipeline::Observer {
 public:
  /// Makes `path` and `path`.index.
  static Result<std::unique_ptr<RunLog>> create(const os::fs::path& path);
  /// Of a run that may be resumed: goes on with the log of an earlier process, if there is one.
  static Result<std::unique_ptr<RunLog>> resume(const os::fs::path& path);

  void stage_started(const pipeline::StagePath& path, StageKind kind) override;
  void stage_finished(const model::StageRecord& stage) override;
  void step_started(const pipeline::StagePath& path, std::string_view step, std::string_view label,
                    StepKind kind) override;
  void step_finished(const pipeline::StagePath& path, std::string_view step,
                     std::chrono::milliseconds duration, StepKind kind) override;
  void output(const pipeline::StagePath& path, place::Stream stream,
              std::string_view bytes) override;
  void note(const pipeline::StagePath& path, std::string_view line) override;
  pipeline::Logged logged_before(const pipeline::StagePath& path) override;

  /// Writes what the index lacks. Fails with the first failure of any write: a full disk loses log,
  /// not the run.
  Result<> close();

 private:
  struct Tag {
    pipeline::StagePath stage;
    std::string step;
    std::string stream;
    friend bool operator==(const Tag&, const Tag&) = default;
  };
  struct State {
    os::Fd log, index;
    std::uint64_t size = 0;
    std::map<pipeline::StagePath, std::string> steps;  // the one that runs in each branch
    Tag tag;                                           // of the bytes from `tag_start` on
    std::uint64_t tag_start = 0;
    std::int64_t tag_time_ms = 0;
    std::optional<Error> failure;
    enum class Indexing { late, first } indexing = Indexing::late;
    std::map<pipeline::StagePath, pipeline::Logged> before;  ///< by an earlier process
  };
  explicit RunLog(State state);
  static void append(State& state, Tag tag, std::string_view bytes);
  static void write_index(State& state);
  static void write_line(State& state, const Tag& tag, std::uint64_t length, std::int64_t time_ms);
  static Result<> take_up(State& state, const os::fs::path& path);
  static void keep(State& state, Result<> written);

  Locked<State> state_;
};

}  // namespace cupel::runs
