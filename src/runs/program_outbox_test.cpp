// SPDX-License-Identifier: Apache-2.0
#include "runs/program_outbox.hpp"

#include <gtest/gtest.h>

#include "os/files.hpp"

namespace cupel::runs {
namespace {

pipeline::Notification mail() {
  pipeline::Notification one;
  one.step = "mail";
  one.to = "a@example.org\nBcc: victim@example.org";
  one.subject = "Build";
  one.text = "It failed.";
  return one;
}

TEST(ProgramOutbox, LetsNothingBeginAnotherHeader) {
  EXPECT_EQ(mail_text(mail(), "ci@example.org"),
            "From: ci@example.org\nTo: a@example.org Bcc: victim@example.org\nSubject: Build\n"
            "Content-Type: text/plain; charset=UTF-8\nMIME-Version: 1.0\n\nIt failed.\n");
}

TEST(ProgramOutbox, SendsNothingUnlessTold) {
  ProgramOutbox outbox({});
  pipeline::Notification chat;
  chat.step = "slackSend";

  EXPECT_EQ(*outbox.send(mail(), Stop()), pipeline::Outbox::Sent::not_configured);
  EXPECT_EQ(*outbox.send(chat, Stop()), pipeline::Outbox::Sent::not_configured);
}

TEST(ProgramOutbox, GivesTheMailToTheProgram) {
  const auto directory = *os::TempDir::make("outbox");
  const auto program = directory.path() / "sendmail";
  const auto kept = directory.path() / "mail";
  ASSERT_TRUE(os::write_file(program, "#!/bin/sh\ncat > '" + kept.string() + "'\n", 0755));
  ProgramOutbox outbox({program.string(), "ci@example.org", {}});

  const auto sent = outbox.send(mail(), Stop());

  ASSERT_TRUE(sent) << sent.error().text();
  EXPECT_NE(os::read_file(kept)->find("It failed."), std::string::npos);
}

}  // namespace
}  // namespace cupel::runs
