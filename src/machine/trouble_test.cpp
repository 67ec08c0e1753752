// SPDX-License-Identifier: Apache-2.0
#include "machine/trouble.hpp"

#include <gmock/gmock.h>

namespace cupel::machine {
namespace {

QmpEvent event(const std::string& name, const std::string& data) {
  return {name, *json::parse(data)};
}

TEST(Trouble, BlamesTheGuestForWhatRanInIt) {
  for (const auto& [it, text] :
       {std::pair{event("GUEST_PANICKED", "{}"), "the machine's kernel panicked"},
        {event("RESET", R"({"guest": true})"), "the machine rebooted"},
        {event("SHUTDOWN", R"({"guest": true, "reason": "guest-shutdown"})"),
         "the machine was powered off from inside"}}) {
    const auto trouble = judge(it);
    ASSERT_TRUE(trouble);
    EXPECT_EQ(trouble->text, text);
    EXPECT_EQ(trouble->blame, Trouble::Blame::guest);
  }
}

TEST(Trouble, BlamesTheHostForAFullDisk) {
  const auto trouble = judge(event("BLOCK_IO_ERROR", R"({"action": "stop", "nospace": true})"));
  ASSERT_TRUE(trouble);
  EXPECT_EQ(trouble->text, "no space left on this host for the machine's disk");
  EXPECT_EQ(trouble->blame, Trouble::Blame::host);
}

TEST(Trouble, OrdinaryEventsAreNone) {
  for (const auto* name : {"STOP", "RESUME", "MIGRATION", "RTC_CHANGE", "VSERPORT_CHANGE"})
    EXPECT_FALSE(judge(event(name, "{}"))) << name;
  EXPECT_FALSE(judge(event("RESET", R"({"guest": false})")));
  EXPECT_FALSE(judge(event("BLOCK_IO_ERROR", R"({"action": "report", "nospace": true})")));
}

TEST(Trouble, TheExitTellsSignalAndLastWords) {
  EXPECT_EQ(judge_exit({137, 9}, "").text, "QEMU was killed by signal 9");
  EXPECT_EQ(judge_exit({1, 0}, "a\nqemu: no memory\n").text,
            "QEMU ended with status 1: qemu: no memory");
}

TEST(Trouble, TakesTheKernelsWordsFromTheConsole) {
  const auto trouble = with_console(
      {"the machine's kernel panicked", Trouble::Blame::guest, {}},
      "boot\r\n\x1b[1;31mred\x1b[0m\n[ 1.0] Kernel panic - not syncing: sysrq triggered crash\n");
  EXPECT_EQ(trouble.text, "the machine's kernel panicked: sysrq triggered crash");
  EXPECT_THAT(trouble.console, testing::ElementsAre("boot", "red", testing::HasSubstr("panic")));
}

TEST(Trouble, NamesWhatThePanicCameFrom) {
  const auto trouble = with_console(
      {"the machine's kernel panicked", Trouble::Blame::guest, {}},
      "[ 1.0] BUG: kernel NULL pointer dereference, address: 0\n[ 1.0] Oops: 0002 [#1]\n"
      "[ 1.1] Kernel panic - not syncing: Fatal exception\n");
  EXPECT_EQ(trouble.text,
            "the machine's kernel panicked: Fatal exception "
            "(BUG: kernel NULL pointer dereference, address: 0)");
}

TEST(Reset, IsWhatTheConsoleSaysLast) {
  EXPECT_EQ(cause_of_reset("[ 36.1] reboot: Restarting system\r\nSeaBIOS"), ResetCause::reboot);
  EXPECT_EQ(cause_of_reset("sysrq: Resetting\n"), ResetCause::reboot);
  EXPECT_EQ(cause_of_reset("[ 1.0] Kernel panic - not syncing: no init\n"), ResetCause::panic);
  EXPECT_EQ(cause_of_reset("reboot: Restarting system\nKernel panic - not syncing: x\n"),
            ResetCause::panic);
  EXPECT_EQ(cause_of_reset("login:"), ResetCause::fault);
  EXPECT_TRUE(is_reset(event("RESET", R"({"guest": true})")));
  EXPECT_FALSE(is_reset(event("RESET", R"({"guest": false})")));
}

TEST(OutOfMemory, IsReadFromTheConsole) {
  EXPECT_EQ(out_of_memory("[ 9.1] Out of memory: Killed process 7 (awk) total-vm:1kB\r\n"),
            "the machine's memory was full: the kernel killed process 7 (awk)");
  EXPECT_EQ(out_of_memory("Memory cgroup out of memory: Killed process 7 (a) total-vm:1kB\n"
                          "Memory cgroup out of memory: Killed process 8 (b) total-vm:1kB\n"),
            "a container's memory was full: the kernel killed process 7 (a) and 1 more");
  EXPECT_EQ(out_of_memory("oom_reaper: reaped process 7 (awk)\nKilled process"), "");
}

TEST(FullDisk, IsTheFirstWithoutRoom) {
  EXPECT_EQ(full_disk("/ 22055 10\n/proc 0 0\n"), "");
  EXPECT_EQ(full_disk("/ 22055 10\n/tmp 22055 0\n"),
            "the machine's disk is full: no room is left on /tmp");
  EXPECT_EQ(full_disk(""), "");
}

TEST(ServesOwner, HearsOfTheOwnersPortOnly) {
  const auto change = [](const char* id, bool open) {
    return serves_owner({"VSERPORT_CHANGE", json::Object{{"id", id}, {"open", open}}});
  };

  EXPECT_EQ(change("cupel0", false), false);
  EXPECT_EQ(change("cupel0", true), true);
  EXPECT_EQ(change("cupel1", false), std::nullopt);
}

TEST(Status, ThatSaysTheMachineDoesNotRunIsTrouble) {
  EXPECT_FALSE(judge_status("running"));
  EXPECT_EQ(judge_status("guest-panicked")->text, "the machine's kernel panicked");
  EXPECT_EQ(judge_status("shutdown")->blame, Trouble::Blame::guest);
  EXPECT_EQ(judge_status("io-error")->blame, Trouble::Blame::host);
  EXPECT_EQ(judge_status("colo")->text, "the machine does not run: QEMU says \"colo\"");
}

}  // namespace
}  // namespace cupel::machine
