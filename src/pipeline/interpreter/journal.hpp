// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/interpreter/context.hpp"

namespace cupel::pipeline {

/// How an effect ended, as plain data: what it gave, or what it threw.
struct Ending {
  /// refused: no `catch` takes it.
  enum class Kind { value, thrown, refused } kind = Kind::value;
  Value value;
  std::string class_name, message;  // of an exception, as all below
  std::optional<model::Verdict> interruption;
  bool actual = false;
  bool infrastructure = false;
};
/// Shares nothing with the pipeline's variables. Under the interpreter's lock.
Result<Ending> ending_of(const Outcome<Value>& outcome);
Outcome<Value> outcome_of(const Ending& ending);

/// What a step did to the run beside its value.
struct Marks {
  std::optional<model::Verdict> run, stage;
  std::vector<std::string> artifacts;
  std::vector<model::TestRecord> tests;
  std::vector<std::string> remarks;
  std::optional<std::int64_t> milestone;  ///< that it passed
};

/// What a step printed, for a tap that must hear it again.
struct Told {
  place::Stream stream = place::Stream::out;
  std::string bytes;
  friend bool operator==(const Told&, const Told&) = default;
};

/// One line of a journal.
struct JournalRecord {
  /// start: a step that must not happen twice begins. end: an effect has ended, and its branch goes
  /// on with the pipeline's code.
  enum class Kind { start, end } kind = Kind::end;
  StepId id;
  std::string name;                ///< of the step, or of what was observed
  std::string arguments;           ///< their digest; empty: there are none
  std::chrono::milliseconds at{};  ///< since the epoch
  // Of an end:
  Ending ending;
  Marks marks;
  Logged logged;           ///< by the step
  std::vector<Told> told;  ///< by the step, where a tap around it asks for it
};

/// The record of a run's effects, from which the run is resumed. The order of the ends is the order
/// in which branches took their turns to run the pipeline's code.
class Journal {
 public:
  virtual ~Journal() = default;
  /// What an earlier process recorded, in order. Asked once, before anything is added.
  virtual std::vector<JournalRecord> recorded() = 0;
  /// Adds a record behind all others. One thread at a time. Fails where the value is no plain data.
  virtual Result<> append(const JournalRecord& record) = 0;
  /// Blocks until what was added before the call is safe on disk. Any thread.
  virtual Result<> sync() = 0;
};

}  // namespace cupel::pipeline
