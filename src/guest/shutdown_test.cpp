// SPDX-License-Identifier: Apache-2.0
#include "guest/shutdown.hpp"

#include <gtest/gtest.h>

#include "base/crew.hpp"
#include "os/files.hpp"
#include "os/socket.hpp"

namespace cupel::guest {
namespace {

using namespace std::chrono_literals;

class ShutdownTest : public testing::Test {
 protected:
  ShutdownTest() { EXPECT_TRUE(os::write_file(paths_.program, "#!/bin/sh\n", 0755)); }

  /// Somebody who answers as systemd does: lets in, reads the question, says the state.
  void answer(std::string state) {
    listener_ = os::listen_unix(paths_.manager).value();
    systemd_.add("systemd", [this, state = std::move(state)](const Stop& stop) -> Result<> {
      const auto peer = TRY(os::accept(listener_, stop));
      TRY(os::read_some(peer, 100, stop));
      TRY(os::write_all(peer, "OK 1234\r\n", stop));
      std::string asked;
      while (asked.size() < state_question().size()) asked += TRY(os::read_some(peer, 1000, stop));
      asked_ = asked;
      return os::write_all(peer, std::string("l\2\1\1....") + state + '\0', stop);
    });
  }
  void run_program() { EXPECT_TRUE(os::read_file(paths_.program)); }
  bool ask(Shutdown& shutdown) {
    bool done = false;
    shutdown.ask([&] { done = true; });
    while (!done && loop_->turn()) {
    }
    return shutdown.announced();
  }

  os::TempDir home_ = os::TempDir::make("shutdown").value();
  Shutdown::Paths paths_{home_.path() / "systemctl", home_.path() / "private"};
  std::unique_ptr<Loop> loop_ = Loop::make().value();
  int announced_ = 0;
  os::Fd listener_;
  std::string asked_;
  Crew systemd_{Stop{}.within(30s)};
};

TEST_F(ShutdownTest, IsSuspectedOnlyWhereItsProgramWasRun) {
  Shutdown shutdown(
      *loop_, [&] { ++announced_; }, paths_);
  EXPECT_FALSE(shutdown.suspected());
  run_program();
  EXPECT_TRUE(shutdown.suspected());
}

TEST_F(ShutdownTest, IsAnnouncedOnceAndBeforeThoseWhoAsked) {
  answer("stopping");
  Shutdown shutdown(
      *loop_, [&] { ++announced_; }, paths_);

  EXPECT_TRUE(ask(shutdown));

  EXPECT_EQ(announced_, 1);
  ASSERT_TRUE(systemd_.join());
  EXPECT_EQ(asked_, state_question());
  run_program();
  EXPECT_FALSE(shutdown.suspected()) << "it is known";
}

TEST_F(ShutdownTest, IsNotOnItsWayWhereSystemdSaysSo) {
  answer("degraded");
  Shutdown shutdown(
      *loop_, [&] { ++announced_; }, paths_);
  run_program();
  EXPECT_TRUE(shutdown.suspected());
  EXPECT_FALSE(ask(shutdown));
  EXPECT_FALSE(shutdown.suspected());
  EXPECT_EQ(announced_, 0);
}

TEST_F(ShutdownTest, IsUnknownWithoutSystemd) {
  Shutdown shutdown(
      *loop_, [&] { ++announced_; }, paths_);
  EXPECT_FALSE(ask(shutdown));
}

}  // namespace
}  // namespace cupel::guest
