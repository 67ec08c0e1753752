// SPDX-License-Identifier: Apache-2.0
#include "machine/machine_directory.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/digest.hpp"
#include "base/log.hpp"
#include "machine/recording.hpp"
#include "os/process.hpp"
#include "os/wait.hpp"

namespace cupel::machine {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr auto longest_kill = 30s;

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 32 &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// A new directory with a name of its own.
Result<std::string> make_unused(const fs::path& machines) {
  for (;;) {
    auto id = to_hex(random_bytes(3));
    if (::mkdir((machines / id).c_str(), 0700) == 0) return id;
    if (errno != EEXIST) return fail_errno(errno, "make {}", (machines / id).string());
  }
}

bool names_directory(int pid, const fs::path& directory) {
  const auto arguments = os::read_file(fmt::format("/proc/{}/cmdline", pid));
  return arguments && arguments->find(directory.string()) != std::string::npos;
}

Result<> hand_over_recording(const fs::path& path, const MachineRecord& record, HandOver how) {
  if (record.recording.empty()) return {};
  return hand_over(path, fmt::format("{}-{}", record.recording, record.id), how);
}

}  // namespace

Result<os::FileLock> lock_machines(const fs::path& machines, const Stop& stop) {
  TRY(os::make_directories(machines, 0700));
  return TRY(os::FileLock::take(machines / ".lock", stop), "lock {}", machines.string());
}

Result<MachineDirectory> MachineDirectory::create(const fs::path& machines, MachineRecord record,
                                                  const Stop& stop) {
  // Under this lock nobody sees the directory before it is locked. If we die between the lines,
  // the next one to look finds a directory that nobody holds.
  const auto guard = TRY(lock_machines(machines, stop));
  record.id = TRY(make_unused(machines));
  record.created = wall_now();
  if (const auto owner = identify(::getpid())) record.owner = *owner;
  const auto path = machines / record.id;
  auto lock = TRY(os::FileLock::try_take(path / "lock"));
  if (!lock) return fail(Fault::internal, "{} is locked by somebody else", path.string());
  MachineDirectory directory(path, std::move(record), std::move(*lock));
  TRY(save_record(path, directory.record_));
  return directory;
}

Result<MachineDirectory> MachineDirectory::claim(const fs::path& machines, const std::string& id,
                                                 const Stop& stop) {
  const auto guard = TRY(lock_machines(machines, stop));
  const auto path = machines / id;
  if (!is_id(id) || !fs::is_directory(path))
    return fail(Fault::not_found, "there is no machine {}", id);
  auto lock = TRY(os::FileLock::try_take(path / "lock"));
  if (!lock) return fail(Fault::conflict, "machine {} is in use", id);
  MachineRecord record;
  // No record, or half of one: whoever made the directory died before it could start anything.
  if (auto loaded = load_record(path)) record = std::move(*loaded);
  record.id = id;
  return MachineDirectory(path, std::move(record), std::move(*lock));
}

MachineDirectory::~MachineDirectory() {
  if (!lock_) return;
  const auto destroyed = destroy(Stop{}.within(longest_kill));
  if (!destroyed) log_debug("{}", destroyed.error().text());
}

Result<> MachineDirectory::set_qemu(int pid) {
  const auto qemu = identify(pid);
  if (!qemu) return fail(Fault::unavailable, "QEMU ended before it began");
  record_.qemu = qemu;
  return save_record(path_, record_);
}

Result<> MachineDirectory::set_resumable(Resumable resumable) {
  record_.resumable = std::move(resumable);
  return save_record(path_, record_);
}

Result<> MachineDirectory::take_up() {
  if (const auto owner = identify(::getpid())) record_.owner = *owner;
  if (record_.resumable) record_.resumable->orphaned.reset();
  return save_record(path_, record_);
}

Result<> MachineDirectory::leave_waiting(Waiting waiting) {
  record_.waiting = std::move(waiting);
  TRY(save_record(path_, record_));
  lock_.reset();
  return {};
}

Result<> MachineDirectory::take_for(const MachineRecord& order) {
  record_.waiting.reset();
  record_.run = order.run;
  record_.purpose = order.purpose;
  record_.vmcores = order.vmcores;
  record_.recording = order.recording;
  record_.created = wall_now();
  return take_up();
}

Result<> MachineDirectory::note_orphaned(WallTime since) {
  if (!record_.resumable) return {};
  record_.resumable->orphaned = since;
  return save_record(path_, record_);
}

Result<> MachineDirectory::copy_recording() {
  const auto handed_over = hand_over_recording(path_, record_, HandOver::copied);
  record_.recording.clear();
  TRY(save_record(path_, record_));
  return handed_over;
}

Result<> MachineDirectory::keep(Keep keep) {
  record_.keep = std::move(keep);
  record_.resumable.reset();  // what it is kept for is over
  TRY(save_record(path_, record_));
  lock_.reset();
  return {};
}

Result<> MachineDirectory::destroy(const Stop& stop) {
  if (!lock_) return {};
  if (record_.qemu) TRY(kill_qemu(*record_.qemu, path_, stop));
  const auto handed_over = hand_over_recording(path_, record_, HandOver::moved);
  // Renamed first, so that nobody finds it half removed; what is left of it anybody may remove.
  const auto gone = path_.parent_path() / fmt::format(".gone-{}", record_.id);
  {
    const auto guard = TRY(lock_machines(path_.parent_path(), stop));
    if (::rename(path_.c_str(), gone.c_str()) != 0 && errno != ENOENT)
      return fail_errno(errno, "remove {}", path_.string());
  }
  lock_.reset();
  TRY(os::remove_tree(gone));
  return handed_over;
}

Result<> kill_qemu(const ProcessIdentity& qemu, const fs::path& directory, const Stop& stop) {
  // A QEMU that was just released still has its maker's arguments; a stranger keeps its own.
  const auto moments = stop.within(2s);
  while (lives(qemu) && !names_directory(qemu.pid, directory)) {
    if (!os::sleep(5ms, moments)) return stop.check();
  }
  if (!lives(qemu)) return {};
  TRY(os::kill_foreign(qemu.pid, qemu.started, stop), "end QEMU {}", qemu.pid);
  return {};
}

}  // namespace cupel::machine
