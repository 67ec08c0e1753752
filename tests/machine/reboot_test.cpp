// SPDX-License-Identifier: Apache-2.0
#include "machine/machines.hpp"

namespace cupel::machine {
namespace {

/// Those that come back.
class Rebooted : public Machines {
 protected:
  static place::RebootOrder order(place::RebootOrder::How how) {
    return {std::chrono::minutes(4), how, "/workspace"};
  }
  Result<> reboot(Machine& machine,
                  place::RebootOrder::How how = place::RebootOrder::How::orderly) {
    return machine.reboot(
        order(how), [this](auto, auto bytes) { told_ += bytes; }, stop());
  }
  std::string told_;
};

TEST_F(Rebooted, WithTheWorkspaceAndNothingElseOfItsMemory) {
  const auto machine = clone();
  ASSERT_TRUE(machine);
  output(machine->place(), "mkdir -p /workspace/p; echo mine >/workspace/p/file; echo x >/root/x");
  const auto boot = output(machine->place(), "cat /proc/sys/kernel/random/boot_id");

  const auto done = reboot(*machine);

  ASSERT_TRUE(done) << done.error().text();
  EXPECT_NE(output(machine->place(), "cat /proc/sys/kernel/random/boot_id"), boot);
  EXPECT_EQ(output(machine->place(), "cat /workspace/p/file; ls /root; hostname"),
            "mine\ncupel-" + machine->id() + "\n");
  EXPECT_THAT(told_, testing::StartsWith("machine " + machine->id() + " reboots\n"));
  EXPECT_THAT(told_, testing::HasSubstr("reboot: Restarting system\n"));
  EXPECT_THAT(told_, testing::ContainsRegex(" is back after [0-9.]+ s\n$"));
  EXPECT_FALSE(machine->trouble());
}

TEST_F(Rebooted, HardAndAgain) {
  const auto machine = clone();
  ASSERT_TRUE(machine);
  for (int i = 0; i < 2; ++i) {
    const auto done = reboot(*machine, place::RebootOrder::How::hard);
    ASSERT_TRUE(done) << done.error().text();
    EXPECT_EQ(output(machine->place(), "echo alive"), "alive\n");
  }
}

TEST_F(Rebooted, WhatElseRanInItEndsWithAnError) {
  const auto machine = clone();
  ASSERT_TRUE(machine);
  place::Command command;
  command.argv = {"sleep", "1000"};
  const auto other = machine->place().start(
      command, [](auto, auto) {}, stop());
  ASSERT_TRUE(other);

  ASSERT_TRUE(reboot(*machine));

  const auto exit = (*other)->wait(stop());
  ASSERT_FALSE(exit);
  EXPECT_THAT(exit.error().text(),
              testing::HasSubstr("rebooted while this ran, by a step reboot()"));
}

TEST_F(Rebooted, NotWhatItsProvisioningLeftInMemory) {
  place::ProvisionStep step;
  step.script = "echo x >/root/x";
  recipe_.provision = {step};
  const auto machine = clone();
  ASSERT_TRUE(machine);

  const auto done = reboot(*machine);

  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().fault(), Fault::denied);
  EXPECT_EQ(output(machine->place(), "cat /root/x"), "x\n");
}

}  // namespace
}  // namespace cupel::machine
