// SPDX-License-Identifier: Apache-2.0
#include "machine/machine_list.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crew.hpp"
#include "machine/machine_directory.hpp"
#include "machine/pause.hpp"
#include "os/process.hpp"
#include "os/wait.hpp"

namespace cupel::machine {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// Owners are forked and killed, so that their locks are let go as a crash lets them go.
class Machines : public testing::Test {
 protected:
  fs::path path() const { return directory_->path() / "machines"; }
  Stop stop() const { return Stop{}.within(20s); }

  /// Stands for QEMU: a process whose arguments name the directory.
  static os::Process fake_qemu(const fs::path& directory) {
    os::Spawn spawn;
    spawn.argv = {"tail", "-f", "/dev/null", directory.string()};
    spawn.group = os::Spawn::Group::session;
    return std::move(*os::Process::spawn(std::move(spawn)));
  }

  /// Runs `work` in a process of its own. It must end with SIGKILL before its objects do, as in a
  /// crash; what it started lives on.
  template <typename Work>
  static void crash_after(Work work) {
    const pid_t child = ::fork();
    if (child == 0) {
      work();
      ::_exit(1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
  }

  std::vector<std::string> left() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path()))
      if (entry.path().filename() != ".lock") names.push_back(entry.path().filename());
    return names;
  }

  Result<os::TempDir> directory_ = os::TempDir::make("machines");
};

