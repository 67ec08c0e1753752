// SPDX-License-Identifier: Apache-2.0
#include "machine/snapshot_place.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

#include "machine/machine.hpp"
#include "machine/sealed_file.hpp"

namespace cupel::machine {

namespace fs = std::filesystem;

namespace {

/// Beside the files of a snapshot, and not sealed: when it was used last.
constexpr std::string_view used_name = "used";
constexpr std::size_t name_length = 32;

fs::path with_suffix(const fs::path& path, std::string_view suffix) {
  return path.string() + std::string(suffix);
}

}  // namespace

SnapshotPlace SnapshotPlace::of(const fs::path& snapshots, const Digest& key) {
  return {snapshots / key.hex.substr(0, name_length)};
}

fs::path SnapshotPlace::half_made() const { return with_suffix(directory, half_made_suffix); }
fs::path SnapshotPlace::lock_file() const { return with_suffix(directory, ".lock"); }

Result<os::FileLock> SnapshotPlace::lock(const Progress& progress, const Stop& stop) const {
  if (auto lock = TRY(os::FileLock::try_take(lock_file()))) return std::move(*lock);
  progress("another cupel is making this snapshot; waiting for it");
  return os::FileLock::take(lock_file(), stop);
}

Result<> SnapshotPlace::publish() const {
  if (::rename(half_made().c_str(), directory.c_str()) != 0)
    return fail_errno(errno, "rename {}", half_made().string());
  return sync_to_disk(directory.parent_path());
}

void SnapshotPlace::note_use() const {
  if (const auto fd = os::open_file((directory / used_name).string(), O_WRONLY | O_CREAT, 0600))
    ::futimens(fd->get(), nullptr);
}

WallTime SnapshotPlace::last_use() const {
  using namespace std::chrono;
  auto stamp = os::stamp(directory / used_name);
  if (!stamp) stamp = os::stamp(directory / state_file);
  return WallTime(floor<seconds>(nanoseconds(stamp ? stamp->modified_ns : 0)));
}

}  // namespace cupel::machine
