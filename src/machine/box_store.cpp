// SPDX-License-Identifier: Apache-2.0
#include "machine/box_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "machine/box_needs.hpp"
#include "machine/record.hpp"
#include "os/wait.hpp"

namespace cupel::machine {

namespace fs = std::filesystem;

namespace {

using namespace std::chrono_literals;

constexpr std::string_view partial = ".partial";
/// Of each name: the newest, and the one that machines and snapshots may still stand on.
constexpr std::size_t kept = 2;

/// One component of a path, and the way back.
std::string escaped(const std::string& name) {
  std::string result;
  for (const char c : name) result += c == '/' ? std::string("%2F") : std::string(1, c);
  return result;
}

Result<> rename_durably(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return fail_errno(errno, "rename {}", from.string());
  const auto parent = TRY(os::open_file(to.parent_path().string(), O_RDONLY | O_DIRECTORY));
  if (::fsync(parent.get()) != 0) return fail_errno(errno, "sync {}", to.parent_path().string());
  return {};
}

bool was_touched(const fs::path& directory, const BoxRecord& record) {
  return std::any_of(record.files.begin(), record.files.end(), [&](const auto& file) {
    const auto stamp = os::stamp(directory / file.name);
    return !stamp || *stamp != file.stamp;
  });
}

std::vector<fs::path> entries_of(const fs::path& directory) {
  std::vector<fs::path> result;
  std::error_code error;  // nothing there yet: nothing to list
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error))
    result.push_back(entry->path());
  return result;
}

std::string who_builds(const fs::path& pid_file) {
  const auto pid = os::read_file(pid_file, 64);
  if (!pid || trim(*pid).empty()) return "another process";
  return fmt::format("process {}", printable(trim(*pid)));
}

}  // namespace

BoxStore::BoxStore(Paths paths, BoxRecipe recipe, BoxOptions options)
    : paths_(std::move(paths)), recipe_(std::move(recipe)), options_(std::move(options)) {}

fs::path BoxStore::home_of(const BoxKind& kind) const { return paths_.boxes / escaped(kind.name); }

BoxBuild BoxStore::build_of(const BoxKind& kind, BoxBuild::Packages packages) const {
  const auto key = box_key(recipe_, kind, options_);
  return {kind,
          options_,
          paths_.downloads / ("recipe." + kind.folder),
          home_of(kind) / (key.brief() + std::string(partial)),
          paths_.downloads,
          packages};
}

std::vector<StoredBox> BoxStore::stored(const std::string& name, const fs::path& home) const {
  const auto kind = find_kind(recipe_, name);
  std::vector<StoredBox> result;
  for (const auto& directory : entries_of(home)) {
    if (directory.native().ends_with(partial)) continue;
    auto record = read_record(directory);
    // Without a record that can be read it is no box; the next build of that name removes it.
    if (!record || record->name != name) continue;
    StoredBox box{std::move(*record), directory, os::disk_usage(directory),
                  StoredBox::State::current};
    if (!kind || box.record.key != box_key(recipe_, *kind, options_))
      box.state = StoredBox::State::outdated;
    else if (was_touched(directory, box.record))
      box.state = StoredBox::State::touched;
    result.push_back(std::move(box));
  }
  std::sort(result.begin(), result.end(), [](const auto& left, const auto& right) {
    return left.record.built > right.record.built;
  });
  return result;
}

Result<std::vector<StoredBox>> BoxStore::list() const {
  std::vector<StoredBox> result;
  for (const auto& kind : recipe_.kinds)
    for (auto& box : stored(kind.name, home_of(kind))) result.push_back(std::move(box));
  return result;
}

Box BoxStore::box_of(const BoxKind& kind, const StoredBox& stored) const {
  Box box;
  box.name = kind.name;
  box.digest = stored.record.content();
  box.kernel = stored.directory / "vmlinux";
  box.initramfs = stored.directory / "initramfs";
  if (stored.record.find("disk.raw") != nullptr) {
    // A snapshot's disk names it: by a path that holds however our home was reached this time.
    std::error_code error;
    box.disk = fs::weakly_canonical(stored.directory / "disk.raw", error);
    if (error) box.disk = stored.directory / "disk.raw";
  }
  box.ready = ready_command(recipe_, kind);
  return box;
}

