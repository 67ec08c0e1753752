// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "pipeline/groovy/object.hpp"
#include "pipeline/interpreter/journal.hpp"

/// What every kind of Journal must do. A kind's test includes this and says:
///   INSTANTIATE_TEST_SUITE_P(File, JournalContract, testing::Values(JournalKind{...}));
namespace cupel {

struct JournalKind {
  std::string name;
  /// A fresh one; what gives it gives the same journal again, as another process would open it,
  /// once the one before is gone.
  using Opener = std::function<std::unique_ptr<pipeline::Journal>()>;
  std::function<Opener()> fresh;
};
inline std::ostream& operator<<(std::ostream& out, const JournalKind& kind) {
  return out << kind.name;
}

/// The end of a step of the branch "/0 linux".
inline pipeline::JournalRecord sh_record(std::uint64_t ordinal, pipeline::Value value = {}) {
  pipeline::JournalRecord one;
  one.id = {"/0 linux", ordinal};
  one.name = "sh";
  one.arguments = "abc";
  one.at = std::chrono::milliseconds(1700000000000);
  one.ending.value = std::move(value);
  return one;
}

class JournalContract : public testing::TestWithParam<JournalKind> {
 protected:
  using Record = pipeline::JournalRecord;
  JournalKind::Opener open_ = GetParam().fresh();
};

TEST_P(JournalContract, IsEmptyAtFirst) { EXPECT_TRUE(open_()->recorded().empty()); }

TEST_P(JournalContract, GivesRecordsBackInTheirOrder) {
  {
    const auto journal = open_();
    auto start = sh_record(4);
    start.kind = Record::Kind::start;
    ASSERT_TRUE(journal->append(start));
    ASSERT_TRUE(journal->append(sh_record(4, pipeline::Value("a"))));
    ASSERT_TRUE(journal->append(sh_record(2, pipeline::Value(7))));
    ASSERT_TRUE(journal->sync());
  }

  const auto records = open_()->recorded();

  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0].kind, Record::Kind::start);
  EXPECT_EQ(records[1].kind, Record::Kind::end);
  EXPECT_EQ(records[1].id, (pipeline::StepId{"/0 linux", 4}));
  EXPECT_EQ(*records[1].ending.value.as_text(), "a");
  EXPECT_EQ(*records[2].ending.value.as_integer(), 7);
}

TEST_P(JournalContract, KeepsMarksAndWhatWasTold) {
  {
    const auto journal = open_();
    auto one = sh_record(0);
    one.marks.stage = model::Verdict::unstable;
    one.marks.remarks = {"a remark"};
    one.marks.milestone = 5;
    one.logged = {3, 40};
    one.told = {{place::Stream::out, "a\xff\n"}, {place::Stream::err, "b"}};
    ASSERT_TRUE(journal->append(one));
  }

  const auto read = open_()->recorded().at(0);

  EXPECT_EQ(read.marks.stage, model::Verdict::unstable);
  EXPECT_EQ(read.marks.remarks, (std::vector<std::string>{"a remark"}));
  EXPECT_EQ(read.marks.milestone, 5);
  EXPECT_EQ(read.logged, (pipeline::Logged{3, 40}));
  EXPECT_EQ(read.told, (std::vector<pipeline::Told>{{place::Stream::out, "a\xff\n"},
                                                    {place::Stream::err, "b"}}));
}

TEST_P(JournalContract, GoesOnBehindWhatWasThere) {
  ASSERT_TRUE(open_()->append(sh_record(0)));
  {
    const auto journal = open_();
    EXPECT_EQ(journal->recorded().size(), 1U);
    ASSERT_TRUE(journal->append(sh_record(1)));
  }

  const auto records = open_()->recorded();

  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[1].id.ordinal, 1U);
}

TEST_P(JournalContract, RefusesWhatIsNoPlainData) {
  class Opaque final : public pipeline::Object {
   public:
    std::string type_name() const override { return "Opaque"; }
  };
  const auto journal = open_();

  EXPECT_FALSE(journal->append(sh_record(
      0, pipeline::Value(std::shared_ptr<pipeline::Object>(std::make_shared<Opaque>())))));
  EXPECT_TRUE(journal->append(sh_record(0)));
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(JournalContract);

}  // namespace cupel
