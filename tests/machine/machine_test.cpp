// SPDX-License-Identifier: Apache-2.0
// Real machines. Needs QEMU and a tiny box: a directory with vmlinux and initramfs, named by
// CUPEL_TEST_TINY.
#include "machine/machine.hpp"

#include <gmock/gmock.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>

#include "machine/machine_list.hpp"
#include "machine/qemu.hpp"
#include "machine/snapshots.hpp"
#include "machine/visit.hpp"
#include "machine/waiting.hpp"
#include "os/pidfd.hpp"
#include "os/socket.hpp"
#include "os/wait.hpp"

namespace cupel::machine {
namespace {

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

  static os::TempDir* home_;
  Recipe recipe_;
  Bytes most_ = gib(100);
  std::vector<std::string> news_;
};
os::TempDir* Machines::home_ = nullptr;

TEST_F(Machines, BootRunACommandAndEnd) {
  const auto machine = Machine::boot(recipe_, order(), stop());
  ASSERT_TRUE(machine) << machine.error().text();

  EXPECT_EQ(output((*machine)->place(), "echo hello; exit 3"), "hello\n");
  EXPECT_FALSE((*machine)->trouble());
}

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

TEST_F(Machines, ClonesDifferInIdentityAndShareNothing) {
  const auto one = clone();
  const auto two = clone();
  ASSERT_TRUE(one && two);

  for (const auto* script :
       {"hostname", "cat /etc/machine-id", "head -c 16 /dev/urandom | od -x"}) {
    const auto first = output(one->place(), script);
    EXPECT_NE(first, output(two->place(), script)) << script;
    EXPECT_FALSE(first.empty());
  }
  EXPECT_EQ(output(one->place(), "hostname"), "cupel-" + one->id() + "\n");
  output(one->place(), "echo x > /root/mine");
  EXPECT_EQ(output(two->place(), "test -e /root/mine || echo no"), "no\n");
  EXPECT_NE(output(one->place(), "date +%s").substr(0, 6), "");
}

TEST_F(Machines, AClonesClockIsRight) {
  const auto machine = clone();
  ASSERT_TRUE(machine);
  const auto inside = parse_integer(trim(output(machine->place(), "date +%s")));
  ASSERT_TRUE(inside);
  EXPECT_NEAR(static_cast<double>(*inside), static_cast<double>(std::time(nullptr)), 3);
}

/// What another process finds after its maker was killed: everything but the maker.
class TakenUp : public Machines {
 protected:
  /// Made in a process that dies, where it has run `script` last. Its id.
  std::string orphan(const std::string& script) {
    const auto frozen = snapshot();
    EXPECT_TRUE(frozen) << frozen.error().text();
    auto pipe = os::make_pipe().value();
    const pid_t child = ::fork();
    if (child == 0) {
      auto made = order();
      made.resumable = Resumable{"/journal", {}, std::chrono::hours(1), {}};
      const auto machine = Machine::clone(*frozen, made, stop());
      if (!machine) ::_exit(1);
      if (!start(**machine, script)) ::_exit(2);
      static_cast<void>(os::write_all(pipe.write, (*machine)->id(), stop()));
      ::raise(SIGKILL);
    }
    pipe.write.reset();
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(WTERMSIG(status), SIGKILL) << WEXITSTATUS(status);
    return os::read_some(pipe.read, 100, stop()).value();
  }
  static std::unique_ptr<place::Session> start(
      Machine& machine, const std::string& script, place::OutputSink sink = [](auto, auto) {}) {
    place::Command command;
    command.argv = {"/bin/sh", "-c", script};
    auto session = machine.place().start_kept(command, "/root/kept", std::move(sink), stop());
    return session ? std::move(*session) : nullptr;
  }
  static Result<std::unique_ptr<Machine>> take_up(const std::string& id) {
    return Machine::take_up(paths().machines, id, stop());
  }
};

TEST_F(TakenUp, WithWhatRunsInIt) {
  const auto id = orphan("echo one; until test -e /root/go; do sleep 0.1; done; echo two; exit 3");

  const auto machine = take_up(id);
  ASSERT_TRUE(machine) << machine.error().text();
  std::string text;
  const auto session = start(**machine, "exit 9", [&](auto, auto bytes) { text += bytes; });
  ASSERT_TRUE(session);
  output((*machine)->place(), "touch /root/go");

  EXPECT_EQ(session->wait(stop()).value().status, 3);
  EXPECT_EQ(text, "one\ntwo\n");
  EXPECT_FALSE((*machine)->trouble());
}

TEST_F(TakenUp, ItIsStillLookedAfter) {
  const auto machine = take_up(orphan("true"));
  ASSERT_TRUE(machine) << machine.error().text();
  place::Command command;
  command.argv = {"sleep", "1000"};
  const auto session = (*machine)->place().start(
      command, [](auto, auto) {}, stop());
  ASSERT_TRUE(session);

  ::kill((*machine)->qemu_pid(), SIGKILL);
  const auto exit = (*session)->wait(stop());

  ASSERT_FALSE(exit);
  EXPECT_EQ((*machine)->explain(exit.error()).text(), "QEMU ended or was killed");
}

TEST_F(TakenUp, NotOnceItPanickedOrRebooted) {
  struct Case {
    std::string_view script, event, said;
  };
  for (const auto& [script, event, said] : {
           Case{"echo c > /proc/sysrq-trigger\n", "GUEST_PANICKED", "panicked"},
           Case{"reboot -f\n", "RESET", "reboot"},
       }) {
    const auto id = orphan("true");
    const auto limit = stop();
    {
      auto qmp = connect_qmp(paths().machines / id, limit);
      ASSERT_TRUE(qmp) << qmp.error().text();
      const auto shell = os::connect_unix(console_socket(paths().machines / id), limit);
      ASSERT_TRUE(shell) << shell.error().text();
      ASSERT_TRUE(os::write_all(*shell, script, limit));
      for (std::string name; name != event;) {
        const auto next = qmp->next_event(limit);
        ASSERT_TRUE(next) << next.error().text();
        name = next->name;
      }
    }

    const auto machine = take_up(id);

    ASSERT_FALSE(machine);
    EXPECT_NE(machine.error().text().find(said), std::string::npos) << machine.error().text();
    EXPECT_FALSE(fs::exists(paths().machines / id));
  }
}

TEST_F(TakenUp, NotOnceItsQemuEnded) {
  const auto id = orphan("true");
  const auto pid = load_record(paths().machines / id)->qemu->pid;
  const auto qemu = os::open_pidfd(pid);
  std::array<os::Watched, 1> end{os::Watched{qemu.get(), POLLIN}};
  ::kill(pid, SIGKILL);
  ASSERT_TRUE(os::wait(end, stop()));

  EXPECT_EQ(take_up(id).error().fault(), Fault::not_found);
  EXPECT_EQ(take_up("abcdef").error().fault(), Fault::not_found);
}

TEST_F(Machines, AKilledQemuEndsTheCommandWithAReason) {
  const auto machine = clone();
  ASSERT_TRUE(machine);
  place::Command command;
  command.argv = {"sleep", "1000"};
  const auto session = machine->place().start(
      command, [](auto, auto) {}, stop());
  ASSERT_TRUE(session);

  ::kill(machine->qemu_pid(), SIGKILL);
  const auto exit = (*session)->wait(stop());

  EXPECT_FALSE(exit);
  const auto trouble = machine->trouble();
  ASSERT_TRUE(trouble);
  EXPECT_EQ(trouble->text, "QEMU was killed by signal 9");
  EXPECT_EQ(trouble->blame, Trouble::Blame::host);
}

TEST_F(Machines, APanicIsTheVerdict) {
  const auto machine = clone();
  ASSERT_TRUE(machine);

  EXPECT_FALSE(run(*machine, "echo c > /proc/sysrq-trigger; sleep 1000"));

  const auto trouble = machine->trouble();
  ASSERT_TRUE(trouble);
  EXPECT_EQ(trouble->text, "the machine's kernel panicked: sysrq triggered crash");
  EXPECT_EQ(trouble->blame, Trouble::Blame::guest);
  EXPECT_FALSE(trouble->console.empty());
}

TEST_F(Machines, APowerOffIsTheGuestsDoing) {
  const auto machine = clone();
  ASSERT_TRUE(machine);

  EXPECT_FALSE(run(*machine, "echo o > /proc/sysrq-trigger; sleep 1000"));

  ASSERT_TRUE(machine->trouble());
  EXPECT_EQ(machine->trouble()->text, "the machine was powered off from inside");
}

TEST_F(Machines, ARebootThatLosesTheFilesIsItsEnd) {
  for (const auto* script : {"reboot -f; sleep 1000", "echo b > /proc/sysrq-trigger; sleep 1000"}) {
    const auto machine = clone();
    ASSERT_TRUE(machine);

    EXPECT_FALSE(run(*machine, script));

    const auto trouble = machine->trouble();
    ASSERT_TRUE(trouble);
    EXPECT_THAT(trouble->text, testing::StartsWith("the machine rebooted, and all its files were"));
    EXPECT_EQ(trouble->blame, Trouble::Blame::guest);
  }
}

TEST_F(Machines, AResetWithoutAWordOfTheKernelIsATripleFault) {
  const auto machine = clone();
  ASSERT_TRUE(machine);

  // The keyboard controller's line to the processor.
  EXPECT_FALSE(run(*machine, "printf '\\376' | dd of=/dev/port bs=1 seek=100; sleep 1000"));

  ASSERT_TRUE(machine->trouble());
  EXPECT_THAT(machine->trouble()->text, testing::HasSubstr("a triple fault"));
}

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

TEST_F(Machines, ADamagedSnapshotIsMadeAnew) {
  const auto frozen = snapshot();
  ASSERT_TRUE(frozen) << frozen.error().text();
  fs::resize_file(frozen->directory / state_file, 1000);
  news_.clear();

  const auto machine = clone();

  ASSERT_TRUE(machine);
  EXPECT_EQ(output(machine->place(), "echo well"), "well\n");
  EXPECT_THAT(news_, testing::Contains(testing::HasSubstr("is damaged (state has 1000 bytes")));
}

TEST_F(Machines, AHalfMadeSnapshotIsSweptAway) {
  const auto half = paths().snapshots / "00112233445566778899aabbccddeeff.partial";
  ASSERT_TRUE(os::make_directories(half));
  ASSERT_TRUE(os::write_file(half / "memory", "x"));
  EXPECT_TRUE(Snapshots(paths()).sweep(stop()));
  EXPECT_FALSE(fs::exists(half));
}

TEST_F(Machines, AKeptMachineIsEnteredAndRemoved) {
  std::string id;
  {
    auto machine = clone();
    ASSERT_TRUE(machine);
    id = machine->id();
    ASSERT_TRUE(machine->keep({}));
  }
  EXPECT_THAT(*reap(paths().machines, nobody, stop()), testing::IsEmpty());
  {
    auto visit = Visit::enter(paths().machines, id, stop());
    ASSERT_TRUE(visit) << visit.error().text();
    EXPECT_EQ(output(visit->place(), "hostname"), "cupel-" + id + "\n");
  }
  const auto removed = remove_machine(paths().machines, id, stop());
  EXPECT_TRUE(removed) << removed.error().text();
}

TEST_F(Machines, AKernelThatDoesNotStartFailsInTime) {
  recipe_.box.initramfs = recipe_.box.kernel;  // no system to be found in it
  const auto machine = Machine::boot(recipe_, order(), stop());
  ASSERT_FALSE(machine);
  EXPECT_EQ(machine.error().fault(), Fault::unavailable);
  EXPECT_THAT(machine.error().text(), testing::HasSubstr("panicked"));
}

/// Recipes with steps.
class Layers : public Machines {
 protected:
  static place::ProvisionStep shell(std::string script) {
    place::ProvisionStep step;
    step.script = std::move(script);
    return step;
  }
  /// The steps that were run since it was asked last.
  std::vector<std::string> run() {
    std::vector<std::string> all;
    for (const auto& line : std::exchange(news_, {}))
      if (line.starts_with("provisioning, ")) all.push_back(line.substr(14));
    return all;
  }
};

TEST_F(Layers, EachStepIsOneAndAChangedOneRunsOnThatBelow) {
  recipe_.provision = {shell("echo one >>/root/log"),
                       shell("#!/bin/sh\necho $WHAT >>/root/log; echo said")};
  recipe_.provision[1].environment["WHAT"] = "two";
  {
    const auto machine = clone();
    ASSERT_TRUE(machine);
    EXPECT_EQ(output(machine->place(), "cat /root/log; ls /var/tmp"), "one\ntwo\n");
    EXPECT_THAT(news_, testing::Contains("  said"));
    EXPECT_THAT(run(), testing::ElementsAre(testing::StartsWith("step 1 of 2 ("),
                                            testing::StartsWith("step 2 of 2 (")));
  }
  recipe_.provision[1].environment["WHAT"] = "three";
  {
    const auto machine = clone();
    ASSERT_TRUE(machine);
    EXPECT_EQ(output(machine->place(), "cat /root/log"), "one\nthree\n");
    EXPECT_THAT(run(), testing::ElementsAre(testing::StartsWith("step 2 of 2 (")));
  }
  recipe_.provision[1].environment["WHAT"] = "two";
  ASSERT_TRUE(snapshot());
  EXPECT_THAT(run(), testing::IsEmpty());
}

TEST_F(Layers, ADamagedOneIsMadeAnewOnThatBelow) {
  recipe_.provision = {shell("echo one >>/root/log"), shell("echo x >>/root/log")};
  const auto first = snapshot();
  ASSERT_TRUE(first) << first.error().text();
  run();
  fs::resize_file(first->directory / memory_file, 4096);

  const auto machine = clone();

  ASSERT_TRUE(machine);
  EXPECT_EQ(output(machine->place(), "cat /root/log"), "one\nx\n");
  EXPECT_THAT(run(), testing::ElementsAre(testing::StartsWith("step 2 of 2 (")));
}

TEST_F(Layers, FilesGoWhereTheyAreWanted) {
  const auto project = os::TempDir::make("project").value();
  ASSERT_TRUE(os::make_directories(project.path() / "conf/inner"));
  ASSERT_TRUE(os::write_file(project.path() / "conf/inner/a", "text"));
  ASSERT_TRUE(os::write_file(project.path() / "tool", "#!/bin/sh\necho ran\n", 0755));
  place::ProvisionStep tree, tool;
  tree.kind = tool.kind = place::ProvisionStep::Kind::file;
  tree.source = project.path() / "conf";
  tree.target = "/etc/conf";
  tool.source = project.path() / "tool";
  tool.target = "/opt/";
  recipe_.provision = {tree, tool};

  const auto machine = clone();

  ASSERT_TRUE(machine);
  EXPECT_EQ(output(machine->place(), "cat /etc/conf/inner/a; /opt/tool"), "textran\n");
}

TEST_F(Layers, AStepThatFailsKeepsItsMachineForALook) {
  recipe_.provision = {shell("echo x >/root/before; echo words; exit 3")};

  const auto failed = snapshot();

  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().fault(), Fault::invalid);
  const auto text = failed.error().text();
  EXPECT_THAT(text, testing::HasSubstr("exited with 3"));
  EXPECT_THAT(news_, testing::Contains("  words"));
  const std::string_view told = "cupel ssh ";
  ASSERT_THAT(text, testing::HasSubstr(std::string(told)));
  const auto id = text.substr(text.find(told) + told.size());
  {
    auto visit = Visit::enter(paths().machines, id, stop());
    ASSERT_TRUE(visit) << visit.error().text();
    EXPECT_EQ(output(visit->place(), "cat /root/before"), "x\n");
  }
  EXPECT_TRUE(remove_machine(paths().machines, id, stop()));
  for (const auto& entry : fs::directory_iterator(paths().snapshots))
    EXPECT_NE(entry.path().extension(), ".partial");
}

