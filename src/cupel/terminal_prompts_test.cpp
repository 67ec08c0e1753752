// SPDX-License-Identifier: Apache-2.0
#include "cupel/terminal_prompts.hpp"

#include <gtest/gtest.h>
#include <termios.h>

#include "os/terminal.hpp"

namespace cupel {
namespace {

using Decision = pipeline::PromptAnswer::Decision;

class TerminalPromptsTest : public testing::Test {
 protected:
  TerminalPrompts typing(std::string_view text) {
    auto pipe = *os::make_pipe();
    EXPECT_TRUE(os::write_all(pipe.write, text, Stop()));
    return {std::move(pipe.read), [this](std::string_view more) { said_ += more; }, "ann"};
  }
  static Stop soon() { return Stop().within(std::chrono::seconds(10)); }
  std::string said_;
};

TEST_F(TerminalPromptsTest, AsksUntilTheAnswerFits) {
  auto prompts = typing("what\n\nmars\ntest\n");
  pipeline::Question question{"id", "Deploy?", "Ship", {}, ""};
  question.parameters.push_back(
      {"WHERE", pipeline::PromptParameter::Kind::choice, "", "", {"test", "production"}});

  const auto answer = prompts.ask(question, soon());

  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->decision, Decision::proceed);
  EXPECT_EQ(answer->values.front().second, "test");
  EXPECT_EQ(answer->submitter, "ann");
  EXPECT_NE(said_.find("Deploy?\n  Ship: press Enter"), std::string::npos);
  EXPECT_NE(said_.find("not 'mars'"), std::string::npos);
}

TEST_F(TerminalPromptsTest, DoesNotShowPasswords) {
  auto pty = std::move(*os::open_pty({}));
  const auto slave = *os::duplicate(pty.slave.get());
  const auto shown = [&] {
    termios mode{};
    ::tcgetattr(slave.get(), &mode);
    return (mode.c_lflag & ECHO) != 0;
  };
  bool shown_behind = true;
  TerminalPrompts prompts(
      std::move(pty.slave),
      [&](std::string_view more) {
        if (more == "\n") shown_behind = shown();  // before what is typed is shown again
      },
      "ann");
  pipeline::Question question{"id", "Log in", "Go", {}, ""};
  question.parameters.push_back({"TOKEN", pipeline::PromptParameter::Kind::password, "", "", {}});
  ASSERT_TRUE(shown());
  ASSERT_TRUE(os::write_all(pty.master, "\nhunter2\n", Stop()));

  const auto answer = prompts.ask(question, soon());

  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->values.front().second, "hunter2");
  EXPECT_FALSE(shown_behind);
  EXPECT_TRUE(shown());
}

TEST_F(TerminalPromptsTest, AbortsAndEnds) {
  auto prompts = typing("abort\n");
  const pipeline::Question question{"id", "Deploy?", "Ship", {}, ""};

  EXPECT_EQ(prompts.ask(question, soon())->decision, Decision::abort);
  EXPECT_FALSE(prompts.ask(question, soon())) << "the other end of the terminal is closed";
}

}  // namespace
}  // namespace cupel
