// SPDX-License-Identifier: Apache-2.0
#include "machine/snapshots.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "machine/manifest.hpp"

namespace cupel::machine {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

// Whatever changes the meaning of a snapshot's files changes this.
constexpr std::string_view format = "cupel snapshot 2";
constexpr std::string_view layer_format = "cupel layer 1";
/// Beside the files of a snapshot, and not sealed: that it is to stay.
constexpr std::string_view pinned_name = "pinned";
constexpr std::chrono::minutes kept_after_failure = 30min;

std::string describe(const MachineShape& shape) {
  return fmt::format("{} cpus, {}, {}", shape.cpus, to_text(shape.memory), name(shape.accelerator));
}

/// What is written down of the snapshot for hosts that import it.
Origin origin_of(const Recipe& recipe, std::string qemu, std::vector<Digest> steps) {
  Origin origin{recipe.shape, std::move(qemu),         recipe.box.digest,
                "",           digest_of(recipe.guest), std::move(steps)};
  if (recipe.box.disk) origin.disk = recipe.box.disk->string();
  return origin;
}

}  // namespace

std::vector<std::string> snapshot_files(Disk disk) {
  std::vector<std::string> names;
  for (const auto name : {memory_file, state_file, initramfs_file}) names.emplace_back(name);
  if (disk == Disk::present) names.emplace_back(disk_file);
  return names;
}

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

Digest layer_key(const Digest& below, const Digest& step) {
  return Hasher().feed_part(layer_format).feed_part(below.hex).feed_part(step.hex).finish();
}

Result<std::vector<Snapshots::Layer>> Snapshots::layers_of(const Recipe& recipe,
                                                           const Stop& stop) const {
  std::vector<Layer> layers;
  std::vector<Digest> steps;
  const auto qemu = TRY(qemu_identity());
  const auto add = [&](Digest key, const place::ProvisionStep* step, std::string title) {
    auto directory = SnapshotPlace::of(paths_.snapshots, key).directory;
    layers.push_back({{std::move(key), std::move(directory), recipe},
                      step,
                      std::move(title),
                      origin_of(recipe, qemu, steps)});
  };
  add(snapshot_key(recipe, qemu), nullptr, "");
  for (const auto& step : recipe.provision) {
    auto title =
        fmt::format("step {} of {} ({})", layers.size(), recipe.provision.size(), describe(step));
    steps.push_back(TRY(digest_of(step, stop), "provision, {}", title));
    add(layer_key(layers.back().snapshot.key, steps.back()), &step, std::move(title));
  }
  return layers;
}

Result<Snapshot> Snapshots::obtain(const Recipe& recipe, Bytes most, const Progress& progress,
                                   const Stop& stop) {
  const auto layers = TRY(layers_of(recipe, stop));
  const auto verified = [&](const Layer& layer) {
    return bool(verify(layer.snapshot.directory, layer.snapshot.key, stop));
  };
  auto made = layers.size();
  while (made > 0 && !verified(layers[made - 1])) --made;
  TRY(stop.check());
  const bool complete = made == layers.size();
  for (; made < layers.size(); ++made)
    TRY(make(layers[made], made == 0 ? nullptr : &layers[made - 1], progress, stop));
  for (const auto& layer : layers) SnapshotPlace{layer.snapshot.directory}.note_use();
  if (!complete)
    for (const auto& one : TRY(prune_but(most, layers, stop)))
      progress(fmt::format("removed the snapshot {}, unused for long: all took more than {}",
                           one.name, to_text(most)));
  return layers.back().snapshot;
}

Result<> Snapshots::make(const Layer& layer, const Layer* below, const Progress& progress,
                         const Stop& stop) {
  const auto& [key, directory, recipe] = layer.snapshot;
  TRY(os::make_directories(paths_.snapshots, 0700));
  const auto lock = TRY(SnapshotPlace{directory}.lock(progress, stop));
  // Somebody may have made it while we waited.
  const auto verified = verify(directory, key, stop);
  if (verified) return {};
  TRY(stop.check());
  if (fs::exists(directory)) {
    progress(fmt::format("the snapshot {} is damaged ({}); making it anew", key.brief(),
                         verified.error().text()));
    TRY(os::remove_tree(directory), "remove a damaged snapshot");
  }
  const auto what =
      layer.step ? "provision, " + layer.title : fmt::format("freeze {}", recipe.box.name);
  TRY(build(layer, below, progress, stop), "{}", what);
  return {};
}

Result<> Snapshots::build(const Layer& layer, const Layer* below, const Progress& progress,
                          const Stop& stop) {
  const auto& snapshot = layer.snapshot;
  const auto& recipe = snapshot.recipe;
  const SnapshotPlace place{snapshot.directory};
  const auto partial = place.half_made();
  TRY(os::remove_tree(partial));
  TRY(os::make_directories(partial, 0700));
  const auto made = [&]() -> Result<> {
    const auto machine = TRY(machine_of(layer, below, partial, progress, stop));
    progress(layer.step ? "freezing " + layer.title : "freezing " + recipe.box.name);
    TRY(machine->freeze(stop));
    Manifest manifest{snapshot.key, recipe.box.name, describe(recipe.shape), {}, {},
                      {},           layer.origin};
    if (layer.step) manifest.layer = describe(*layer.step);
    if (below) manifest.below = below->snapshot.key;
    const auto files = snapshot_files(recipe.box.disk ? Disk::present : Disk::none);
    TRY(seal(partial, std::move(manifest), files, stop));
    return place.publish();
  }();
  if (!made) TRY(os::remove_tree(partial), "after: {}", made.error().text());
  return made;
}

