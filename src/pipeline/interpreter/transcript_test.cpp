// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/transcript.hpp"

#include <gtest/gtest.h>

#include "support/memory_journal.hpp"

namespace cupel::pipeline {
namespace {

/// Remembers what an earlier process told, and what it hears.
class Listener final : public Observer {
 public:
  explicit Listener(Logged before) : before_(before) {}
  std::string heard;

  void stage_started(const StagePath&, StageKind) override { heard += "[stage]"; }
  void stage_finished(const model::StageRecord&) override { heard += "[end]"; }
  void step_started(const StagePath&, std::string_view step, std::string_view, StepKind) override {
    heard += "[" + std::string(step) + "]";
  }
  void step_finished(const StagePath&, std::string_view, std::chrono::milliseconds,
                     StepKind) override {}
  void output(const StagePath&, place::Stream, std::string_view bytes) override { heard += bytes; }
  void note(const StagePath&, std::string_view line) override { heard += "|" + std::string(line); }
  Logged logged_before(const StagePath& path) override {
    return path == StagePath{"A"} ? before_ : Logged{};
  }

 private:
  Logged before_;
};

constexpr auto out = place::Stream::out;
const StagePath a{"A"}, b{"B"};

class TranscriptTest : public testing::Test {
 protected:
  Listener listener_{Logged{2, 5}};
  Turns turns_{nullptr};
  Transcript transcript_{listener_, turns_};
};

TEST_F(TranscriptTest, TellsOnlyWhatIsNew) {
  transcript_.stage_started(a, Observer::StageKind::stage);
  transcript_.note(a, "old");
  transcript_.note(a, "new");
  transcript_.output(a, out, "oldie");
  transcript_.output(a, out, "!");

  EXPECT_EQ(listener_.heard, "|new!");
}

TEST_F(TranscriptTest, CutsAPieceThatWasToldInPart) {
  transcript_.output(a, out, "abc");
  transcript_.output(a, out, "defg");

  EXPECT_EQ(listener_.heard, "fg");
}

TEST_F(TranscriptTest, CountsWhatAStepToldThatDoesNotRunAgain) {
  transcript_.skip(a, {2, 4});
  transcript_.output(a, out, "xyz");
  transcript_.note(a, "new");

  EXPECT_EQ(listener_.heard, "yz|new");
  EXPECT_EQ(transcript_.told(a), (Logged{3, 7}));
}

TEST_F(TranscriptTest, ASettledStageHasToldAllThatWasToldBefore) {
  transcript_.output(a, out, "ab");
  transcript_.settle(a);
  transcript_.output(a, out, "new");
  transcript_.note(a, "new");

  EXPECT_EQ(listener_.heard, "new|new");
}

TEST_F(TranscriptTest, CountsEachStageForItself) {
  transcript_.note(b, "b");

  EXPECT_EQ(listener_.heard, "|b");
  EXPECT_EQ(transcript_.told(a), Logged{});
}

TEST(Transcript, SaysNothingOfBlocksWhileRecordsAreReplayed) {
  test::MemoryJournal journal;
  JournalRecord record;
  record.name = "sh";
  ASSERT_TRUE(journal.append(record));
  Turns turns(&journal);
  Listener listener({});
  Transcript transcript(listener, turns);

  transcript.step_started(a, "dir", "", Observer::StepKind::body);
  transcript.step_started(a, "sh", "", Observer::StepKind::simple);
  turns.take();
  ASSERT_TRUE(turns.replay(record.id, "sh", ""));
  turns.give();
  transcript.step_started(a, "timeout", "", Observer::StepKind::body);

  EXPECT_EQ(listener.heard, "[sh][timeout]");
}

}  // namespace
}  // namespace cupel::pipeline
