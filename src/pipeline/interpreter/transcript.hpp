// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "base/locked.hpp"
#include "pipeline/interpreter/events.hpp"
#include "pipeline/interpreter/turns.hpp"

namespace cupel::pipeline {

/// Passes on what a run tells, but for what an earlier process of it told already: that is known by
/// its amount under each path, which the observer remembers. While records are replayed, block
/// steps begin and end unheard. Any thread, as an Observer.
class Transcript final : public Observer {
 public:
  /// Borrows both.
  Transcript(Observer& observer, const Turns& turns) : observer_(observer), turns_(turns) {}

  /// So much was told under `path`, counting what is not told again.
  Logged told(const StagePath& path);
  /// A step is not run again, which told so much.
  void skip(const StagePath& path, Logged logged);

  /// All that an earlier process told under `path` is told: what it was in has been done now, or is
  /// not done again.
  void settle(const StagePath& path);

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
  struct Account {
    Logged told;
    Logged before;  ///< by an earlier process
  };
  using Accounts = std::map<StagePath, Account>;
  Account& account(Accounts& accounts, const StagePath& path);
  /// Counts one event; whether it is news.
  bool is_new(const StagePath& path);

  Observer& observer_;
  const Turns& turns_;
  Locked<Accounts> accounts_;
};

}  // namespace cupel::pipeline
