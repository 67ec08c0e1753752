// SPDX-License-Identifier: Apache-2.0
#include "machine/machine_list.hpp"

#include <poll.h>

#include <algorithm>
#include <array>

#include "machine/machine_directory.hpp"
#include "machine/pause.hpp"
#include "os/pidfd.hpp"
#include "os/wait.hpp"

namespace cupel::machine {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr auto longest_clean_up = 30s;
constexpr Duration longest_nap = 60s;

struct Names {
  std::vector<std::string> machines;
  std::vector<std::string> gone;  // half removed
};

Names names_in(const fs::path& machines) {
  Names names;
  std::error_code error;
  for (fs::directory_iterator entry(machines, error), end; !error && entry != end;
       entry.increment(error)) {
    auto name = entry->path().filename().string();
    if (name.starts_with(".gone-"))
      names.gone.push_back(std::move(name));
    else if (!name.starts_with(".") && entry->is_directory(error))
      names.machines.push_back(std::move(name));
  }
  return names;
}

using State = ListedMachine::State;

/// Of a machine that nobody owns.
State state_without_owner(const MachineRecord& record, const MayResume& may_resume) {
  if (!record.qemu || !lives(*record.qemu)) return State::lost;
  const auto now = std::chrono::system_clock::now();
  if (record.keep)
    return !record.keep->until || now < *record.keep->until ? State::kept : State::lost;
  if (record.waiting) return now < record.waiting->until ? State::waiting : State::lost;
  if (!record.resumable || !may_resume(record)) return State::lost;
  const auto& since = record.resumable->orphaned;
  return !since || now < *since + record.resumable->limit ? State::orphaned : State::lost;
}

/// Nothing if its owner lives or it is to stay.
Result<std::optional<MachineDirectory>> claim_lost(const fs::path& machines, const std::string& id,
                                                   const MayResume& may_resume, const Stop& stop) {
  auto claimed = MachineDirectory::claim(machines, id, stop);
  if (!claimed && claimed.error().fault() != Fault::conflict &&
      claimed.error().fault() != Fault::not_found)
    return tl::unexpected<Error>(claimed.error());
  if (!claimed) return std::optional<MachineDirectory>();
  const auto state = state_without_owner(claimed->record(), may_resume);
  if (state == State::lost) return std::optional<MachineDirectory>(std::move(*claimed));
  // From now on its time runs; a record that cannot be written is no reason to end it.
  if (state == State::orphaned && !claimed->record().resumable->orphaned)
    static_cast<void>(claimed->note_orphaned(wall_now()));
  claimed->let_go();
  return std::optional<MachineDirectory>();
}

/// When its time is up, if it has one.
std::optional<WallTime> due(const MachineRecord& record) {
  if (record.waiting) return record.waiting->until;
  return record.keep ? record.keep->until : std::nullopt;
}

Result<bool> is_held(const fs::path& directory) {
  return !TRY(os::FileLock::try_take(directory / "lock")).has_value();
}

}  // namespace

std::string_view name(ListedMachine::State state) {
  switch (state) {
    case ListedMachine::State::running: return "running";
    case ListedMachine::State::kept: return "kept";
    case ListedMachine::State::orphaned: return "orphaned";
    case ListedMachine::State::waiting: return "waiting";
    case ListedMachine::State::lost: return "lost";
  }
  return "unknown";
}

Result<std::vector<ListedMachine>> list_machines(const fs::path& machines,
                                                 const MayResume& may_resume, const Stop& stop) {
  std::vector<ListedMachine> list;
  if (!fs::is_directory(machines)) return list;
  const auto guard = TRY(lock_machines(machines, stop));
  for (const auto& id : names_in(machines).machines) {
    const auto directory = machines / id;
    ListedMachine machine;
    if (auto record = load_record(directory)) machine.record = std::move(*record);
    machine.record.id = id;
    machine.paused = is_paused(directory);
    if (!TRY(is_held(directory))) machine.state = state_without_owner(machine.record, may_resume);
    list.push_back(std::move(machine));
  }
  std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
    return std::tie(a.record.created, a.record.id) < std::tie(b.record.created, b.record.id);
  });
  return list;
}

Result<std::vector<std::string>> reap(const fs::path& machines, const MayResume& may_resume,
                                      const Stop& stop) {
  std::vector<std::string> reaped;
  if (!fs::is_directory(machines)) return reaped;
  std::optional<Error> first;
  const auto note = [&](const Error& error) {
    if (!first) first = error;
  };
  const auto names = names_in(machines);
  for (const auto& id : names.machines) {
    auto lost = claim_lost(machines, id, may_resume, stop);
    if (!lost) {
      note(lost.error());
    } else if (*lost) {
      if (const auto destroyed = (*lost)->destroy(stop); !destroyed)
        note(destroyed.error());
      else
        reaped.push_back(id);
    }
    TRY(stop.check());
  }
  for (const auto& name : names.gone)
    if (const auto removed = os::remove_tree(machines / name); !removed) note(removed.error());
  if (first) return tl::unexpected<Error>(first->add_frame("clean up machines"));
  return reaped;
}

Result<> await_due(const fs::path& machines, const std::string& id, const Stop& stop) {
  for (;;) {
    // Read anew each time: somebody may have kept it for longer, or removed it.
    const auto record = load_record(machines / id);
    const auto until = record ? due(*record) : std::nullopt;
    if (!until || !record->qemu) return {};
    const auto left = *until - std::chrono::system_clock::now();
    if (left <= 0s) return {};
    const auto qemu = os::open_pidfd(record->qemu->pid);
    if (!qemu || !lives(*record->qemu)) return {};
    std::array<os::Watched, 1> end{os::Watched{qemu.get(), POLLIN}};
    if (os::wait(end, stop.within(std::min<Duration>(left, longest_nap)))) return {};
    TRY(stop.check());
  }
}

Result<> end_waiting(const fs::path& machines, const std::string& id, const Stop& stop) {
  auto claimed = TRY(MachineDirectory::claim(machines, id, stop));
  if (claimed.record().waiting) return claimed.destroy(stop);
  claimed.let_go();
  return fail(Fault::conflict, "machine {} waits no longer", id);
}

Result<> remove_machine(const fs::path& machines, const std::string& id, const Stop& stop) {
  auto claimed = MachineDirectory::claim(machines, id, stop);
  if (claimed) return claimed->destroy(stop);
  if (claimed.error().fault() != Fault::conflict) return tl::unexpected<Error>(claimed.error());
  const auto record = TRY(load_record(machines / id), "machine {}", id);
  if (!record.qemu) return fail(Fault::conflict, "machine {} is just being made", id);
  TRY(kill_qemu(*record.qemu, machines / id, stop));
  const auto limit = stop.within(longest_clean_up);
  while (fs::exists(machines / id))
    TRY(os::sleep(20ms, limit), "wait for the owner of machine {} to clean up", id);
  return {};
}

}  // namespace cupel::machine
