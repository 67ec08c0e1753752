// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>

#include <cstdlib>

#include "machine/machine.hpp"
#include "machine/machine_list.hpp"
#include "machine/qemu.hpp"
#include "machine/snapshots.hpp"

namespace cupel::machine {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// One snapshot for all tests, made by the first.
class Machines : public testing::Test {
 protected:
  static void SetUpTestSuite() { home_ = new os::TempDir(std::move(*os::TempDir::make("cupel"))); }
  static void TearDownTestSuite() {
    delete home_;
    home_ = nullptr;
  }
  void SetUp() override {
    const char* tiny = std::getenv("CUPEL_TEST_TINY");
    if (tiny == nullptr) GTEST_SKIP() << "needs CUPEL_TEST_TINY, the directory of a tiny box";
    if (!qemu_identity()) GTEST_SKIP() << qemu_identity().error().text();
    const fs::path box(tiny);
    recipe_.box = {"cupel/tiny", digest_of("tiny"), box / "vmlinux", box / "initramfs", {}, {}};
    recipe_.shape.memory = mib(512);
  }
  void TearDown() override {
    if (!home_ || IsSkipped()) return;
    const auto left = list_machines(paths().machines, nobody, stop());
    ASSERT_TRUE(left);
    EXPECT_EQ(left->size(), 0U);
  }

  static Paths paths() {
    const auto& home = home_->path();
    return {home / "boxes", home / "snapshots", home / "machines", home / "downloads",
            home / "acceleration.json"};
  }
  static MachineOrder order() { return {paths().machines, "run-1", "run"}; }
  static Stop stop() { return Stop{}.within(240s); }

  Result<Snapshot> snapshot() {
    return Snapshots(paths()).obtain(
        recipe_, most_, [this](std::string_view line) { news_.emplace_back(line); }, stop());
  }
  std::unique_ptr<Machine> clone() {
    auto frozen = snapshot();
    EXPECT_TRUE(frozen) << frozen.error().text();
    if (!frozen) return nullptr;
    auto machine = Machine::clone(*frozen, order(), stop());
    EXPECT_TRUE(machine) << machine.error().text();
    return machine ? std::move(*machine) : nullptr;
  }
  static std::string output(place::Place& place, const std::string& script) {
    place::Command command;
    command.argv = {"/bin/sh", "-c", script};
    const auto output = place::run_captured(place, command, stop());
    return output ? output->out + output->err : output.error().text();
  }
  static Result<os::Exit> run(Machine& machine, const std::string& script) {
    place::Command command;
    command.argv = {"/bin/sh", "-c", script};
    return place::run(
        machine.place(), command, [](auto, auto) {}, stop());
  }

  static inline os::TempDir* home_ = nullptr;
  Recipe recipe_;
  Bytes most_ = gib(100);
  std::vector<std::string> news_;
};

}  // namespace cupel::machine