Result<std::unique_ptr<Machine>> Snapshots::machine_of(const Layer& layer, const Layer* below,
                                                       const fs::path& files,
                                                       const Progress& progress,
                                                       const Stop& stop) const {
  const MachineOrder order{paths_.machines, "", "snapshot"};
  if (!layer.step) {
    progress(fmt::format("booting {} once", layer.snapshot.recipe.box.name));
    return Machine::boot_in(files, layer.snapshot.recipe, order, stop);
  }
  progress("provisioning, " + layer.title);
  auto machine = TRY(Machine::grow_in(files, below->snapshot, order, stop));
  const auto show = [&](std::string_view line) { progress(fmt::format("  {}", line)); };
  auto done = provision(machine->place(), *layer.step, fetch_, show, stop);
  if (done) return machine;
  if (done.error().fault() != Fault::invalid)
    return tl::unexpected<Error>(machine->explain(done.error()));
  const auto id = machine->id();
  TRY(machine->keep(Keep{wall_now() + kept_after_failure}), "{}", done.error().text());
  return fail(Fault::invalid, "{}; look into its machine, for {} minutes: cupel ssh {}",
              done.error().text(), kept_after_failure.count(), id);
}

Result<std::vector<StoredSnapshot>> Snapshots::list(const Stop& stop) const {
  std::vector<StoredSnapshot> all;
  std::error_code error;
  for (fs::directory_iterator entry(paths_.snapshots, error), end; !error && entry != end;
       entry.increment(error)) {
    TRY(stop.check());
    const auto& path = entry->path();
    if (path.has_extension()) continue;
    auto manifest = load_manifest(path);
    if (!manifest) continue;
    StoredSnapshot one{
        path.filename().string(), std::move(*manifest), {}, SnapshotPlace{path}.last_use()};
    for (const auto& file : one.manifest.files)
      one.size.count += os::disk_usage(path / file.name).count;
    if (fs::exists(path / pinned_name)) one.pinned = StoredSnapshot::Pin::yes;
    all.push_back(std::move(one));
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::pair(b.last_used, a.name) < std::pair(a.last_used, b.name);
  });
  return all;
}

Result<StoredSnapshot> Snapshots::find(std::string_view start, const Stop& stop) const {
  std::optional<StoredSnapshot> found;
  for (auto& one : TRY(list(stop))) {
    if (!one.name.starts_with(start)) continue;
    if (found)
      return fail(Fault::conflict, "several snapshots begin with {:?}: say more of it", start);
    found = std::move(one);
  }
  if (!found || start.empty())
    return fail(Fault::not_found, "there is no snapshot {:?}: see cupel snapshot list", start);
  return std::move(*found);
}

Result<> Snapshots::remove(const StoredSnapshot& snapshot, const Stop& stop) {
  const auto directory = paths_.snapshots / snapshot.name;
  const SnapshotPlace place{directory};
  const auto lock = TRY(os::FileLock::try_take(place.lock_file()));
  if (!lock)
    return fail(Fault::conflict, "snapshot {} is being made or exported just now", snapshot.name);
  // Under its other name it is nobody's, whatever happens to us.
  const auto partial = place.half_made();
  TRY(os::remove_tree(partial));
  if (::rename(directory.c_str(), partial.c_str()) != 0)
    return fail_errno(errno, "rename {}", directory.string());
  TRY(os::remove_tree(partial));
  std::error_code ignored;  // a lock that stays does no harm
  fs::remove(place.lock_file(), ignored);
  return stop.check();
}

Result<> Snapshots::pin(const StoredSnapshot& snapshot, StoredSnapshot::Pin pin) {
  const auto path = paths_.snapshots / snapshot.name / pinned_name;
  if (pin == StoredSnapshot::Pin::yes) return os::write_file(path, "");
  std::error_code error;
  fs::remove(path, error);
  if (error) return fail(Fault::unavailable, "remove {}: {}", path.string(), error.message());
  return {};
}

Result<std::vector<StoredSnapshot>> Snapshots::prune(Bytes most, const Stop& stop) {
  return prune_but(most, {}, stop);
}

Result<std::vector<StoredSnapshot>> Snapshots::prune_but(Bytes most,
                                                         const std::vector<Layer>& needed,
                                                         const Stop& stop) {
  auto all = TRY(list(stop));
  Bytes sum;
  for (const auto& one : all) sum.count += one.size.count;
  std::vector<StoredSnapshot> removed;
  for (; !all.empty() && sum > most; all.pop_back()) {
    auto& oldest = all.back();
    const bool is_needed = std::any_of(needed.begin(), needed.end(), [&](const Layer& layer) {
      return layer.snapshot.key == oldest.manifest.key;
    });
    if (is_needed || oldest.pinned == StoredSnapshot::Pin::yes) continue;
    const auto done = remove(oldest, stop);
    TRY(stop.check());
    if (!done) continue;  // somebody else is at it
    sum.count -= oldest.size.count;
    removed.push_back(std::move(oldest));
  }
  return removed;
}

Result<> Snapshots::sweep(const Stop& stop) {
  std::error_code error;
  for (fs::directory_iterator entry(paths_.snapshots, error), end; !error && entry != end;
       entry.increment(error)) {
    TRY(stop.check());
    const auto path = entry->path();
    if (path.extension() != half_made_suffix) continue;
    const SnapshotPlace place{path.parent_path() / path.stem()};
    // Its builder lives if the lock is held.
    if (const auto lock = TRY(os::FileLock::try_take(place.lock_file())))
      TRY(os::remove_tree(path));
  }
  return {};
}

}  // namespace cupel::machine
