// SPDX-License-Identifier: Apache-2.0
#include "os/terminal.hpp"

#include <gtest/gtest.h>

#include "os/process.hpp"

namespace cupel::os {
namespace {

using namespace std::chrono_literals;

TEST(Terminal, HasTheSizeThatWasAskedFor) {
  const auto pty = open_pty({30, 100}).value();
  EXPECT_TRUE(is_terminal(pty.slave.get()));
  EXPECT_EQ(window_size(pty.slave.get())->columns, 100);

  ASSERT_TRUE(resize(pty.master, {40, 120}));

  EXPECT_EQ(window_size(pty.slave.get())->rows, 40);
  EXPECT_FALSE(window_size(make_pipe().value().read.get()));
}

TEST(Terminal, RawModeEndsWithItsObject) {
  const auto pty = open_pty({}).value();
  const auto stop = Stop{}.within(20s);
  {
    const auto raw = RawMode::enter(pty.slave.get()).value();
    ASSERT_TRUE(write_all(pty.slave, "\n", stop));
    EXPECT_EQ(read_some(pty.master, 10, stop).value(), "\n");
  }
  ASSERT_TRUE(write_all(pty.slave, "\n", stop));
  EXPECT_EQ(read_some(pty.master, 10, stop).value(), "\r\n");
}

TEST(Terminal, ControlsTheProcessThatAsksForIt) {
  auto pty = open_pty({}).value();
  Spawn spawn;
  spawn.argv = {"sh", "-c", "echo yes > /dev/tty"};
  spawn.group = Spawn::Group::terminal;
  spawn.in = std::move(pty.slave);
  auto process = Process::spawn(std::move(spawn)).value();

  EXPECT_EQ(read_some(pty.master, 10, Stop{}.within(20s)).value(), "yes\r\n");
  EXPECT_EQ(process.wait(Stop{}.within(20s)).value().status, 0);
}

}  // namespace
}  // namespace cupel::os
