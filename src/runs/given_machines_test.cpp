// SPDX-License-Identifier: Apache-2.0
#include "runs/given_machines.hpp"

#include <gmock/gmock.h>

namespace cupel::runs {
namespace {

model::MachineUse machine(std::string name) {
  model::MachineUse use;
  use.name = std::move(name);
  use.cpus = 2;
  use.memory = gib(1);
  return use;
}

TEST(GivenMachines, AreReadOnceEachInTheirOrder) {
  const auto directory = os::TempDir::make("given").value();
  const auto file = directory.path() / "machines";
  EXPECT_TRUE(noted_machines(file).empty());

  for (const auto* name : {"tiny-3f2a91", "debian-12-000001", "tiny-3f2a91"})
    ASSERT_TRUE(note_machine(file, machine(name)));

  EXPECT_THAT(noted_machines(file),
              testing::ElementsAre(machine("tiny-3f2a91"), machine("debian-12-000001")));
}

TEST(GivenMachines, ALineThatACrashCutIsLeftOut) {
  const auto directory = os::TempDir::make("given").value();
  const auto file = directory.path() / "machines";
  ASSERT_TRUE(os::write_file(file, "\n{\"name\": \"tiny-3f2a91\", \"cp"));
  ASSERT_TRUE(note_machine(file, machine("tiny-000002")));

  EXPECT_THAT(noted_machines(file), testing::ElementsAre(machine("tiny-000002")));
}

}  // namespace
}  // namespace cupel::runs
