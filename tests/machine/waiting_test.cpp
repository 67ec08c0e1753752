// SPDX-License-Identifier: Apache-2.0
#include "machine/waiting.hpp"

#include <poll.h>
#include <signal.h>

#include <array>

#include "machine/machines.hpp"
#include "os/pidfd.hpp"
#include "os/wait.hpp"

namespace cupel::machine {
namespace {

/// QEMUs that wait for their snapshot's state, and whoever wants one.
class Waiting : public Machines {
 protected:
  std::vector<std::string> replenished(const Snapshot& frozen, unsigned wanted,
                                       const WaitingPolicy& policy) {
    auto started = replenish(frozen, paths().machines, wanted, policy, stop());
    EXPECT_TRUE(started) << started.error().text();
    return started ? *started : std::vector<std::string>();
  }
  static std::vector<std::string> waiting() {
    std::vector<std::string> ids;
    const auto all = list_machines(paths().machines, nobody, stop());
    for (const auto& one : *all)
      if (one.state == ListedMachine::State::waiting) ids.push_back(one.record.id);
    return ids;
  }
  void TearDown() override {
    if (!IsSkipped()) {
      for (const auto& id : waiting()) EXPECT_TRUE(end_waiting(paths().machines, id, stop()));
    }
    Machines::TearDown();
  }
};

TEST_F(Waiting, OneIsTakenAndIsAMachineAsAnyOther) {
  const auto frozen = snapshot();
  ASSERT_TRUE(frozen) << frozen.error().text();
  const auto ids = replenished(*frozen, 1, {.most = 2});
  ASSERT_EQ(ids.size(), 1U);
  EXPECT_TRUE(reap(paths().machines, nobody, stop())->empty());

  auto taken = take_waiting(*frozen, order(), stop());

  ASSERT_TRUE(taken && *taken) << (taken ? "none" : taken.error().text());
  const auto machine = std::move(**taken).resume(stop());
  ASSERT_TRUE(machine) << machine.error().text();
  EXPECT_EQ((*machine)->id(), ids[0]);
  EXPECT_EQ(output((*machine)->place(), "hostname"), "cupel-" + ids[0] + "\n");
  const auto record = load_record((*machine)->directory());
  EXPECT_EQ(record->run, "run-1");
  EXPECT_EQ(record->owner.pid, ::getpid());
  EXPECT_TRUE(waiting().empty());
  ASSERT_EQ(::kill((*machine)->qemu_pid(), SIGKILL), 0);
  EXPECT_NE(output((*machine)->place(), "echo x"), "x\n");
  EXPECT_TRUE((*machine)->trouble());
}

TEST_F(Waiting, NobodyTakesOneOfAnotherSnapshotOrTwice) {
  auto frozen = snapshot();
  ASSERT_TRUE(frozen) << frozen.error().text();
  ASSERT_EQ(replenished(*frozen, 1, {.most = 1}).size(), 1U);
  auto other = *frozen;
  other.key = digest_of("another");
  EXPECT_FALSE(take_waiting(other, order(), stop())->has_value());

  auto first = take_waiting(*frozen, order(), stop());
  auto second = take_waiting(*frozen, order(), stop());

  EXPECT_TRUE(first->has_value());
  EXPECT_FALSE(second->has_value());
}

TEST_F(Waiting, ADeadOneIsRemovedAndNotTaken) {
  const auto frozen = snapshot();
  ASSERT_TRUE(frozen) << frozen.error().text();
  ASSERT_EQ(replenished(*frozen, 1, {.most = 1}).size(), 1U);
  const auto id = waiting().at(0);
  const auto qemu = *load_record(paths().machines / id)->qemu;
  const auto end = os::open_pidfd(qemu.pid);
  ASSERT_EQ(::kill(qemu.pid, SIGKILL), 0);
  std::array<os::Watched, 1> watched{os::Watched{end.get(), POLLIN}};
  ASSERT_TRUE(os::wait(watched, stop()));

  EXPECT_FALSE(take_waiting(*frozen, order(), stop())->has_value());

  EXPECT_EQ(*reap(paths().machines, nobody, stop()), std::vector<std::string>{id});
}

TEST_F(Waiting, TheirNumberStaysWithinThePolicy) {
  const auto frozen = snapshot();
  ASSERT_TRUE(frozen) << frozen.error().text();
  auto other = *frozen;
  other.key = digest_of("another");

  EXPECT_EQ(replenished(*frozen, 5, {.most = 2}).size(), 2U);
  EXPECT_EQ(replenished(*frozen, 2, {.most = 2}).size(), 0U);
  const auto old = waiting();
  // Those of another snapshot make room, the longest waiting first.
  EXPECT_EQ(replenished(other, 1, {.most = 2}).size(), 1U);
  EXPECT_EQ(waiting().size(), 2U);
  EXPECT_GT(own_memory(load_record(paths().machines / waiting()[0])->qemu->pid), mib(1));
  EXPECT_EQ(replenished(other, 2, {.most = 8, .memory = mib(1)}).size(), 0U);
  EXPECT_EQ(waiting().size(), 1U) << "that of the other snapshot went, and still it was too much";
  EXPECT_EQ(replenished(*frozen, 1, {.most = 0}).size(), 0U);
}

}  // namespace
}  // namespace cupel::machine
