// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/place_contract.hpp"

/// What every kind of Place must do whose commands outlive us (PlaceKind::later):
///   INSTANTIATE_TEST_SUITE_P(Host, PlaceKeptCommands, testing::Values(PlaceKind{...}));
namespace cupel {

class PlaceKeptCommands : public PlaceTest {
 protected:
  std::unique_ptr<place::Session> keep(const std::string& script) {
    auto session = place_->start_kept(shell(script), directory_, sink(), soon());
    EXPECT_TRUE(session) << session.error().text();
    return session ? std::move(*session) : nullptr;
  }
  /// Begins the command, in a process that dies then.
  void keep_and_die(const std::string& script) {
    EXPECT_TRUE(keep(script));
    die();
  }
  void die() { place_ = GetParam().later(std::move(place_)); }
  place::OutputSink sink() {
    return [this](place::Stream stream, std::string_view bytes) {
      (stream == place::Stream::out ? out_ : err_) += bytes;
      both_ += bytes;
    };
  }
  std::string parent() const { return directory_.substr(0, directory_.rfind('/')); }
  /// A script that waits for go().
  std::string waits() const { return "until test -e " + parent() + "/go; do sleep 0.01; done; "; }
  void go() { EXPECT_EQ(run(shell("touch " + parent() + "/go")).exit.status, 0); }

  std::string directory_ = GetParam().fresh_directory();
  std::string out_, err_, both_;
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(PlaceKeptCommands);

TEST_P(PlaceKeptCommands, TellOutputInOrderAndStatus) {
  ASSERT_TRUE(place_->keeps_commands());
  const auto session = keep("echo a; sleep 0.05; echo b >&2; sleep 0.05; echo c; exit 3");

  EXPECT_EQ(session->wait(soon()).value(), (os::Exit{3, 0}));
  EXPECT_EQ(both_, "a\nb\nc\n");
  EXPECT_EQ(err_, "b\n");
}

TEST_P(PlaceKeptCommands, AreTakenUpByAnotherProcess) {
  keep_and_die("echo first; " + waits() + "echo on >&2; exit 5");

  const auto session = keep("exit 9");
  go();

  EXPECT_EQ(session->wait(soon()).value(), (os::Exit{5, 0}));
  EXPECT_EQ(out_, "first\n");
  EXPECT_EQ(err_, "on\n");
}

TEST_P(PlaceKeptCommands, AreToldFromTheBeginningHoweverOftenWeDie) {
  keep_and_die("seq 1 20000; " + waits() + "seq 20001 40000");
  for (const std::size_t much : {1U, 4096U, 60000U}) {
    // Reads so much, and dies in the middle of it.
    out_.clear();
    StopSource enough(soon());
    const auto reads = [&](place::Stream, std::string_view bytes) {
      out_ += bytes;
      if (out_.size() >= much) enough.request();
    };
    auto session = place_->start_kept(shell("exit 9"), directory_, reads, soon());
    ASSERT_TRUE(session) << session.error().text();
    EXPECT_EQ((*session)->wait(enough.stop()).error().fault(), Fault::stopped);
    session->reset();  // before its place
    die();
  }
  out_.clear();
  const auto session = keep("exit 9");
  go();

  EXPECT_EQ(session->wait(soon()).value(), (os::Exit{0, 0}));
  EXPECT_EQ(out_, run(shell("seq 1 40000")).out);
}

TEST_P(PlaceKeptCommands, MayHaveEndedMeanwhile) {
  keep_and_die("echo done; exit 4");

  EXPECT_EQ(keep("exit 9")->wait(soon()).value(), (os::Exit{4, 0}));
  die();
  out_.clear();
  EXPECT_EQ(keep("exit 9")->wait(soon()).value(), (os::Exit{4, 0})) << "as often as one asks";
  EXPECT_EQ(out_, "done\n");
}

TEST_P(PlaceKeptCommands, AreKilledWithTheirTreeByWhoTookThemUp) {
  keep_and_die("setsid sleep 1000 & echo $!; wait");

  const auto session = keep("exit 9");
  ASSERT_TRUE(session->kill_tree(std::chrono::seconds(5), soon()));

  EXPECT_EQ(session->wait(soon()).value().signal, SIGTERM);
  EXPECT_EQ(
      run(shell("grep -s State: /proc/" + std::string(trim(out_)) + "/status | grep -v Z")).out,
      "");
}

TEST_P(PlaceKeptCommands, NeedTheirDirectory) {
  auto command = shell("true");
  command.directory = "/no/such/directory";

  const auto session = place_->start_kept(command, directory_, sink(), soon());

  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().fault(), Fault::not_found);
  EXPECT_EQ(keep("exit 2")->wait(soon()).value().status, 2) << "once more, in another one";
}

TEST_P(PlaceKeptCommands, LeaveTheirNumber) {
  const auto session = keep("echo $$; " + waits());
  const auto pid = run(shell("cut -d' ' -f1 " + directory_ + "/pid")).out;
  go();

  EXPECT_EQ(session->wait(soon()).value().status, 0);
  EXPECT_EQ(out_, pid);
}

TEST_P(PlaceKeptCommands, PrintMuch) {
  const auto session = keep("seq 1 2000000; head -c 1000 /dev/zero >&2");

  EXPECT_EQ(session->wait(soon()).value().status, 0);

  EXPECT_EQ(err_.size(), 1000U);
  EXPECT_TRUE(out_ == run(shell("seq 1 2000000")).out);
}

}  // namespace cupel