TEST_F(Layers, PackagesNeedADebianSystem) {
  place::ProvisionStep packages;
  packages.kind = place::ProvisionStep::Kind::packages;
  packages.packages = {"hello"};
  recipe_.provision = {packages};

  const auto failed = snapshot();

  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().text(), testing::HasSubstr("needs a Debian system"));
  const auto all = list_machines(paths().machines, nobody, stop());
  ASSERT_TRUE(all);
  for (const auto& one : *all) EXPECT_TRUE(remove_machine(paths().machines, one.record.id, stop()));
}

TEST_F(Layers, TheStoreIsPrunedButForWhatIsPinnedOrInUse) {
  Snapshots store(paths());
  recipe_.provision = {shell("echo pruned")};
  const auto oldest = snapshot();
  recipe_.provision = {shell("echo pinned")};
  const auto pinned = snapshot();
  ASSERT_TRUE(oldest && pinned);
  const auto name = [](const Snapshot& one) { return one.directory.filename().string(); };
  EXPECT_EQ(store.find("zz", stop()).error().fault(), Fault::not_found);
  EXPECT_EQ(store.find("", stop()).error().fault(), Fault::conflict);
  const auto found = store.find(name(*pinned).substr(0, 12), stop());
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_EQ(found->manifest.layer, "shell echo pinned");
  EXPECT_GT(found->size.count, 1U << 20);
  ASSERT_TRUE(store.pin(*found, StoredSnapshot::Pin::yes));
  const auto living = Machine::clone(*oldest, order(), stop());
  ASSERT_TRUE(living);

  most_ = {};
  recipe_.provision = {shell("echo needed")};
  const auto needed = snapshot();

  ASSERT_TRUE(needed);
  EXPECT_FALSE(fs::exists(oldest->directory));
  EXPECT_TRUE(fs::exists(pinned->directory));
  EXPECT_TRUE(fs::exists(needed->directory));
  EXPECT_EQ(output((*living)->place(), "echo alive; cat /proc/meminfo | head -1 | cut -c1-8"),
            "alive\nMemTotal\n");
  ASSERT_TRUE(store.pin(*found, StoredSnapshot::Pin::no));
  ASSERT_TRUE(store.prune({}, stop()));
  EXPECT_THAT(*store.list(stop()), testing::IsEmpty());
}

