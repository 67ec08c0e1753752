// SPDX-License-Identifier: Apache-2.0
#include "os/files.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "os/wait.hpp"

namespace cupel::os {
namespace {

using namespace std::chrono_literals;

class Files : public testing::Test {
 protected:
  TempDir directory_ = TempDir::make("files").value();
  fs::path at(const std::string& name) const { return directory_.path() / name; }
};

TEST_F(Files, WriteReplacesTheWholeText) {
  ASSERT_TRUE(write_file(at("a"), "a long first text"));
  ASSERT_TRUE(write_file(at("a"), "second", 0600));

  EXPECT_EQ(read_file(at("a")).value(), "second");
  EXPECT_EQ(fs::status(at("a")).permissions(), fs::perms(0600));
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_.path()), fs::directory_iterator()), 1);
}

TEST_F(Files, FailedWriteLeavesNothingBehind) {
  ASSERT_TRUE(make_directories(at("taken/below")));

  EXPECT_FALSE(write_file(at("taken"), "text"));

  EXPECT_EQ(std::distance(fs::directory_iterator(directory_.path()), fs::directory_iterator()), 1);
}

TEST_F(Files, ReadRefusesWhatIsTooLarge) {
  ASSERT_TRUE(write_file(at("a"), "0123456789"));

  EXPECT_EQ(read_file(at("a"), 10).value(), "0123456789");
  EXPECT_EQ(read_file(at("a"), 9).error().fault(), Fault::invalid);
  EXPECT_EQ(read_file(at("b")).error().fault(), Fault::not_found);
}

TEST_F(Files, ReadsFilesThatHaveNoSize) {
  EXPECT_NE(read_file("/proc/self/status").value().find("Pid:"), std::string::npos);
}

TEST_F(Files, DoesNotWaitForSomebodyToWriteIntoANamedPipe) {
  ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);

  EXPECT_EQ(read_file(at("pipe")).value(), "");
}

TEST_F(Files, MakesAllDirectoriesAndIsContentWithThoseThere) {
  EXPECT_TRUE(make_directories(at("x/y/z")));
  EXPECT_TRUE(make_directories(at("x/y/z/")));
  ASSERT_TRUE(write_file(at("file"), ""));
  EXPECT_FALSE(make_directories(at("file/z")));
}

TEST_F(Files, RemoveTreeDoesNotFollowLinks) {
  ASSERT_TRUE(make_directories(at("outside")));
  ASSERT_TRUE(write_file(at("outside/precious"), "x"));
  ASSERT_TRUE(make_directories(at("tree")));
  fs::create_directory_symlink(at("outside"), at("tree/link"));
  fs::create_directory_symlink(at("outside"), at("link"));

  EXPECT_TRUE(remove_tree(at("tree")));
  EXPECT_TRUE(remove_tree(at("link")));
  EXPECT_TRUE(remove_tree(at("tree"))) << "nothing there: fine";

  EXPECT_TRUE(fs::exists(at("outside/precious")));
  EXPECT_FALSE(fs::exists(fs::symlink_status(at("link"))));
}

