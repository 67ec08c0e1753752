// SPDX-License-Identifier: Apache-2.0
#include "machine/snapshot_archive.hpp"

#include <sys/utsname.h>

#include <cerrno>

#include "base/json.hpp"
#include "machine/overlay.hpp"
#include "machine/sparse_digest.hpp"
#include "os/process.hpp"

namespace cupel::machine {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

// Whatever changes the meaning of an archive changes this.
constexpr std::string_view format = "cupel snapshot archive 1";
constexpr const char* head_name = "snapshot.json";
constexpr const char* manifest_name = "snapshot/manifest.json";
constexpr const char* record_name = "box/box.json";
constexpr const char* packages_name = "box/packages.list";
constexpr std::size_t longest_text = 1U << 20;
constexpr std::size_t longest_packages = 16U << 20;

Result<std::string> architecture() {
  utsname name{};
  if (::uname(&name) != 0) return fail_errno(errno, "ask for the kernel's name");
  return std::string(name.machine);
}

Result<std::string> qemu_version(const Stop& stop) {
  os::Spawn spawn;
  spawn.argv = {std::string(qemu_program), "--version"};
  const auto ran = TRY(os::capture(std::move(spawn), "", stop), "ask QEMU for its version");
  constexpr std::string_view before = "QEMU emulator version ";
  const auto line = ran.out.substr(0, ran.out.find('\n'));
  return std::string(trim(line.starts_with(before) ? line.substr(before.size()) : line));
}

Result<> check_names(const std::vector<SealedFile>& files, const std::vector<std::string>& names,
                     std::string_view where) {
  std::vector<std::string> found;
  for (const auto& file : files) found.push_back(file.name);
  if (found == names) return {};
  return fail(Fault::invalid, "{} has the files {}, not {}", where, join(found, ", "),
              join(names, ", "));
}

/// What the parts of a head say of each other.
Result<> check_agreement(const ArchiveHead& head) {
  const auto& manifest = head.manifest;
  if (!manifest.origin) return fail(Fault::invalid, "it does not say how it was made");
  const auto& origin = *manifest.origin;
  const bool disk = !origin.disk.empty();
  TRY(check_names(manifest.files, snapshot_files(disk ? Disk::present : Disk::none), "snapshot"));
  std::vector<std::string> box_files{"vmlinux", "initramfs"};
  if (disk) box_files.emplace_back("disk.raw");
  TRY(check_names(head.box.files, box_files, "box"));
  if (head.box.name != manifest.box || head.box.content() != origin.box)
    return fail(Fault::invalid, "its box is not the one that it stands on");
  if (manifest.files.front().stamp.size != origin.shape.memory.count)
    return fail(Fault::invalid, "its memory has another size than its machine");
  return {};
}

Result<std::string> text_of(os::BundleReader& reader, std::string_view name, std::size_t limit,
                            const Stop& stop) {
  const auto entry = TRY(reader.next(stop));
  if (!entry) return fail(Fault::invalid, "it ends where {} should be", name);
  if (entry->name != name)
    return fail(Fault::invalid, "{:?} where {} should be", entry->name, name);
  return TRY(reader.text(limit, stop), "{}", name);
}

/// Moves the files of one directory, and tells of it.
class Moves {
 public:
  Moves(Bytes all, const ArchiveProgress& progress) : all_(all), progress_(progress) {}

  os::MovedBytes hear() {
    return [this](std::size_t bytes) {
      done_.count += bytes;
      if (progress_) progress_(done_, all_);
    };
  }
  Bytes left() const { return {all_.count - std::min(all_.count, done_.count)}; }

 private:
  Bytes all_, done_;
  const ArchiveProgress& progress_;
};

Result<> write_files(os::BundleReader& reader, const std::string& folder,
                     const std::vector<SealedFile>& files, const fs::path& directory, Moves& moves,
                     const Stop& stop) {
  for (const auto& file : files) {
    const auto name = folder + "/" + file.name;
    const auto entry = TRY(reader.next(stop));
    if (!entry) return fail(Fault::invalid, "it ends where {} should be", name);
    if (entry->name != name)
      return fail(Fault::invalid, "{:?} where {} should be", entry->name, name);
    if (entry->size != file.stamp.size)
      return fail(Fault::invalid, "{} has {} bytes instead of {}", name, entry->size,
                  file.stamp.size);
    TRY(reader.write_to(directory / file.name, moves.left(), moves.hear(), stop), "{}", name);
  }
  return {};
}

Box box_in(const fs::path& directory, const BoxRecord& record) {
  Box box{record.name, record.content(), directory / "vmlinux", directory / "initramfs", {}, {}};
  if (record.find("disk.raw") != nullptr) box.disk = directory / "disk.raw";
  return box;
}

/// One archive on its way into the store.
class Import {
 public:
  Import(const Paths& paths, BoxStore& boxes, const ImportOptions& options, const Stop& stop)
      : paths_(paths), boxes_(boxes), options_(options), stop_(stop), host_(options.host) {}

