// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/turns.hpp"

#include <gtest/gtest.h>

#include "base/crew.hpp"
#include "support/journal_contract.hpp"
#include "support/memory_journal.hpp"

namespace cupel {

const JournalKind memory{"Memory", [] {
                           auto file = std::make_shared<Locked<test::MemoryJournal::Lines>>();
                           return [file] { return std::make_unique<test::MemoryJournal>(file); };
                         }};
INSTANTIATE_TEST_SUITE_P(Memory, JournalContract, testing::Values(memory));

namespace pipeline {
namespace {

using test::MemoryJournal;

JournalRecord end_of(const StepId& id, std::string name = "sh", std::string arguments = "a") {
  JournalRecord record;
  record.id = id;
  record.name = std::move(name);
  record.arguments = std::move(arguments);
  record.at = std::chrono::milliseconds(1000 + id.ordinal);
  return record;
}

const StepId first{"/0 a", 0}, second{"/0 b", 0}, third{"/0 a", 1};

/// A journal in which `a` took a turn, then `b`, then `a` again.
MemoryJournal::File recorded() {
  MemoryJournal journal;
  for (const auto& id : {first, second, third}) EXPECT_TRUE(journal.append(end_of(id)));
  return journal.file();
}

std::string text_of(const Outcome<const JournalRecord*>& outcome) {
  return outcome ? "none" : outcome.error().exception()->message();
}

class Replaying : public testing::Test {
 protected:
  Replaying() { turns_.take(); }
  ~Replaying() override {
    if (turns_.mine()) turns_.give();
  }
  /// On another thread, which has the lock meanwhile.
  void beside(const std::string& name, std::function<void()> work) {
    crew_.add(name, [this, work = std::move(work)](const Stop&) -> Result<> {
      turns_.take();
      work();
      turns_.give();
      return {};
    });
  }
  void join() {
    turns_.give();
    EXPECT_TRUE(crew_.join());
    turns_.take();
  }

