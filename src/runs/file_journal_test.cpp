// SPDX-License-Identifier: Apache-2.0
#include "runs/file_journal.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runs/journal_text.hpp"
#include "support/journal_contract.hpp"

namespace cupel {
namespace {

std::unique_ptr<pipeline::Journal> open_file_journal(const os::fs::path& path) {
  auto journal = runs::FileJournal::open(path, Stop().within(std::chrono::seconds(5))).value();
  if (!journal->head()) {
    EXPECT_TRUE(journal->begin({}));
  }
  return journal;
}

const JournalKind file{"File", [] {
                         const auto root = std::make_shared<os::TempDir>(
                             std::move(*os::TempDir::make("journal")));  // shared: std::function
                         return [root] { return open_file_journal(root->path() / "journal"); };
                       }};
INSTANTIATE_TEST_SUITE_P(File, JournalContract, testing::Values(file));

}  // namespace
}  // namespace cupel

namespace cupel::runs {
namespace {

using pipeline::Ending;
using pipeline::JournalRecord;
using pipeline::Value;

class FileJournalTest : public testing::Test {
 protected:
  static Stop soon() { return Stop().within(std::chrono::milliseconds(20)); }
  os::fs::path path() const { return directory_.path() / "journal"; }
  /// A journal of two records.
  std::string written() const {
    auto journal = FileJournal::open(path(), soon()).value();
    EXPECT_TRUE(journal->begin({"jenkinsfile", "inputs", 7, "mark", ""}));
    EXPECT_TRUE(journal->append(sh_record(0, Value("a"))));
    EXPECT_TRUE(journal->append(sh_record(1, Value(2))));
    EXPECT_TRUE(journal->sync());
    return os::read_file(path()).value();
  }
  std::size_t records_of(std::string_view text) const {
    EXPECT_TRUE(os::write_file(path(), text));
    return FileJournal::open(path(), soon()).value()->recorded().size();
  }
  std::string error_of(std::string_view text) const {
    EXPECT_TRUE(os::write_file(path(), text));
    const auto journal = FileJournal::open(path(), soon());
    return journal ? "none" : journal.error().text();
  }