/// Numbers for people; see benchmarks for the ones to compare.
TEST_F(Machines, CloneInABlink) {
  ASSERT_TRUE(snapshot());
  using Clock = std::chrono::steady_clock;
  const auto ms = [](Clock::duration d) {
    return std::chrono::duration<double, std::milli>(d).count();
  };
  for (int i = 0; i < 10; ++i) {
    const auto frozen = snapshot();
    const auto t0 = Clock::now();
    auto waiting = WaitingMachine::start(*frozen, order(), stop());
    ASSERT_TRUE(waiting) << waiting.error().text();
    const auto t1 = Clock::now();
    auto machine = std::move(*waiting).resume(stop());
    ASSERT_TRUE(machine) << machine.error().text();
    const auto t2 = Clock::now();
    output((*machine)->place(), "true");
    const auto t3 = Clock::now();
    output((*machine)->place(), "true");
    const auto t4 = Clock::now();
    place::Command plain;
    plain.argv = {"/bin/true"};
    ASSERT_TRUE(place::run((*machine)->place(), plain, [](auto, auto) {}, stop()));
    const auto t5 = Clock::now();
    machine->reset();
    const auto t6 = Clock::now();
    fmt::print(
        "start {:.0f} restore {:.0f} first command {:.0f} (total {:.0f}, waiting {:.0f}), second "
        "{:.1f}, plain {:.1f}, destroy {:.0f} ms\n",
        ms(t1 - t0), ms(t2 - t1), ms(t3 - t2), ms(t3 - t0), ms(t3 - t1), ms(t4 - t3), ms(t5 - t4),
        ms(t6 - t5));
  }
}

}  // namespace
}  // namespace cupel::machine