  MemoryJournal journal_{recorded()};
  Turns turns_{&journal_};
  std::vector<std::string> order_;
  Crew crew_{Stop()};
};

TEST(Turns, WithoutAJournalAreALock) {
  Turns turns(nullptr);

  turns.take();
  EXPECT_TRUE(turns.mine());
  EXPECT_FALSE(turns.journaled());
  EXPECT_TRUE(turns.await(first));
  EXPECT_TRUE(turns.leave(Branch{}));
  turns.give();

  EXPECT_FALSE(turns.mine());
  EXPECT_TRUE(turns.sync());
}

TEST_F(Replaying, BranchesTakeTheirTurnsInTheRecordedOrder) {
  beside("b", [&] {
    EXPECT_TRUE(turns_.replay(second, "sh", "a"));
    order_.push_back("b");
  });
  beside("a", [&] {
    EXPECT_TRUE(turns_.replay(first, "sh", "a"));
    order_.push_back("a");
    EXPECT_TRUE(turns_.replay(third, "sh", "a"));
    order_.push_back("a again");
  });
  join();

  EXPECT_EQ(order_, (std::vector<std::string>{"a", "b", "a again"}));
  EXPECT_FALSE(turns_.replaying());
}

TEST_F(Replaying, AnEndWithoutARecordWaitsTillAllWasReplayed) {
  beside("new", [&] {
    EXPECT_TRUE(turns_.add_end(end_of({"/0 c", 0})));
    order_.push_back("new");
  });
  beside("old", [&] {
    for (const auto& id : {first, second, third}) {
      EXPECT_TRUE(turns_.replay(id, "sh", "a"));
      order_.push_back("old");
    }
  });
  join();

  EXPECT_EQ(order_, (std::vector<std::string>{"old", "old", "old", "new"}));
  EXPECT_EQ(journal_.recorded().back().id, (StepId{"/0 c", 0}));
}

TEST_F(Replaying, AwaitingTakesNothing) {
  ASSERT_TRUE(turns_.await(first));

  EXPECT_TRUE(turns_.replay(first, "sh", "a"));
}

TEST_F(Replaying, TheClockIsThatOfTheRecords) {
  EXPECT_EQ(turns_.now().count(), 1000);
  ASSERT_TRUE(turns_.replay(first, "sh", "a"));
  ASSERT_TRUE(turns_.replay(second, "sh", "a"));
  EXPECT_EQ(turns_.now().count(), 1000);
  ASSERT_TRUE(turns_.replay(third, "sh", "a"));
  EXPECT_GT(turns_.now().count(), 1'000'000'000'000);
}

TEST_F(Replaying, AnotherStepEndsTheRun) {
  EXPECT_EQ(text_of(turns_.replay(first, "echo", "a")), "the journal has 'sh' here, not 'echo'");

  EXPECT_EQ(turns_.broken()->fault(), Fault::conflict);
}

TEST_F(Replaying, OtherArgumentsEndTheRun) {
  EXPECT_EQ(text_of(turns_.replay(first, "sh", "b")),
            "the journal has 'sh' with other arguments here");
}

TEST_F(Replaying, ABrokenRunEndsForAllWhoWait) {
  const auto failed = [&](const auto& outcome) {
    ASSERT_FALSE(outcome);
    EXPECT_TRUE(outcome.error().exception()->reported);
    order_.push_back("failed");
  };
  beside("b", [&] { failed(turns_.replay(second, "sh", "a")); });
  beside("also b", [&] { failed(turns_.await(second)); });
  beside("new", [&] { EXPECT_FALSE(turns_.add_end(end_of({"/0 c", 0}))); });
  beside("unfit", [&] { EXPECT_FALSE(turns_.replay(first, "echo", "a")); });
  // Whoever comes after the one that does not fit is told too.
  join();

  EXPECT_EQ(order_.size(), 2U);
  EXPECT_EQ(journal_.recorded().size(), 3U);
}

TEST_F(Replaying, ABranchMustNotLeaveItsOwnRecordBehind) {
  const auto added = turns_.add_end(end_of({"/0 a", 7}));

  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().exception()->message(),
            "the journal goes on with 'sh' where the pipeline does something else");
  EXPECT_EQ(turns_.broken()->fault(), Fault::conflict);
}

TEST_F(Replaying, ABranchMustNotOvertakeItsOwnRecord) {
  EXPECT_EQ(text_of(turns_.replay(third, "sh", "a")),
            "the journal goes on with 'sh' where the pipeline does something else");
}

TEST_F(Replaying, NobodyWaitsForOneWhoWaitsForIt) {
  EXPECT_FALSE(turns_.add_end(end_of({"/0 a/1 inside", 0})));
}

TEST_F(Replaying, WhoWaitsIsToldWhenItsOwnRecordComesUp) {
  beside("b", [&] {
    const auto added = turns_.add_end(end_of({"/0 b", 7}));
    ASSERT_FALSE(added);
    order_.push_back(added.error().exception()->message());
  });
  beside("a", [&] { EXPECT_TRUE(turns_.replay(first, "sh", "a")); });
  join();

  EXPECT_EQ(order_, std::vector<std::string>{
                        "the journal goes on with 'sh' where the pipeline does something else"});
}

TEST_F(Replaying, ABranchMustNotEndEarly) {
  ASSERT_TRUE(turns_.replay(first, "sh", "a"));

  const auto left = turns_.leave(Branch{.path = "/0 a", .steps = 1});

  ASSERT_FALSE(left);
  EXPECT_EQ(left.error().exception()->message(),
            "the journal goes on with 'sh' where the pipeline ends");
}

TEST(Turns, WhatCannotBeWrittenEndsTheRun) {
  MemoryJournal journal;
  journal.file()->lock()->failure = Error(Fault::unavailable, "no space left on device");
  Turns turns(&journal);
  turns.take();

  const auto added = turns.add_end(end_of(first));
  const auto next = turns.add_start(end_of(second));
  turns.give();

  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().exception()->message(), "write the journal: no space left on device");
  EXPECT_TRUE(added.error().exception()->infrastructure);
  EXPECT_FALSE(next);
}

TEST(Turns, KnowsWhatBeganAndDidNotEnd) {
  MemoryJournal journal;
  auto start = end_of(first);
  start.kind = JournalRecord::Kind::start;
  ASSERT_TRUE(journal.append(start));

  const Turns turns(&journal);

  EXPECT_NE(turns.started(first), nullptr);
  EXPECT_EQ(turns.ended(first), nullptr);
  EXPECT_EQ(turns.started(second), nullptr);
  EXPECT_FALSE(turns.replaying());
}

}  // namespace
}  // namespace pipeline
}  // namespace cupel