TEST_F(Machines, AreGoneOnceTheirOwnerLetsThemGo) {
  {
    const auto machine = MachineDirectory::create(path(), {}, stop());
    ASSERT_TRUE(machine) << machine.error().text();
    EXPECT_THAT(*list_machines(path(), nobody, stop()), testing::SizeIs(1));
  }
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(Machines, OfTheLivingAreNotReaped) {
  const auto machine = MachineDirectory::create(path(), {}, stop());
  ASSERT_TRUE(machine);

  EXPECT_THAT(*reap(path(), nobody, stop()), IsEmpty());

  EXPECT_TRUE(fs::exists(machine->path()));
  EXPECT_EQ(list_machines(path(), nobody, stop())->at(0).state, ListedMachine::State::running);
}

TEST_F(Machines, OfTheDeadAreReapedWithTheirQemu) {
  ASSERT_TRUE(os::make_directories(path()));
  crash_after([&] {
    auto machine = MachineDirectory::create(path(), {}, stop());
    auto qemu = fake_qemu(machine->path());
    static_cast<void>(machine->set_qemu(qemu.pid()));
    ::raise(SIGKILL);
  });
  const auto listed = list_machines(path(), nobody, stop());
  ASSERT_TRUE(listed);
  ASSERT_EQ(listed->size(), 1U);
  EXPECT_EQ(listed->at(0).state, ListedMachine::State::lost);
  ASSERT_TRUE(lives(*listed->at(0).record.qemu));

  EXPECT_THAT(*reap(path(), nobody, stop()), ElementsAre(listed->at(0).record.id));

  EXPECT_FALSE(lives(*listed->at(0).record.qemu));
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(Machines, LeftAtAnyStepOfTheirMakingAreReaped) {
  ASSERT_TRUE(os::make_directories(path() / "a00001"));  // before the lock
  ASSERT_TRUE(os::make_directories(path() / "a00002"));  // before the record
  ASSERT_TRUE(os::write_file(path() / "a00002" / "lock", ""));
  ASSERT_TRUE(os::make_directories(path() / "a00003"));  // within the record
  ASSERT_TRUE(os::write_file(path() / "a00003" / "record.json", "{\"id\": \"a0"));
  ASSERT_TRUE(os::make_directories(path() / ".gone-a00004" / "half"));  // within the removal

  const auto reaped = reap(path(), nobody, stop());

  ASSERT_TRUE(reaped) << reaped.error().text();
  EXPECT_EQ(reaped->size(), 3U);
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(Machines, LeftBetweenForkAndRecordTakeTheirChildAlong) {
  auto pipe = os::make_pipe();
  crash_after([&] {
    auto machine = MachineDirectory::create(path(), {}, stop());
    os::Spawn spawn;
    spawn.argv = {"sleep", "1000"};
    spawn.start = os::Spawn::Start::held;
    auto held = os::Process::spawn(std::move(spawn));
    const int pid = held->pid();
    static_cast<void>(os::write_all(pipe->write, std::to_string(pid), stop()));
    ::raise(SIGKILL);
  });
  const auto child = static_cast<int>(*parse_integer(*os::read_some(pipe->read, 20, stop())));
  const auto identity = identify(child);
  const auto limit = stop();
  while (identity && lives(*identity)) ASSERT_TRUE(os::sleep(1ms, limit));

  EXPECT_THAT(*reap(path(), nobody, stop()), testing::SizeIs(1));
  EXPECT_THAT(left(), IsEmpty());
}

/// Machines whose owners died and whose run has a journal.
class Orphans : public Machines {
 protected:
  /// Dies with `orphaned` as the time when it was first seen without an owner.
  MachineRecord orphan(std::optional<WallTime> orphaned = std::nullopt) {
    crash_after([&] {
      MachineRecord wanted;
      wanted.run = "7";
      auto machine = MachineDirectory::create(path(), wanted, stop());
      auto qemu = fake_qemu(machine->path());
      static_cast<void>(machine->set_qemu(qemu.pid()));
      static_cast<void>(
          machine->set_resumable({"/journal", "boot", std::chrono::hours(1), orphaned}));
      ::raise(SIGKILL);
    });
    return only();
  }
  MachineRecord only() const { return list_machines(path(), nobody, stop())->at(0).record; }
  ListedMachine::State state() const {
    return list_machines(path(), journal_is_there, stop())->at(0).state;
  }
  static bool journal_is_there(const MachineRecord& record) {
    return record.run == "7" && record.resumable->journal == "/journal";
  }
  static WallTime hours_ago(int hours) {
    return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now()) -
           std::chrono::hours(hours);
  }
};

TEST_F(Orphans, WaitAsLongAsTheirRunMayBeResumed) {
  const auto record = orphan();
  EXPECT_EQ(state(), ListedMachine::State::orphaned);

  EXPECT_THAT(*reap(path(), journal_is_there, stop()), IsEmpty());
  EXPECT_THAT(*reap(path(), journal_is_there, stop()), IsEmpty());
  EXPECT_TRUE(only().resumable->orphaned) << "its time runs";

  EXPECT_THAT(*reap(path(), nobody, stop()), ElementsAre(record.id));
  EXPECT_FALSE(lives(*record.qemu));
}

TEST_F(Orphans, WaitNoLongerThanTheirLimit) {
  const auto record = orphan(hours_ago(2));
  EXPECT_EQ(state(), ListedMachine::State::lost);

  EXPECT_THAT(*reap(path(), journal_is_there, stop()), ElementsAre(record.id));
}

TEST_F(Orphans, WhoseQemuEndedAreReaped) {
  const auto record = orphan();
  ASSERT_TRUE(os::kill_foreign(record.qemu->pid, record.qemu->started, stop()));

  EXPECT_THAT(*reap(path(), journal_is_there, stop()), ElementsAre(record.id));
}

TEST_F(Orphans, ThatWereTakenUpBelongToWhoDid) {
  const auto id = orphan(hours_ago(0)).id;
  auto taken = MachineDirectory::claim(path(), id, stop());
  ASSERT_TRUE(taken) << taken.error().text();
  ASSERT_TRUE(taken->take_up());

  EXPECT_THAT(*reap(path(), nobody, stop()), IsEmpty());
  EXPECT_EQ(state(), ListedMachine::State::running);
  EXPECT_EQ(only().owner, *identify(::getpid()));
  EXPECT_FALSE(only().resumable->orphaned);
}

TEST_F(Machines, WaitingOnesStayUntilTheirTimeIsUpOrTheyAreTaken) {
  auto machine = MachineDirectory::create(path(), {}, stop());
  ASSERT_TRUE(machine);
  const auto id = machine->record().id;
  auto qemu = fake_qemu(machine->path());
  ASSERT_TRUE(machine->set_qemu(qemu.pid()));
  ASSERT_TRUE(machine->leave_waiting({"key", 9, wall_now() + 1h}));

  EXPECT_EQ(list_machines(path(), nobody, stop())->at(0).state, ListedMachine::State::waiting);
  EXPECT_THAT(*reap(path(), nobody, stop()), IsEmpty());
  {
    auto taken = MachineDirectory::claim(path(), id, stop());
    ASSERT_TRUE(taken);
    MachineRecord order;
    order.run = "7";
    order.purpose = "run";
    ASSERT_TRUE(taken->take_for(order));
    EXPECT_EQ(end_waiting(path(), id, stop()).error().fault(), Fault::conflict) << "it is taken";
    const auto record = load_record(path() / id);
    EXPECT_EQ(std::tuple(record->run, record->purpose, record->waiting.has_value()),
              std::tuple("7", "run", false));
    ASSERT_TRUE(taken->leave_waiting({"key", 9, wall_now() - 1s}));
  }
  EXPECT_THAT(*reap(path(), nobody, stop()), ElementsAre(id));
  EXPECT_TRUE(qemu.wait(stop()));
}

TEST_F(Machines, OfTheDeadLeaveTheirRunItsRecords) {
  const auto artifacts = directory_->path() / "artifacts";
  ASSERT_TRUE(os::make_directories(artifacts));
  ASSERT_TRUE(os::make_directories(path()));
  MachineRecord order;
  order.recording = artifacts / "machines" / "tiny";
  crash_after([&] {
    auto machine = MachineDirectory::create(path(), order, stop());
    static_cast<void>(os::write_file(machine->path() / "use.csv", "x"));
    static_cast<void>(os::write_file(machine->path() / "console.log", "last words"));
    ::raise(SIGKILL);
  });

  const auto reaped = reap(path(), nobody, stop());

  ASSERT_TRUE(reaped && reaped->size() == 1);
  EXPECT_EQ(*os::read_file(artifacts / "machines" / ("tiny-" + reaped->at(0)) / "console.log"),
            "last words");
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(Machines, OnlyThoseThatRunArePaused) {
  EXPECT_EQ(pause_machine(path(), "nosuch", stop()).error().text(),
            "there is no machine \"nosuch\"");
  auto machine = MachineDirectory::create(path(), {}, stop());
  ASSERT_TRUE(machine);
  const auto id = machine->record().id;
  EXPECT_EQ(pause_machine(path(), id, stop()).error().fault(), Fault::unavailable);
  auto qemu = fake_qemu(machine->path());
  ASSERT_TRUE(machine->set_qemu(qemu.pid()));
  EXPECT_EQ(pause_machine(path(), id, stop()).error().text(),
            fmt::format("machine {} makes a snapshot: that cannot be paused", id));
  ASSERT_TRUE(os::write_file(machine->path() / "monitor", ""));
  EXPECT_EQ(resume_machine(path(), id, stop()).error().text(),
            fmt::format("machine {} is not paused", id));
  EXPECT_FALSE(list_machines(path(), nobody, stop())->at(0).paused);
  ASSERT_TRUE(os::write_file(machine->path() / "paused", ""));
  EXPECT_TRUE(list_machines(path(), nobody, stop())->at(0).paused);
  EXPECT_EQ(pause_machine(path(), id, stop()).error().text(),
            fmt::format("machine {} is paused already", id));
  ASSERT_TRUE(machine->leave_waiting({"key", 9, wall_now() + 1h}));
  EXPECT_EQ(pause_machine(path(), id, stop()).error().fault(), Fault::conflict);
  ASSERT_TRUE(end_waiting(path(), id, stop()));
}

TEST_F(Machines, AWaitingOneIsEnded) {
  auto machine = MachineDirectory::create(path(), {}, stop());
  ASSERT_TRUE(machine);
  auto qemu = fake_qemu(machine->path());
  ASSERT_TRUE(machine->set_qemu(qemu.pid()));
  ASSERT_TRUE(machine->leave_waiting({"key", 9, wall_now() + 1h}));

  EXPECT_TRUE(end_waiting(path(), machine->record().id, stop()));

  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(Machines, KeptStayUntilTheirTimeIsUp) {
  auto machine = MachineDirectory::create(path(), {}, stop());
  ASSERT_TRUE(machine);
  auto qemu = fake_qemu(machine->path());
  ASSERT_TRUE(machine->set_qemu(qemu.pid()));
  ASSERT_TRUE(machine->keep({}));

  EXPECT_THAT(*reap(path(), nobody, stop()), IsEmpty());
  EXPECT_EQ(list_machines(path(), nobody, stop())->at(0).state, ListedMachine::State::kept);

  auto record = *load_record(machine->path());
  record.keep->until = WallTime(std::chrono::seconds(1));
  ASSERT_TRUE(save_record(machine->path(), record));
  EXPECT_THAT(*reap(path(), nobody, stop()), testing::SizeIs(1));
  EXPECT_TRUE(qemu.wait(stop()));
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(Machines, ARecordThatNamesAStrangerKillsNobody) {
  auto stranger = fake_qemu("/somewhere/else");
  crash_after([&] {
    auto machine = MachineDirectory::create(path(), {}, stop());
    static_cast<void>(machine->set_qemu(stranger.pid()));
    ::raise(SIGKILL);
  });

  EXPECT_THAT(*reap(path(), nobody, stop()), testing::SizeIs(1));

  EXPECT_TRUE(os::start_time(stranger.pid()));
  EXPECT_FALSE(stranger.wait(Stop{}.within(10ms)));
}

TEST_F(Machines, ManyReapersAtOnceDoNotQuarrel) {
  for (int i = 0; i < 12; ++i)
    crash_after([&] {
      const auto machine = MachineDirectory::create(path(), {}, stop());
      ::raise(SIGKILL);
    });
  std::atomic<std::size_t> reaped = 0;
  Crew crew(stop());
  for (int i = 0; i < 4; ++i)
    crew.add("reaper", [&](const Stop& limit) -> Result<> {
      reaped += TRY(reap(path(), nobody, limit)).size();
      return {};
    });

  const auto joined = crew.join();

  EXPECT_TRUE(joined) << joined.error().text();
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(Machines, RemovalOfAnUnknownOneIsNotFound) {
  ASSERT_TRUE(os::make_directories(path()));
  for (const auto* id : {"nope", "..", "", "abc/def"})
    EXPECT_EQ(remove_machine(path(), id, stop()).error().fault(), Fault::not_found) << id;
}

}  // namespace
}  // namespace cupel::machine
