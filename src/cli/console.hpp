// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/locked.hpp"
#include "cli/footer.hpp"
#include "cli/line_cutter.hpp"
#include "cli/wording.hpp"
#include "pipeline/interpreter/events.hpp"

namespace cupel::cli {

/// Where a console's text goes; may block. Calls never overlap.
using TextSink = std::function<void(std::string_view text)>;

/// Shows a run as it happens: whole lines, in order, those of parallel branches interleaved with
/// labels. Memory is bounded by LineCutter::limit for each branch. Any thread.
class Console final : public pipeline::Observer {
 public:
  struct Parts {
    std::unique_ptr<Wording> wording;
    TextSink sink;
    /// The progress line of a terminal, where there is one.
    std::optional<Footer> footer = std::nullopt;
    /// Put before each line, as "[20:25:10] "; nothing if not given.
    std::function<std::string()> stamp = nullptr;
  };
  explicit Console(Parts parts);

  void stage_started(const pipeline::StagePath& path, StageKind kind) override;
  void stage_finished(const model::StageRecord& stage) override;
  void step_started(const pipeline::StagePath& path, std::string_view step, std::string_view label,
                    StepKind kind) override;
  void step_finished(const pipeline::StagePath& path, std::string_view step,
                     std::chrono::milliseconds duration, StepKind kind) override;
  void output(const pipeline::StagePath& path, place::Stream stream,
              std::string_view bytes) override;
  void note(const pipeline::StagePath& path, std::string_view line) override;
  void block(const pipeline::StagePath& path, const pipeline::BlockEvent& event) override;
  void failure(const pipeline::StagePath& path, const std::vector<std::string>& lines) override;
  void failure_retried(const pipeline::StagePath& path, std::string_view line) override;

  /// Lines that belong to no stage: the head of a run, its summary.
  void print(std::string_view text);
  /// Says what failed, where the wording wants that late.
  void print_failures();
  /// Redraws the progress line; for the thread that turns it.
  void tick();
  /// Takes the progress line off the screen for good.
  void close();

 private:
  using CutterKey = std::pair<pipeline::StagePath, place::Stream>;
  struct State {
    Parts parts;
    /// With what kind of branch each is.
    std::map<pipeline::StagePath, StageKind> branches;
    /// The first that nobody retried, kept for print_failures(), and where it was.
    std::string failures;
    pipeline::StagePath failed;
    std::map<CutterKey, LineCutter> cutters;
    bool closed = false;
  };

  static Wording::Branch branch_of(const State& state, const pipeline::StagePath& path);
  static void emit(State& state, std::string_view text);
  static void flush(State& state, const pipeline::StagePath& path);

  /// The lock keeps lines in order, so writing happens under it: that is its purpose.
  Locked<State> state_;
};

}  // namespace cupel::cli