Result<std::optional<Box>> BoxStore::find_kind_of(const BoxKind& kind, const Stop& stop) const {
  for (const auto& box : stored(kind.name, home_of(kind))) {
    if (box.state == StoredBox::State::outdated) continue;
    const auto verified = verify_box(box.directory, box.record, stop);
    if (verified) return std::optional<Box>(box_of(kind, box));
    TRY(stop.check());
  }
  return std::optional<Box>();
}

Result<std::optional<Box>> BoxStore::find(const std::string& name, const Stop& stop) const {
  return find_kind_of(TRY(find_kind(recipe_, name)), stop);
}

Result<os::FileLock> BoxStore::take_lock(const BoxProgressSink& sink, const Stop& stop) const {
  TRY(os::make_directories(paths_.downloads, 0700));
  const auto pid_file = paths_.downloads / "builder.pid";
  const auto began = std::chrono::steady_clock::now();
  BoxProgress last;
  for (;;) {
    auto lock = TRY(os::FileLock::try_take(paths_.downloads / "build.lock"));
    if (lock) {
      TRY(os::write_file(pid_file, std::to_string(::getpid()) + "\n"));
      return std::move(*lock);
    }
    BoxProgress now;
    now.text = fmt::format("waiting for {}, which builds a box", who_builds(pid_file));
    now.elapsed = std::chrono::steady_clock::now() - began;
    if (now.text != last.text || now.elapsed - last.elapsed >= 1s) sink(last = now);
    // flock(2) wakes nobody whom a stop could wake too.
    TRY(os::sleep(100ms, stop), "{}", now.text);
  }
}

Result<> BoxStore::remove(const std::string& name, const Stop& stop) {
  const auto kind = TRY(find_kind(recipe_, name));
  const auto home = home_of(kind);
  if (::access(home.c_str(), F_OK) != 0)
    return fail(Fault::not_found, "the box {} is not built", name);
  const auto lock = TRY(take_lock([](const BoxProgress&) {}, stop), "remove {}", name);
  return os::remove_tree(home);
}

Result<Box> BoxStore::ensure(const std::string& name, const BoxProgressSink& sink,
                             const Stop& stop) {
  const auto kind = TRY(find_kind(recipe_, name));
  if (auto box = TRY(find_kind_of(kind, stop))) return std::move(*box);
  const auto lock = TRY(take_lock(sink, stop));
  // Whom we waited for may have built it.
  if (auto box = TRY(find_kind_of(kind, stop))) return std::move(*box);
  return TRY(make(kind, BoxBuild::Packages::cached, sink, stop), "build {}", name);
}

Result<Box> BoxStore::rebuild(const std::string& name, const BoxProgressSink& sink,
                              const Stop& stop) {
  const auto kind = TRY(find_kind(recipe_, name));
  const auto lock = TRY(take_lock(sink, stop));
  return TRY(make(kind, BoxBuild::Packages::newest, sink, stop), "build {}", name);
}

Result<Box> BoxStore::make(const BoxKind& kind, BoxBuild::Packages packages,
                           const BoxProgressSink& sink, const Stop& stop) {
  const auto began = std::chrono::steady_clock::now();
  const auto build = build_of(kind, packages);
  const auto home = home_of(kind);
  TRY(os::make_directories(build.output));
  // What other recipes left half done, and directories that are no boxes.
  for (const auto& entry : entries_of(home))
    if (entry != build.output && !read_record(entry)) TRY(os::remove_tree(entry));
  const Bytes there{os::disk_usage(build.output).count + os::disk_usage(build.cache).count};
  TRY(check_space(build.output, Bytes{kind.space.count - std::min(there.count, kind.space.count)}));
  TRY(unpack_recipe(recipe_, build.scripts));

  const auto ran = run_build(build, sink, stop);
  if (!ran) {
    // The space that is short is what a half-made box takes.
    if (ran.error().message().starts_with("no space left")) TRY(os::remove_tree(build.output));
    TRY(ran);
  }
  BoxRecord record;
  record.name = kind.name;
  record.key = box_key(recipe_, kind, options_);
  record.built = wall_now();
  record.took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - began);
  record = TRY(seal_box(build.output, record, stop));
  const auto directory = home / fmt::format("{}-{}", record.key.brief(), record.content().brief());
  // The same content may stand there, damaged.
  TRY(os::remove_tree(directory));
  TRY(rename_durably(build.output, directory));

  TRY(drop_old_ones(kind));
  return box_of(kind, {record, directory, {}, StoredBox::State::current});
}