  os::TempDir directory_ = std::move(*os::TempDir::make("journal"));
};

TEST_F(FileJournalTest, GivesBackWhatWasRecorded) {
  const auto text = written();

  const auto journal = FileJournal::open(path(), soon()).value();
  const auto records = journal->recorded();

  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(journal->head()->run, 7U);
  EXPECT_EQ(records[0].id, (pipeline::StepId{"/0 linux", 0}));
  EXPECT_EQ(records[0].name, "sh");
  EXPECT_EQ(*records[0].ending.value.as_text(), "a");
  EXPECT_EQ(*records[1].ending.value.as_integer(), 2);
}

TEST_F(FileJournalTest, IsRefusedWhereThereIsNoFile) {
  EXPECT_EQ(FileJournal::open("/dev/full", soon()).error().text(),
            "the journal /dev/full is no file");
  EXPECT_FALSE(FileJournal::open(directory_.path(), soon()));
}

TEST_F(FileJournalTest, IsLockedWhileItIsOpen) {
  const auto first = FileJournal::open(path(), soon()).value();

  const auto second = FileJournal::open(path(), soon());

  EXPECT_EQ(second.error().fault(), Fault::conflict);
}

TEST_F(FileJournalTest, CutsATornTailWhereverItWasTorn) {
  const auto text = written();
  const auto second = text.find('\n') + 1;
  const auto third = text.find('\n', second) + 1;

  for (auto end = third + 1; end < text.size(); ++end)
    EXPECT_EQ(records_of(text.substr(0, end)), 1U) << end;
  EXPECT_EQ(os::read_file(path()).value().size(), third);
}

TEST_F(FileJournalTest, ATornFirstLineIsNoBeginning) {
  const auto text = written();

  ASSERT_TRUE(os::write_file(path(), text.substr(0, text.find('\n') / 2)));

  EXPECT_FALSE(FileJournal::open(path(), soon()).value()->head());
}

TEST_F(FileJournalTest, RefusesDamageInTheMiddle) {
  auto text = written();
  const auto middle = text.find("=sh", text.find('\n'));
  ASSERT_NE(middle, text.npos);
  text[middle] = '#';

  const auto at = text.find('\n') + 1;
  EXPECT_NE(
      error_of(text).find(fmt::format(
          "the journal {}: is damaged at byte {}, line 2: a record whose checksum does not fit",
          path().string(), at)),
      std::string::npos)
      << error_of(text);
}

TEST_F(FileJournalTest, RefusesARecordWithoutItsEndBeforeTheLast) {
  auto text = written();
  const auto second = text.find('\n') + 1;
  text[text.find('\n', second)] = ' ';

  const auto said =
      fmt::format("is damaged at byte {}, line 2: a record of another length", second);

  EXPECT_NE(error_of(text).find(said), std::string::npos) << error_of(text);
  // Also where the last one is torn.
  EXPECT_NE(error_of(text.substr(0, text.size() - 20)).find("is damaged at byte"),
            std::string::npos);
}

/// Whatever single byte is another: a refusal, and the file stays as it is.
TEST_F(FileJournalTest, NeverTakesDamageForARecord) {
  const auto text = written();

  for (std::size_t at = 0; at < text.size(); ++at) {
    auto damaged = text;
    damaged[at] = damaged[at] == '#' ? '%' : '#';
    ASSERT_TRUE(os::write_file(path(), damaged));
    EXPECT_FALSE(FileJournal::open(path(), soon())) << at;
    EXPECT_EQ(os::read_file(path()).value(), damaged) << at;
  }
}

/// As after a power failure: the length is there, what was written is not.
TEST_F(FileJournalTest, CutsATailOfNothing) {
  const auto text = written();
  const auto last = text.find('\n', text.find('\n') + 1) + 1;

  for (auto end = last; end < text.size(); ++end)
    EXPECT_EQ(records_of(text.substr(0, end) + std::string(text.size() - end, '\0')), 1U) << end;
}

TEST_F(FileJournalTest, AFullDiskIsOneClearLine) {
  written();
  const auto size = os::fs::file_size(path());
  // In a process of its own, in which files must not grow.
  const auto child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{size + 10, size + 10};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto journal = FileJournal::open(path(), soon()).value();
    const auto added = journal->append(sh_record(2));
    ::_exit(added ? 1 : 0);
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(os::fs::file_size(path()), size);

  const auto journal = FileJournal::open(path(), soon()).value();
  EXPECT_EQ(journal->recorded().size(), 2U);
  EXPECT_TRUE(journal->append(sh_record(2)));
}

TEST_F(FileJournalTest, RefusesWhatIsNoJournal) {
  EXPECT_NE(error_of("pipeline { }\n").find("is no journal"), std::string::npos);
  EXPECT_NE(error_of("12 files\n").find("is no journal"), std::string::npos);
}

TEST_F(FileJournalTest, KeepsHowTheRunEnded) {
  written();
  {
    const auto journal = FileJournal::open(path(), soon()).value();
    ASSERT_TRUE(journal->end({3, "run 7: UNSTABLE"}));
  }

  const auto journal = FileJournal::open(path(), soon()).value();

  EXPECT_EQ(journal->finish()->status, 3);
  EXPECT_EQ(journal->finish()->text, "run 7: UNSTABLE");
}

TEST(JournalText, KeepsValuesAndExceptionsExactly) {
  auto map = std::make_shared<pipeline::Map>();
  ASSERT_TRUE(map->put(Value("k\xff\0"), Value::list({Value(), Value(true), Value(-5)})));
  auto one = sh_record(3, Value(map));
  one.marks.run = model::Verdict::unstable;
  one.marks.artifacts = {"a/b.txt"};
  one.logged = {2, 30};
  auto line = sealed_line(to_json(one).value());
  line.pop_back();

  const auto read = journal_record_from(open_line(line).value()).value();

  EXPECT_TRUE(pipeline::equal(read.ending.value, one.ending.value).value());
  EXPECT_EQ(read.marks.run, one.marks.run);
  EXPECT_EQ(read.marks.artifacts, one.marks.artifacts);
  EXPECT_EQ(read.logged, one.logged);
}

TEST(JournalText, KeepsAnInterruption) {
  auto one = sh_record(0);
  one.ending = {.kind = Ending::Kind::thrown,
                .value = {},
                .class_name = "x.Y",
                .message = "why\n",
                .interruption = model::Verdict::aborted,
                .actual = true,
                .infrastructure = false};

  const auto read = journal_record_from(json::Value(to_json(one).value())).value();

  EXPECT_EQ(read.ending.kind, Ending::Kind::thrown);
  EXPECT_EQ(read.ending.message, "why\n");
  EXPECT_EQ(read.ending.interruption, model::Verdict::aborted);
  EXPECT_TRUE(read.ending.actual);
}

TEST(JournalText, RefusesHostileValues) {
  for (const auto* text : {R"(["l",1000000])", R"(["l",-1])", R"(["s","no mark"])",
                           R"(["s","#0g"])", R"(["q"])", R"([])", R"(["n","n"])", R"({"a":1})"})
    EXPECT_FALSE(from_flat(json::parse(text).value())) << text;
  json::Array deep;
  for (int i = 0; i < 1000; ++i) {
    deep.emplace_back("l");
    deep.emplace_back(1);
  }
  deep.emplace_back("n");
  EXPECT_FALSE(from_flat(json::Value(deep)));
}

}  // namespace
}  // namespace cupel::runs
