// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "pipeline/interpreter/journal.hpp"

namespace cupel::pipeline {

/// Whose turn it is to run the pipeline's code: one branch has the lock, from the end of one effect
/// to the beginning of its next. With a journal, each end is recorded; what an earlier process
/// recorded is replayed first, and branches take their turns in that order again, so that the code
/// sees the same. Any thread.
class Turns {
 public:
  /// Borrows it; null: nothing is recorded.
  explicit Turns(Journal* journal);

  /// Whether this thread has the lock.
  bool mine() const { return owner_ == std::this_thread::get_id(); }
  void take();
  void give();
  /// Since when it has it.
  SteadyTime began() const { return began_; }

  // For who has the lock.
  bool journaled() const { return journal_ != nullptr; }
  bool replaying() const { return replaying_; }  ///< for anybody
  /// How many ends an earlier process recorded.
  std::size_t recorded() const { return ends_.size(); }
  /// What was recorded of that effect; null if nothing was.
  const JournalRecord* started(const StepId& id) const;
  const JournalRecord* ended(const StepId& id) const;
  /// Waits, without the lock, till all records before this end were replayed, and takes it. Fails
  /// where the record is of something else than `name` with `arguments`: the run is over then.
  Outcome<const JournalRecord*> replay(const StepId& id, std::string_view name,
                                       std::string_view arguments);
  /// Waits for that end's turn, or without a record till all was replayed, but does not take it:
  /// for what is to begin in the recorded order too.
  Outcome<void> await(const StepId& id);
  Outcome<void> add_start(JournalRecord record);
  /// Waits, without the lock, till all was replayed; then records the end.
  Outcome<void> add_end(JournalRecord record);
  /// A branch has ended: nothing of it may be left in the journal.
  Outcome<void> leave(const Branch& branch);
  /// Why the run cannot go on: the journal does not fit (conflict), or cannot be written.
  const std::optional<Error>& broken() const;  ///< for anybody

  /// What was recorded so far is safe on disk. For who has not got the lock, before an effect.
  Outcome<void> sync();
  /// The clock; while records are replayed, as it was then.
  std::chrono::milliseconds now() const;

 private:
  /// A branch that waits for its turn.
  struct Waiter {
    std::size_t place;  ///< of the end that it is to take; ends_.size(): when all was replayed
    const std::string& branch;
    std::condition_variable changed = {};
  };
  /// Waits, without the lock, till all records before that place were taken. Where the next one is
  /// of `branch` itself, or of a branch that waits for it, nobody ever would: the run is over then.
  Outcome<void> reach(std::size_t place, const std::string& branch);
  /// Whether there is nothing to wait for: it is its turn, or never will be.
  bool settled(const Waiter& waiter) const;
  tl::unexpected<Signal> fail_run(Error why);
  tl::unexpected<Signal> is_broken() const;

  Journal* const journal_;
  std::mutex mutex_;
  std::atomic<std::thread::id> owner_;
  SteadyTime began_;
  std::vector<JournalRecord> ends_;
  std::map<StepId, std::size_t> places_;
  std::map<StepId, JournalRecord> starts_;
  std::size_t next_ = 0;
  std::atomic<bool> replaying_ = false;  ///< next_ < ends_.size()
  std::set<Waiter*> waiting_;
  std::optional<Error> broken_;
  std::atomic<bool> is_broken_ = false;  ///< set behind it, which does not change any more
};

}  // namespace cupel::pipeline