Result<> BoxStore::drop_old_ones(const BoxKind& kind) const {
  std::size_t position = 0;
  for (const auto& box : stored(kind.name, home_of(kind)))
    if (box.state == StoredBox::State::touched || position++ >= kept)
      TRY(os::remove_tree(box.directory));
  return {};
}

std::optional<StoredBox> BoxStore::with_content(const std::string& name,
                                                const Digest& content) const {
  const auto kind = find_kind(recipe_, name);
  if (!kind) return std::nullopt;
  for (auto& box : stored(name, home_of(*kind)))
    if (box.record.content() == content) return std::move(box);
  return std::nullopt;
}

std::vector<std::string> BoxStore::ready_of(const std::string& name) const {
  const auto kind = find_kind(recipe_, name);
  return kind ? ready_command(recipe_, *kind) : std::vector<std::string>();
}

Result<fs::path> BoxStore::place_for(const BoxRecord& record, Own own) const {
  const auto kind = TRY(find_kind(recipe_, record.name));
  if (record.key != box_key(recipe_, kind, options_))
    return fail(Fault::conflict, "its box {} was built by another version of cupel", record.name);
  const auto content = record.content();
  for (const auto& box : stored(record.name, home_of(kind))) {
    if (box.state == StoredBox::State::outdated) continue;
    if (box.record.content() == content || own == Own::replace) break;
    return fail(Fault::conflict,
                "it stands on another {} ({}) than this host's ({}): --with-box takes that one for "
                "new machines",
                record.name, content.brief(), box.record.content().brief());
  }
  return home_of(kind) / fmt::format("{}-{}", record.key.brief(), content.brief());
}

Result<Box> BoxStore::admit(const fs::path& directory, BoxRecord record, Own own,
                            const Stop& stop) {
  const auto kind = TRY(find_kind(recipe_, record.name));
  const auto lock = TRY(take_lock([](const BoxProgress&) {}, stop));
  const auto place = TRY(place_for(record, own));
  const auto there = read_record(place);
  // The newest of a name is the one that is used.
  const auto boxes = stored(record.name, home_of(kind));
  if (!boxes.empty() && boxes.front().directory != place)
    record.built = std::max(wall_now(), boxes.front().record.built + 1s);
  if (there && verify_box(place, *there, stop)) {
    auto known = *there;
    known.built = record.built;
    if (known != *there) TRY(os::write_file(place / "box.json", write_record(known)));
    return box_of(kind, {known, place, {}, StoredBox::State::current});
  }
  TRY(stop.check());
  record = TRY(seal_box(directory, std::move(record), stop));
  TRY(os::remove_tree(place));
  TRY(os::make_directories(place.parent_path()));
  TRY(rename_durably(directory, place));
  TRY(drop_old_ones(kind));
  return box_of(kind, {record, place, {}, StoredBox::State::current});
}

std::vector<std::string> BoxStore::last_words(const std::string& name) const {
  const auto kind = find_kind(recipe_, name);
  if (!kind) return {};
  const auto text = os::read_file(build_log(build_of(*kind, BoxBuild::Packages::cached)));
  if (!text) return {};
  auto lines = split(trim(*text), '\n');
  if (lines.size() > last_words_limit)
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(last_words_limit));
  for (auto& line : lines) line = printable(line);
  return lines;
}

}  // namespace cupel::machine