  Result<Imported> run(os::BundleReader& reader) {
    head_ = TRY(read_head(reader, stop_));
    host_.accelerator = TRY(options_.accelerator(nullptr));
    TRY(check_fit());
    const auto box_place = TRY(boxes_.place_for(head_.box, options_.own));
    localise(box_place);
    const SnapshotPlace place = SnapshotPlace::of(paths_.snapshots, manifest_.key);
    TRY(os::make_directories(paths_.snapshots, 0700));
    const auto lock = TRY(place.lock(options_.news, stop_));
    const auto name = place.directory.filename().string();
    const auto known = boxes_.with_content(head_.box.name, head_.box.content());
    if (known && known->state == StoredBox::State::current &&
        options_.own == BoxStore::Own::refuse && verify(place.directory, manifest_.key, stop_))
      return Imported{name, manifest_, Imported::New::no};
    TRY(stop_.check());
    TRY(os::remove_tree(place.half_made()));
    auto done = take_in(reader, place);
    if (!done) {
      TRY(os::remove_tree(place.half_made()), "after: {}", done.error().text());
      return tl::unexpected<Error>(done.error());
    }
    place.note_use();
    return Imported{name, manifest_, Imported::New::yes};
  }

 private:
  Result<> check_fit() const {
    if (const auto why = why_unfit(head_, host_, boxes_.ready_of(head_.box.name)))
      return fail(Fault::conflict, "it does not fit this host: {}", *why);
    return {};
  }

  /// The manifest as it is here: keys depend on where the box's disk lies.
  void localise(const fs::path& box_place) {
    manifest_ = head_.manifest;
    auto& origin = *manifest_.origin;
    if (!origin.disk.empty()) {
      std::error_code error;
      const auto disk = fs::weakly_canonical(box_place / "disk.raw", error);
      origin.disk = (error ? box_place / "disk.raw" : disk).string();
    }
    const auto keys = keys_of(origin, boxes_.ready_of(head_.box.name));
    manifest_.key = keys.back();
    manifest_.below = keys.size() > 1 ? keys[keys.size() - 2] : Digest{};
  }

  Result<> take_in(os::BundleReader& reader, const SnapshotPlace& place) {
    const auto files = place.half_made();
    const auto box_files = files / "box";
    TRY(os::make_directories(box_files, 0700));
    const auto free = TRY(os::free_space(files));
    if (free < head_.data)
      return fail(Fault::unavailable, "no space left: it takes {}, {} has {}", to_text(head_.data),
                  files.parent_path().string(), to_text(free));
    TRY(unpack(reader, files, box_files));
    if (!host_.accelerator) {
      const auto box = box_in(box_files, head_.box);
      host_.accelerator = TRY(options_.accelerator(&box));
      TRY(check_fit());
    }
    if (!manifest_.origin->disk.empty())
      TRY(rebase_overlay(files / disk_file, manifest_.origin->disk));
    TRY(boxes_.admit(box_files, head_.box, options_.own, stop_), "take its box in");
    TRY(os::remove_tree(box_files));
    std::vector<std::string> names;
    for (const auto& file : manifest_.files) names.push_back(file.name);
    manifest_.files.clear();
    TRY(seal(files, manifest_, names, stop_));
    // A damaged one may stand there.
    TRY(os::remove_tree(place.directory));
    return place.publish();
  }

  Result<> unpack(os::BundleReader& reader, const fs::path& files, const fs::path& box_files) {
    Moves moves(head_.data, options_.progress);
    const auto packages = TRY(text_of(reader, packages_name, longest_packages, stop_));
    if (digest_of(packages) != head_.box.packages)
      return fail(Fault::invalid, "{} is damaged", packages_name);
    TRY(os::write_file(box_files / "packages.list", packages));
    TRY(write_files(reader, "snapshot", head_.manifest.files, files, moves, stop_));
    TRY(write_files(reader, "box", head_.box.files, box_files, moves, stop_));
    if (const auto more = TRY(reader.next(stop_)))
      return fail(Fault::invalid, "{:?} where its end should be", more->name);
    for (const auto& file : head_.manifest.files)
      if (TRY(digest_sparse(files / file.name, Zeros::punch, stop_)) != file.digest)
        return fail(Fault::invalid, "snapshot/{} is damaged", file.name);
    for (const auto& file : head_.box.files)
      if (TRY(os::digest_file(box_files / file.name, stop_)) != file.digest)
        return fail(Fault::invalid, "box/{} is damaged", file.name);
    return {};
  }

  const Paths& paths_;
  BoxStore& boxes_;
  const ImportOptions& options_;
  const Stop& stop_;
  ImportHost host_;
  ArchiveHead head_;
  Manifest manifest_;  // as it is here
};

}  // namespace

Result<ImportHost> import_host(const Stop& stop) {
  return ImportHost{TRY(architecture()), TRY(qemu_version(stop)), TRY(host_facts()),
                    digest_of(guest_program()), std::nullopt};
}