TEST_F(Files, RemoveTreeTakesWhatOneWhoEndsStillWrites) {
  fs::create_directory(at("d"));
  const Fd directory(::open(at("d").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  std::thread writer([&] {
    for (int i = 0; i < 50; ++i)
      Fd(::openat(directory.get(), std::to_string(i).c_str(), O_CREAT | O_WRONLY | O_CLOEXEC,
                  0600));
  });

  const auto removed = remove_tree(at("d"));
  writer.join();

  EXPECT_TRUE(removed) << removed.error().text();
  EXPECT_FALSE(fs::exists(at("d")));
}

TEST_F(Files, RemoveTreeEntersAnyDepth) {
  Fd level(::open(directory_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (int i = 0; i < 3000; ++i) {
    ASSERT_EQ(::mkdirat(level.get(), "d", 0755), 0);
    level = Fd(::openat(level.get(), "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }

  const auto removed = remove_tree(at("d"));

  EXPECT_TRUE(removed) << removed.error().text();
  EXPECT_FALSE(fs::exists(at("d")));
}

/// Runs `work` as a plain user in a child process: root passes over modes.
int as_plain_user(const std::function<bool()>& work) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(2);
    ::_exit(work() ? 0 : 1);
  }
  int status = -1;
  ::waitpid(pid, &status, 0);
  return status;
}

TEST_F(Files, RemoveTreePassesModesThatForbidIt) {
  ASSERT_EQ(::chmod(directory_.path().c_str(), 0777), 0);

  EXPECT_EQ(as_plain_user([&] {
              return make_directories(at("t/closed/inner")) &&
                     write_file(at("t/closed/inner/file"), "x") &&
                     ::chmod(at("t/closed/inner").c_str(), 0) == 0 &&
                     ::chmod(at("t/closed").c_str(), 0500) == 0 && remove_tree(at("t"));
            }),
            0);

  EXPECT_FALSE(fs::exists(at("t")));
}

TEST_F(Files, DigestDependsOnContentAloneAndNotOnHoles) {
  const std::string zeros(1U << 20, '\0');
  ASSERT_TRUE(write_file(at("dense"), zeros + "end"));
  ASSERT_TRUE(write_file(at("sparse"), ""));
  const auto fd = open_file(at("sparse").string(), O_WRONLY).value();
  ASSERT_EQ(::pwrite(fd.get(), "end", 3, 1 << 20), 3);
  ASSERT_TRUE(write_file(at("longer"), zeros + "end" + '\0'));

  const auto dense = digest_file(at("dense"), Stop{}).value();

  EXPECT_EQ(dense, digest_file(at("sparse"), Stop{}).value());
  EXPECT_NE(dense, digest_file(at("longer"), Stop{}).value());
}

TEST_F(Files, DigestOfATerabyteHoleTakesNoTime) {
  ASSERT_TRUE(write_file(at("huge"), "begin"));
  ASSERT_EQ(::truncate(at("huge").c_str(), off_t{1} << 40), 0);

  EXPECT_TRUE(digest_file(at("huge"), Stop{}.within(5s)));
  EXPECT_LT(disk_usage(at("huge")), mib(1));
}

TEST_F(Files, DiskUsageCountsALinkedFileOnce) {
  ASSERT_TRUE(write_file(at("a"), std::string(1U << 20, 'x')));
  fs::create_hard_link(at("a"), at("b"));

  const auto used = disk_usage(directory_.path());

  EXPECT_GE(used, mib(1));
  EXPECT_LT(used, mib(2));
}

TEST_F(Files, StampChangesWithTheFile) {
  ASSERT_TRUE(write_file(at("a"), "x"));
  const auto before = stamp(at("a")).value();
  EXPECT_EQ(before, stamp(at("a")).value());

  ASSERT_TRUE(write_file(at("a"), "y"));

  EXPECT_FALSE(before == stamp(at("a")).value());
}

TEST_F(Files, TempDirIsRemovedWithAllInIt) {
  auto inner = std::optional(TempDir::make_in(directory_.path(), "in").value());
  const auto path = inner->path();
  ASSERT_TRUE(write_file(path / "file", "x"));

  inner.reset();

  EXPECT_FALSE(fs::exists(path));
}

TEST_F(Files, TempDirsOfTheDeadAreSwept) {
  const auto theirs = directory_.path() / "cupel-scratch-x.abcdef";
  const auto other = directory_.path() / "cupel-other.abcdef";
  fs::create_directories(theirs / "inner");
  fs::create_directory(other);
  ::setenv("TMPDIR", directory_.path().c_str(), 1);
  const auto ours = TempDir::make("y").value();

  sweep_temp_dirs();
  ::unsetenv("TMPDIR");

  EXPECT_FALSE(fs::exists(theirs));
  EXPECT_TRUE(fs::exists(other));
  EXPECT_TRUE(fs::exists(ours.path()));
}

TEST_F(Files, LockIsHeldByOne) {
  auto first = FileLock::try_take(at("lock")).value();
  ASSERT_TRUE(first);
  EXPECT_FALSE(FileLock::try_take(at("lock")).value());
  EXPECT_EQ(FileLock::take(at("lock"), Stop{}.within(5ms)).error().fault(), Fault::timeout);

  first.reset();

  EXPECT_TRUE(FileLock::take(at("lock"), Stop{}.within(10s)));
}

}  // namespace
}  // namespace cupel::os
