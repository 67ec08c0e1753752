// SPDX-License-Identifier: Apache-2.0
#include "place/kept_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.hpp"
#include "os/files.hpp"
#include "place/host.hpp"

namespace cupel::place {
namespace {

using namespace std::chrono_literals;

class KeptCommand : public testing::Test {
 protected:
  static Stop soon() { return Stop{}.within(20s); }
  std::string directory(const std::string& name = "kept") const {
    return (root_.path() / name).string();
  }
  Command shell(std::string script) const {
    Command command;
    command.argv = {"sh", "-c", std::move(script)};
    command.directory = root_.path().string();
    return command;
  }
  OutputSink sink() {
    return [this](Stream stream, std::string_view bytes) {
      text_ += stream == Stream::out ? "o:" : "e:";
      text_ += bytes;
    };
  }
  /// Starts the command in a process that is gone afterwards, as if it had been killed.
  void start_and_die(const Command& command) {
    const auto child = ::fork();
    if (child == 0) {
      HostPlace place(host_environment(), "cookie-");
      const auto session = place.start_kept(command, directory(), nullptr, Stop{});
      ::_exit(session ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_EQ(status, 0);
  }

  os::TempDir root_ = std::move(*os::TempDir::make("kept"));
  std::string text_;
  HostPlace place_{host_environment(), "cookie-"};
};

TEST_F(KeptCommand, TellsOutputInOrderAndStatus) {
  const auto command = shell("echo a; sleep 0.02; echo b >&2; sleep 0.02; echo c; exit 3");

  const auto session = place_.start_kept(command, directory(), sink(), soon()).value();
  const auto exit = session->wait(soon());

  EXPECT_EQ(exit.value().status, 3);
  EXPECT_EQ(text_, "o:a\ne:b\no:c\n");
}

TEST_F(KeptCommand, IsTakenUpByAnotherProcess) {
  start_and_die(
      shell("echo $$ >> ran; echo first; while ! test -e go; do sleep 0.01; done; echo on"));

  const auto session = place_.start_kept(shell("exit 9"), directory(), sink(), soon()).value();
  ASSERT_TRUE(os::write_file(root_.path() / "go", ""));
  const auto exit = session->wait(soon());

  EXPECT_EQ(exit.value().status, 0);
  EXPECT_THAT(text_, testing::AnyOf("o:first\no:on\n", "o:first\non\n"));
  EXPECT_EQ(split(*os::read_file(root_.path() / "ran"), '\n').size(), 2U);
}

TEST_F(KeptCommand, HasEndedMeanwhile) {
  start_and_die(shell("echo done; exit 4"));
  static_cast<void>(place_
                        .start_kept(
                            shell(""), directory(), [](Stream, std::string_view) {}, soon())
                        .value()
                        ->wait(soon()));

  const auto again = place_.start_kept(shell("exit 9"), directory(), sink(), soon()).value();

  EXPECT_EQ(again->wait(soon()).value().status, 4);
  EXPECT_EQ(text_, "o:done\n");
}

TEST_F(KeptCommand, IsKilledWithItsTree) {
  const auto session =
      place_.start_kept(shell("sleep 1000 & sleep 1000"), directory(), sink(), soon()).value();

  ASSERT_TRUE(session->kill_tree(5s, soon()));

  EXPECT_EQ(session->wait(soon()).value().signal, SIGTERM);
}

TEST_F(KeptCommand, WhoseSupervisorDiedIsLost) {
  const auto session = place_.start_kept(shell("sleep 1000"), directory(), sink(), soon()).value();
  const auto numbers = split(trim(*os::read_file(directory() + "/pid")), ' ');
  ::kill(static_cast<int>(*parse_integer(numbers[1])), SIGKILL);

  const auto exit = session->wait(soon());

  EXPECT_EQ(exit.error().text(), "the command's process is gone, and nobody knows how it ended");
  ::kill(-static_cast<int>(*parse_integer(numbers[0])), SIGKILL);
}

TEST_F(KeptCommand, EndsWithAPlaceThatTakesItsCookieUp) {
  start_and_die(shell("echo up; sleep 1000 & sleep 1000"));
  const auto session = KeptSession::open(directory(), "cookie-", sink(), soon()).value();
  // Before it is executed, it has no cookie.
  for (const auto limit = soon(); text_.empty() && limit.check();)
    static_cast<void>(session->wait(limit.within(20ms)));

  { const HostPlace taken_up(host_environment(), "cookie-"); }

  EXPECT_EQ(session->wait(soon()).value().signal, SIGTERM);
}

TEST_F(KeptCommand, NeedsItsDirectory) {
  auto command = shell("true");
  command.directory = "/no/such/directory";

  const auto session = place_.start_kept(command, directory(), sink(), soon());

  EXPECT_EQ(session.error().fault(), Fault::not_found);
}

TEST_F(KeptCommand, ManyBytesArriveWhole) {
  const auto command = shell("head -c 3000000 /dev/zero | tr '\\0' x; head -c 1000 /dev/zero >&2");
  std::size_t out = 0, err = 0;
  const auto count = [&](Stream stream, std::string_view bytes) {
    (stream == Stream::out ? out : err) += bytes.size();
  };

  const auto session = place_.start_kept(command, directory(), count, soon()).value();

  EXPECT_EQ(session->wait(soon()).value().status, 0);
  EXPECT_EQ(out, 3000000U);
  EXPECT_EQ(err, 1000U);
}

}  // namespace
}  // namespace cupel::place
