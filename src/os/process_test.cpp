// SPDX-License-Identifier: Apache-2.0
#include "os/process.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crew.hpp"
#include "os/files.hpp"
#include "os/wait.hpp"

namespace cupel::os {
namespace {

using namespace std::chrono_literals;

Stop soon() { return Stop{}.within(20s); }

Spawn shell(std::string script) {
  Spawn spawn;
  spawn.argv = {"sh", "-c", std::move(script)};
  return spawn;
}

TEST(Process, TellsHowItEnded) {
  auto failed = Process::spawn(shell("exit 3")).value();
  auto killed = Process::spawn(shell("kill -9 $$")).value();

  EXPECT_EQ(failed.wait(soon()).value(), (Exit{3, 0}));
  EXPECT_EQ(killed.wait(soon()).value(), (Exit{137, 9}));
  EXPECT_EQ(killed.wait(soon()).value(), (Exit{137, 9}));
}

TEST(Process, NamesTheProgramThatIsNotThere) {
  Spawn spawn;
  spawn.argv = {"no-such-program-at-all"};
  const auto by_name = Process::spawn(std::move(spawn));
  Spawn by_path_spawn;
  by_path_spawn.argv = {"/no/such/program"};
  const auto by_path = Process::spawn(std::move(by_path_spawn));

  EXPECT_EQ(by_name.error().fault(), Fault::not_found);
  EXPECT_EQ(by_name.error().text(), "no such program: no-such-program-at-all");
  EXPECT_EQ(by_path.error().fault(), Fault::not_found);
  EXPECT_EQ(by_path.error().text(), "start /no/such/program: execute: no such file or directory");
}

TEST(Process, NamesTheDirectoryThatIsNotThere) {
  auto spawn = shell("true");
  spawn.directory = "/no/such/directory";

  EXPECT_EQ(Process::spawn(std::move(spawn)).error().text(),
            "start sh: enter the directory /no/such/directory: no such file or directory");
}

TEST(Process, HeldDoesNothingUntilItIsReleased) {
  const auto directory = TempDir::make("process").value();
  const auto file = directory.path() / "done";
  auto spawn = shell("echo > " + file.string());
  spawn.start = Spawn::Start::held;
  auto process = Process::spawn(std::move(spawn)).value();
  EXPECT_EQ(process.wait(Stop{}.within(5ms)).error().fault(), Fault::timeout);
  EXPECT_FALSE(fs::exists(file));

  ASSERT_TRUE(process.release());

  EXPECT_EQ(process.wait(soon()).value(), Exit{});
  EXPECT_TRUE(fs::exists(file));
}

TEST(Process, HeldTellsOnReleaseThatTheProgramIsNotThere) {
  Spawn spawn;
  spawn.argv = {"/no/such/program"};
  spawn.start = Spawn::Start::held;
  auto process = Process::spawn(std::move(spawn)).value();

  EXPECT_EQ(process.release().error().fault(), Fault::not_found);
}

TEST(Process, HeldChildDiesWithItsParent) {
  // A parent that starts a held child, tells its pid, and dies without a word.
  const auto pipe = make_pipe().value();
  const pid_t parent = ::fork();
  if (parent == 0) {
    auto spawn = shell("sleep 1000");
    spawn.start = Spawn::Start::held;
    auto child = Process::spawn(std::move(spawn));
    const int pid = child->pid();
    ::kill(::write(pipe.write.get(), &pid, sizeof pid) > 0 ? ::getpid() : 0, SIGKILL);
  }
  int pid = 0;
  const auto told = read_some(pipe.read, sizeof pid, soon()).value();
  std::copy(told.begin(), told.end(), reinterpret_cast<char*>(&pid));
  ASSERT_EQ(::waitpid(parent, nullptr, 0), parent);

  // Its new parent reaps it when it likes; there is no event to wait for.
  for (auto stop = soon(); start_time(pid) && !stop.requested();) ASSERT_TRUE(sleep(1ms, stop));
  EXPECT_FALSE(start_time(pid));
}

TEST(Process, HeldChildKeepsNobodysPipeOpen) {
  auto pipe = make_pipe().value();
  auto spawn = shell("true");
  spawn.start = Spawn::Start::held;
  const auto process = Process::spawn(std::move(spawn)).value();

  pipe.write.reset();

  EXPECT_EQ(read_some(pipe.read, 1, soon()).value(), "");
}

TEST(Process, DestroyingItKillsItsGroup) {
  auto pipe = make_pipe().value();
  {
    auto spawn = shell("sleep 1000 & echo; sleep 1000");
    spawn.out = std::move(pipe.write);
    const auto process = Process::spawn(std::move(spawn)).value();
    ASSERT_EQ(read_some(pipe.read, 1, soon()).value(), "\n");
  }
  EXPECT_EQ(read_some(pipe.read, 1, soon()).value(), "") << "nobody holds the output any more";
}

TEST(Process, StartsWithNoSignalBlockedOrIgnored) {
  sigset_t usr1;
  sigemptyset(&usr1);
  sigaddset(&usr1, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &usr1, nullptr);
  const auto before = ::signal(SIGPIPE, SIG_IGN);

  const auto got = capture(shell("grep -E 'Sig(Blk|Ign)' /proc/self/status"), "", soon()).value();

  ::signal(SIGPIPE, before);
  pthread_sigmask(SIG_UNBLOCK, &usr1, nullptr);
  EXPECT_EQ(got.out, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST(Process, InheritsWhatItIsToKeepAndNothingElse) {
  const auto kept = make_pipe().value();
  const auto other = open_file("/dev/null", O_RDONLY).value();
  ASSERT_EQ(::fcntl(other.get(), F_SETFD, 0), 0) << "a library that forgot close-on-exec";
  auto spawn = shell(fmt::format("echo hello >&{}; test -e /proc/$$/fd/{} || echo closed",
                                 kept.write.get(), other.get()));
  spawn.keep = {kept.write.get()};

  const auto got = capture(std::move(spawn), "", soon()).value();

  EXPECT_EQ(read_some(kept.read, 100, soon()).value(), "hello\n");
  EXPECT_EQ(got.out, "closed\n");
}

TEST(Process, TakesCredentials) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  auto spawn = shell("id -u; id -g; id -G; grep CapEff /proc/self/status");
  spawn.credentials = Credentials{1234, 1235, {1235, 1236}};

  EXPECT_EQ(capture(std::move(spawn), "", soon()).value().out,
            "1234\n1235\n1235 1236\nCapEff:\t0000000000000000\n");
}

TEST(Process, ManyThreadsSpawnAtOnce) {
  Crew crew(soon());
  for (int i = 0; i < 8; ++i)
    crew.add("spawner", [](const Stop& stop) -> Result<> {
      for (int round = 0; round < 10; ++round) {
        const auto got = TRY(capture(shell("cat"), "text", stop));
        if (got.out != "text") return fail(Fault::internal, "got {}", got.out);
      }
      return {};
    });

  const auto joined = crew.join();

  EXPECT_TRUE(joined) << joined.error().text();
}

TEST(Capture, PassesInputAndKeepsBothOutputs) {
  const std::string input(1U << 20, 'i');

  const auto got = capture(shell("cat; echo oops >&2; exit 4"), input, soon()).value();

  EXPECT_EQ(got.out, input);
  EXPECT_EQ(got.err, "oops\n");
  EXPECT_EQ(got.exit.status, 4);
}

TEST(Capture, DropsWhatIsOverTheLimit) {
  const auto got = capture(shell("head -c 100000 /dev/zero"), "", soon(), 10).value();

  EXPECT_EQ(got.out.size(), 10U);
  EXPECT_EQ(got.exit.status, 0);
}

TEST(Capture, DoesNotMindAProgramThatReadsNothing) {
  const std::string input(1U << 20, 'i');

  EXPECT_EQ(capture(shell("exec true"), input, soon()).value().exit.status, 0);
}

TEST(Capture, DoesNotWaitForTheBackground) {
  const auto got = capture(shell("sleep 1000 & echo $!"), "", soon()).value();

  const int pid = std::stoi(got.out);
  EXPECT_TRUE(kill_foreign(pid, start_time(pid).value(), soon()));
}

TEST(KillForeign, LeavesAnotherProcessWithTheSameNumberAlone) {
  auto process = Process::spawn(shell("sleep 1000")).value();
  const auto started = start_time(process.pid()).value();

  EXPECT_TRUE(kill_foreign(process.pid(), started + 1, soon()));
  EXPECT_EQ(process.wait(Stop{}.within(5ms)).error().fault(), Fault::timeout);

  EXPECT_TRUE(kill_foreign(process.pid(), started, soon()));
  EXPECT_EQ(process.wait(soon()).value().signal, SIGKILL);
}

}  // namespace
}  // namespace cupel::os
