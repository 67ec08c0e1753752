// SPDX-License-Identifier: Apache-2.0
#include "machine/snapshots.hpp"

#include <cerrno>
#include <cstdio>

#include "machine/manifest.hpp"

namespace cupel::machine {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view half_made = ".partial";
constexpr std::string_view lock_suffix = ".lock";
// Whatever changes the meaning of a snapshot's files changes this.
constexpr std::string_view format = "cupel snapshot 1";

fs::path with_suffix(const fs::path& path, std::string_view suffix) {
  return path.string() + std::string(suffix);
}

Result<os::FileLock> lock_key(const fs::path& directory, const Progress& progress,
                              const Stop& stop) {
  const auto path = with_suffix(directory, lock_suffix);
  if (auto lock = TRY(os::FileLock::try_take(path))) return std::move(*lock);
  progress("another cupel is making this snapshot; waiting for it");
  return os::FileLock::take(path, stop);
}

std::string describe(const MachineShape& shape) {
  return fmt::format("{} cpus, {}, {}", shape.cpus, to_text(shape.memory), name(shape.accelerator));
}

std::vector<std::string> file_names(const Recipe& recipe) {
  std::vector<std::string> names;
  for (const auto name : {memory_file, state_file, initramfs_file}) names.emplace_back(name);
  if (recipe.box.disk) names.emplace_back(disk_file);
  return names;
}

}  // namespace

Digest snapshot_key(const Recipe& recipe, std::string_view qemu_identity) {
  const auto& shape = recipe.shape;
  Hasher hasher;
  hasher.feed_part(format).feed_part(qemu_identity).feed_part(recipe.box.digest.hex);
  hasher.feed_part(digest_of(recipe.guest).hex);
  // The arguments say all about the shape; with names in place of this machine's own files.
  QemuFiles files{"id", "machine", "initramfs", fs::path("memory"), {}, {}};
  if (recipe.box.disk) files.overlay = "disk";
  Box box = recipe.box;
  box.kernel = "kernel";
  for (const auto& argument : qemu_arguments(shape, box, files, Role::boot))
    hasher.feed_part(argument);
  hasher.feed_part(shape.host_cpu).feed_part(std::to_string(shape.disk.value_or(Bytes{}).count));
  for (const auto& word : recipe.box.ready) hasher.feed_part(word);
  // The snapshot's overlay names the box's disk as its backing file.
  if (recipe.box.disk) hasher.feed_part(recipe.box.disk->string());
  return hasher.finish();
}

Result<Snapshot> Snapshots::obtain(const Recipe& recipe, const Progress& progress,
                                   const Stop& stop) {
  const auto qemu = TRY(qemu_identity());
  const auto key = snapshot_key(recipe, qemu);
  Snapshot snapshot{key, paths_.snapshots / key.hex.substr(0, 32), recipe};
  if (verify(snapshot.directory, key, stop)) return snapshot;
  TRY(stop.check());
  TRY(os::make_directories(paths_.snapshots, 0700));
  const auto lock = TRY(lock_key(snapshot.directory, progress, stop));
  // Somebody may have made it while we waited.
  const auto verified = verify(snapshot.directory, key, stop);
  if (verified) return snapshot;
  TRY(stop.check());
  if (fs::exists(snapshot.directory)) {
    progress(fmt::format("the snapshot {} is damaged ({}); making it anew", key.brief(),
                         verified.error().text()));
    TRY(os::remove_tree(snapshot.directory), "remove a damaged snapshot");
  }
  TRY(build(snapshot, progress, stop), "freeze {}", recipe.box.name);
  return snapshot;
}

Result<> Snapshots::build(const Snapshot& snapshot, const Progress& progress, const Stop& stop) {
  const auto& recipe = snapshot.recipe;
  const auto partial = with_suffix(snapshot.directory, half_made);
  TRY(os::remove_tree(partial));
  TRY(os::make_directories(partial, 0700));
  const auto made = [&]() -> Result<> {
    progress(fmt::format("booting {} once", recipe.box.name));
    const MachineOrder order{paths_.machines, "", "snapshot"};
    const auto machine = TRY(Machine::boot_in(partial, recipe, order, stop));
    progress(fmt::format("freezing {}", recipe.box.name));
    TRY(machine->freeze(stop));
    Manifest manifest{snapshot.key, recipe.box.name, describe(recipe.shape), {}};
    TRY(seal(partial, std::move(manifest), file_names(recipe), stop));
    if (::rename(partial.c_str(), snapshot.directory.c_str()) != 0)
      return fail_errno(errno, "rename {}", partial.string());
    return {};
  }();
  if (!made) TRY(os::remove_tree(partial), "after: {}", made.error().text());
  return made;
}

Result<> Snapshots::sweep(const Stop& stop) {
  std::error_code error;
  for (fs::directory_iterator entry(paths_.snapshots, error), end; !error && entry != end;
       entry.increment(error)) {
    TRY(stop.check());
    const auto path = entry->path();
    if (path.extension() != half_made) continue;
    const auto key = path.parent_path() / path.stem();
    // Its builder lives if the lock is held.
    if (const auto lock = TRY(os::FileLock::try_take(with_suffix(key, lock_suffix))))
      TRY(os::remove_tree(path));
  }
  return {};
}

}  // namespace cupel::machine
