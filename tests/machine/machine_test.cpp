// SPDX-License-Identifier: Apache-2.0
// Real machines. Needs QEMU and a tiny box: a directory with vmlinux and initramfs, named by
// CUPEL_TEST_TINY.
#include "machine/machine.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "machine/machines.hpp"
#include "machine/visit.hpp"
#include "os/pidfd.hpp"
#include "os/socket.hpp"
#include "os/wait.hpp"

namespace cupel::machine {
namespace {

TEST_F(Machines, BootRunACommandAndEnd) {
  const auto machine = Machine::boot(recipe_, order(), stop());
  ASSERT_TRUE(machine) << machine.error().text();

  EXPECT_EQ(output((*machine)->place(), "echo hello; exit 3"), "hello\n");
  EXPECT_FALSE((*machine)->trouble());
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