std::optional<std::string> why_unfit(const ArchiveHead& head, const ImportHost& host,
                                     const std::vector<std::string>& ready) {
  const auto& origin = *head.manifest.origin;
  const auto& shape = origin.shape;
  if (head.architecture != host.architecture)
    return fmt::format("it is of {}, this host of {}", head.architecture, host.architecture);
  if (origin.qemu != host.facts.qemu) {
    if (head.qemu != host.qemu_version)
      return fmt::format("it was made with QEMU {}, here is {}", head.qemu, host.qemu_version);
    return fmt::format("it was made with another build of QEMU {} than this host's", head.qemu);
  }
  if (host.accelerator && shape.accelerator != *host.accelerator)
    return fmt::format("it was made for {}, machines run with {} here", name(shape.accelerator),
                       name(*host.accelerator));
  if (shape.host_cpu != "" && shape.host_cpu != host.facts.cpu)
    return fmt::format("it was made on a processor {}, here is {}", shape.host_cpu, host.facts.cpu);
  if (origin.guest != host.guest || keys_of(origin, ready).back() != head.manifest.key)
    return "it was made by another version of cupel";
  return std::nullopt;
}

Result<ArchiveHead> read_head(os::BundleReader& reader, const Stop& stop) {
  ArchiveHead head;
  const auto text = text_of(reader, head_name, longest_text, stop);
  if (!text && text.error().fault() == Fault::invalid)
    return fail(Fault::invalid, "it is no exported snapshot: {}", text.error().text());
  if (!text) return tl::unexpected<Error>(text.error());
  const auto document = TRY(json::parse(*text), "{}", head_name);
  if (TRY(document.text("format")) != format)
    return fail(Fault::invalid, "it is of a format of another cupel: {:?}",
                TRY(document.text("format")));
  head.architecture = printable(TRY(document.text("architecture")));
  head.qemu = printable(TRY(document.text("qemu")));
  const auto data = TRY(document.integer("data"));
  if (data < 0) return fail(Fault::invalid, "data: no such size");
  head.data.count = static_cast<std::uint64_t>(data);
  head.manifest = TRY(parse_manifest(TRY(text_of(reader, manifest_name, longest_text, stop))), "{}",
                      manifest_name);
  head.box = TRY(parse_box_record(TRY(text_of(reader, record_name, longest_text, stop))), "{}",
                 record_name);
  TRY(check_agreement(head));
  return head;
}

Result<> export_snapshot(const StoredSnapshot& snapshot, const Paths& paths, const BoxStore& boxes,
                         const os::ByteSink& sink, const ArchiveProgress& progress,
                         const Stop& stop) {
  const SnapshotPlace place{paths.snapshots / snapshot.name};
  // Nobody prunes it meanwhile.
  const auto lock = TRY(place.lock([](std::string_view) {}, stop));
  const auto manifest = TRY(verify(place.directory, snapshot.manifest.key, stop));
  if (!manifest.origin)
    return fail(Fault::invalid,
                "an earlier cupel made it: remove it, and export the one that the next run makes");
  const auto& origin = *manifest.origin;
  if (origin.qemu != TRY(qemu_identity()))
    return fail(Fault::conflict, "it was made with another QEMU than this host has now");
  const auto box = boxes.with_content(manifest.box, origin.box);
  if (!box)
    return fail(Fault::not_found, "its box {} ({}) is not there any more", manifest.box,
                origin.box.brief());
  TRY(verify_box(box->directory, box->record, stop), "its box");
  Bytes data;
  for (const auto& file : manifest.files)
    data.count += TRY(os::data_of(place.directory / file.name)).count;
  for (const auto& file : box->record.files)
    data.count += TRY(os::data_of(box->directory / file.name)).count;

  auto writer = TRY(os::BundleWriter::open(sink));
  Moves moves(data, progress);
  const json::Object head{{"format", format},
                          {"architecture", TRY(architecture())},
                          {"qemu", TRY(qemu_version(stop))},
                          {"data", data.count}};
  TRY(writer.add_text(head_name, json::write(head) + "\n"));
  TRY(writer.add_text(manifest_name, write_manifest(manifest)));
  TRY(writer.add_text(record_name, write_record(box->record)));
  TRY(writer.add_text(packages_name,
                      TRY(os::read_file(box->directory / "packages.list", longest_packages))));
  for (const auto& file : manifest.files)
    TRY(writer.add_file("snapshot/" + file.name, place.directory / file.name, moves.hear(), stop));
  for (const auto& file : box->record.files)
    TRY(writer.add_file("box/" + file.name, box->directory / file.name, moves.hear(), stop));
  return writer.close();
}

Result<Imported> import_snapshot(const os::ByteSource& source, const Paths& paths, BoxStore& boxes,
                                 const ImportOptions& options, const Stop& stop) {
  auto reader = os::BundleReader::open(source);
  if (!reader && reader.error().fault() == Fault::invalid)
    return fail(Fault::invalid, "it is no exported snapshot: {}", reader.error().text());
  if (!reader) return tl::unexpected<Error>(reader.error());
  return Import(paths, boxes, options, stop).run(*reader);
}

}  // namespace cupel::machine
