// SPDX-License-Identifier: Apache-2.0
#include "machine/waiting.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "machine/machine_list.hpp"

namespace cupel::machine {

namespace fs = std::filesystem;

namespace {

/// What one is taken to need before any has been seen.
constexpr Bytes usual_memory = mib(48);

/// The longest waiting first.
Result<std::vector<MachineRecord>> those_that_wait(const fs::path& machines, const Stop& stop) {
  std::vector<MachineRecord> found;
  for (auto& one : TRY(list_machines(machines, nobody, stop)))
    if (one.state == ListedMachine::State::waiting) found.push_back(std::move(one.record));
  return found;
}

/// Room for one more, within the policy.
class Room {
 public:
  Room(std::vector<MachineRecord> all, const Digest& snapshot, const WaitingPolicy& policy)
      : all_(std::move(all)), snapshot_(snapshot), policy_(policy) {}

  unsigned ours() const {
    return static_cast<unsigned>(std::count_if(all_.begin(), all_.end(), [&](const auto& one) {
      return one.waiting->snapshot == snapshot_.hex;
    }));
  }
  bool fits() const {
    Bytes sum;
    for (const auto& one : all_) sum.count += own_memory(one.qemu->pid).count;
    const auto each = all_.empty() ? usual_memory.count : sum.count / all_.size();
    return all_.size() < policy_.most && Bytes{sum.count + each} <= policy_.memory;
  }
  /// The longest waiting one of another snapshot, which is taken off the list.
  std::optional<std::string> other() {
    const auto found = std::find_if(all_.begin(), all_.end(), [&](const auto& one) {
      return one.waiting->snapshot != snapshot_.hex;
    });
    if (found == all_.end()) return std::nullopt;
    auto id = found->id;
    all_.erase(found);
    return id;
  }
  void add(MachineRecord record) { all_.push_back(std::move(record)); }

 private:
  std::vector<MachineRecord> all_;
  const Digest& snapshot_;
  const WaitingPolicy& policy_;
};

}  // namespace

Bytes own_memory(int pid) {
  const auto status = os::read_file(fmt::format("/proc/{}/status", pid));
  if (!status) return {};
  for (const auto& line : split(*status, '\n')) {
    if (!line.starts_with("RssAnon:")) continue;
    const auto number = trim(std::string_view(line).substr(line.find(':') + 1));
    return kib(
        static_cast<std::uint64_t>(parse_integer(number.substr(0, number.find(' '))).value_or(0)));
  }
  return {};
}

Result<std::optional<WaitingMachine>> take_waiting(const Snapshot& snapshot,
                                                   const MachineOrder& order, const Stop& stop) {
  for (const auto& record : TRY(those_that_wait(order.machines, stop))) {
    if (record.waiting->snapshot != snapshot.key.hex) continue;
    auto taken = WaitingMachine::take(record.id, snapshot, order, stop);
    if (taken) return std::optional<WaitingMachine>(std::move(*taken));
    TRY(stop.check());
    // Somebody else was faster, or it has ended: what was ours of it is removed.
    log_debug("waiting machine {}: {}", record.id, taken.error().text());
  }
  return std::optional<WaitingMachine>();
}

Result<std::vector<std::string>> replenish(const Snapshot& snapshot, const fs::path& machines,
                                           unsigned wanted, const WaitingPolicy& policy,
                                           const Stop& stop) {
  std::vector<std::string> started;
  TRY(os::make_directories(machines, 0700));
  const auto turn = TRY(os::FileLock::try_take(machines / ".waiting"));
  if (!turn) return started;
  Room room(TRY(those_that_wait(machines, stop)), snapshot.key, policy);
  while (room.ours() < std::min(wanted, policy.most)) {
    while (!room.fits()) {
      const auto other = room.other();
      if (!other) return started;
      // It may have been taken since.
      static_cast<void>(end_waiting(machines, *other, stop));
    }
    auto waiting =
        TRY(WaitingMachine::start(snapshot, {machines, "", std::string(waiting_purpose)}, stop));
    auto record = TRY(std::move(waiting).leave(snapshot.key, wall_now() + policy.time));
    started.push_back(record.id);
    room.add(std::move(record));
  }
  return started;
}

}  // namespace cupel::machine
