// SPDX-License-Identifier: Apache-2.0
#include "machine/snapshot_archive.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "machine/overlay.hpp"
#include "machine/qemu.hpp"

namespace cupel::machine {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A host: its stores, with small files that no QEMU runs. Each builds its box with another
/// content.
class Host {
 public:
  Host() = default;

  Paths paths() const {
    const auto& home = home_.path();
    return {home / "boxes", home / "snapshots", home / "machines", home / "downloads", home / "a"};
  }
  BoxStore boxes(const std::string& recipe = "") const {
    const auto script =
        "#!/bin/sh\nset -eu\n[ \"$1\" != --clean ] || exit 0\nmkdir -p \"$2\"\n"
        "echo kernel >\"$2/vmlinux\"\ndate +%N >\"$2/initramfs\"\necho list >\"$2/packages.list\"\n"
        "printf disk >\"$2/disk.raw\"\ntruncate -s 4M \"$2/disk.raw\"\n" +
        recipe;
    return BoxStore(paths(), {{{"build", script}, {"test/ready", "true"}},
                              {{"cupel/test", "test", kib(1), BoxKind::Owners::one}}});
  }
  Box box() const {
    return boxes()
        .ensure(
            "cupel/test", [](const BoxProgress&) {}, Stop{})
        .value();
  }
  /// A layer behind one step.
  StoredSnapshot freeze(const ImportHost& made_on) const {
    const auto its_box = box();
    Origin origin;
    origin.shape.memory = mib(8);
    origin.qemu = made_on.facts.qemu;
    origin.box = its_box.digest;
    origin.disk = its_box.disk->string();
    origin.guest = made_on.guest;
    origin.steps = {digest_of("step")};
    const auto keys = keys_of(origin, its_box.ready);
    const auto place = SnapshotPlace::of(paths().snapshots, keys.back());
    const auto files = place.half_made();
    EXPECT_TRUE(os::make_directories(files, 0700));
    EXPECT_TRUE(os::write_file(files / memory_file, "memory"));
    fs::resize_file(files / memory_file, origin.shape.memory.count);
    EXPECT_TRUE(os::write_file(files / state_file, "state"));
    EXPECT_TRUE(os::write_file(files / initramfs_file, "initramfs"));
    EXPECT_TRUE(make_overlay(files / disk_file, {origin.disk, Backing::Format::raw}, mib(4)));
    EXPECT_TRUE(seal(files,
                     {keys.back(), "cupel/test", "2 cpus", "shell step", keys[0], {}, origin},
                     snapshot_files(Disk::present), Stop{}));
    EXPECT_TRUE(place.publish());
    return Snapshots(paths()).find(keys.back().hex.substr(0, 8), Stop{}).value();
  }
  /// Snapshots, and what is left of half ones.
  std::vector<std::string> snapshots() const {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(paths().snapshots, error), end; !error && entry != end;
         ++entry)
      if (entry->path().extension() != ".lock") names.push_back(entry->path().filename());
    return names;
  }

 private:
  os::TempDir home_ = os::TempDir::make("host").value();
};

class SnapshotArchive : public testing::Test {
 protected:
  ImportHost host_{"x86_64",
                   "7.2",
                   {"6.1", "a processor", qemu(), "boot"},
                   digest_of(guest_program()),
                   Accelerator::tcg};
  Host from_, to_;

  static std::string qemu() { return qemu_identity().value_or("none"); }
  void SetUp() override {
    if (!qemu_identity()) GTEST_SKIP() << qemu_identity().error().text();
  }

  std::string exported(const StoredSnapshot& snapshot) const {
    std::string bytes;
    const auto sink = [&](std::string_view more) -> Result<> {
      bytes += more;
      return {};
    };
    const auto done = export_snapshot(snapshot, from_.paths(), from_.boxes(), sink, {}, Stop{});
    EXPECT_TRUE(done) << done.error().text();
    return bytes;
  }
  Result<Imported> import(std::string_view bytes, BoxStore boxes,
                          BoxStore::Own own = BoxStore::Own::refuse) const {
    const auto source = [bytes]() mutable -> Result<std::string_view> {
      const auto piece = bytes.substr(0, 4096);
      bytes.remove_prefix(piece.size());
      return piece;
    };
    ImportOptions options{
        host_, own, [this](const Box*) { return host_.accelerator; }, {}, [](std::string_view) {}};
    return import_snapshot(source, to_.paths(), boxes, options, Stop{});
  }
  std::string refusal(std::string_view bytes) const {
    const auto done = import(bytes, to_.boxes());
    EXPECT_EQ(to_.snapshots(), std::vector<std::string>());
    EXPECT_EQ(to_.boxes().list()->size(), 0U);
    return done ? "it was taken" : done.error().text();
  }
  /// An archive of the snapshot with other words at the beginning, and nothing behind.
  std::string beginning(const StoredSnapshot& snapshot,
                        const std::function<void(ArchiveHead&)>& change) const {
    ArchiveHead head{
        "x86_64", "7.2", mib(1), snapshot.manifest,
        from_.boxes().with_content("cupel/test", snapshot.manifest.origin->box).value().record};
    change(head);
    std::string bytes;
    const os::ByteSink sink = [&](std::string_view more) -> Result<> {
      bytes += more;
      return {};
    };
    auto writer = os::BundleWriter::open(sink).value();
    const json::Object words{{"format", "cupel snapshot archive 1"},
                             {"architecture", head.architecture},
                             {"qemu", head.qemu},
                             {"data", head.data.count}};
    EXPECT_TRUE(writer.add_text("snapshot.json", json::write(words)));
    EXPECT_TRUE(writer.add_text("snapshot/manifest.json", write_manifest(head.manifest)));
    EXPECT_TRUE(writer.add_text("box/box.json", write_record(head.box)));
    EXPECT_TRUE(writer.close());
    return bytes;
  }
};

TEST_F(SnapshotArchive, TravelsWithItsBox) {
  const auto snapshot = from_.freeze(host_);
  const auto bytes = exported(snapshot);

  const auto imported = import(bytes, to_.boxes());

  ASSERT_TRUE(imported) << imported.error().text();
  EXPECT_EQ(to_.snapshots(), std::vector<std::string>{imported->name});
  const auto box = to_.boxes().find("cupel/test", Stop{}).value().value();
  EXPECT_EQ(box.digest, snapshot.manifest.origin->box);
  EXPECT_EQ(os::read_file(*box.disk).value().substr(0, 4), "disk");
  // A run here would look for this very snapshot.
  EXPECT_EQ(imported->manifest.origin->disk, box.disk->string());
  EXPECT_EQ(imported->manifest.key, keys_of(*imported->manifest.origin, box.ready).back());
  const auto directory = to_.paths().snapshots / imported->name;
  EXPECT_TRUE(verify(directory, imported->manifest.key, Stop{}));
  EXPECT_THAT(os::read_file(directory / disk_file).value(), HasSubstr(box.disk->string()));
  EXPECT_LE(os::disk_usage(directory / memory_file).count, 64U << 10);
  EXPECT_LT(bytes.size(), 16U << 10);

  const auto again = import(bytes, to_.boxes());
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->fresh, Imported::New::no);
}

TEST_F(SnapshotArchive, ReplacesThisHostsBoxOnlyIfToldTo) {
  const auto snapshot = from_.freeze(host_);
  const auto bytes = exported(snapshot);
  const auto own = to_.box();

  const auto refused = import(bytes, to_.boxes());

  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text(), HasSubstr("it stands on another cupel/test"));
  EXPECT_THAT(refused.error().text(), HasSubstr("--with-box"));
  EXPECT_EQ(to_.box(), own);
  const auto taken = import(bytes, to_.boxes(), BoxStore::Own::replace);
  ASSERT_TRUE(taken) << taken.error().text();
  EXPECT_EQ(to_.box().digest, snapshot.manifest.origin->box);
}

TEST_F(SnapshotArchive, IsRefusedWithAReasonWhereItDoesNotFit) {
  const auto snapshot = from_.freeze(host_);
  const auto bytes = exported(snapshot);
  const auto refused_by = [&](const std::function<void(ImportHost&)>& change) {
    const auto before = host_;
    change(host_);
    auto text = refusal(bytes);
    host_ = before;
    return text;
  };
  const std::string unfit = "it does not fit this host: ";

  EXPECT_EQ(refused_by([](auto& host) { host.architecture = "aarch64"; }),
            unfit + "it is of x86_64, this host of aarch64");
  EXPECT_THAT(refused_by([](auto& host) {
                host.facts.qemu = "another";
                host.qemu_version = "9.0";
              }),
              testing::MatchesRegex(unfit + "it was made with QEMU .*, here is 9.0"));
  EXPECT_EQ(refused_by([](auto& host) { host.accelerator = Accelerator::kvm; }),
            unfit + "it was made for TCG, machines run with KVM here");
  EXPECT_EQ(refused_by([](auto& host) { host.guest = digest_of("another"); }),
            unfit + "it was made by another version of cupel");
  EXPECT_THAT(import(bytes, to_.boxes("# another recipe\n")).error().text(),
              HasSubstr("was built by another version of cupel"));
}

TEST_F(SnapshotArchive, OfAnotherProcessorDoesNotFit) {
  const auto snapshot = from_.freeze(host_);
  ArchiveHead head{"x86_64", "7.2", {}, snapshot.manifest, {}};
  auto& shape = head.manifest.origin->shape;
  shape.accelerator = Accelerator::kvm;
  shape.cpu = "host";
  shape.host_cpu = "another processor";
  auto here = host_;
  here.accelerator = std::nullopt;  // it is not known yet
  EXPECT_EQ(why_unfit(head, here, {}),
            "it was made on a processor another processor, here is a processor");
}

TEST_F(SnapshotArchive, IsRefusedWhenItDisagreesWithItself) {
  const auto snapshot = from_.freeze(host_);
  const auto text = [&](const std::function<void(ArchiveHead&)>& change) {
    return refusal(beginning(snapshot, change));
  };
  EXPECT_EQ(text([](auto&) {}), "it ends where box/packages.list should be");
  EXPECT_THAT(text([](auto& head) { head.box.name = "cupel/other"; }), HasSubstr("its box is not"));
  EXPECT_THAT(text([](auto& head) { head.box.files[0].digest = digest_of("x"); }),
              HasSubstr("its box is not"));
  EXPECT_THAT(text([](auto& head) { head.manifest.files[1].name = "used"; }),
              HasSubstr("has the files"));
  EXPECT_THAT(text([](auto& head) { head.manifest.files.pop_back(); }), HasSubstr("has the files"));
  EXPECT_THAT(text([](auto& head) { head.manifest.files[0].stamp.size *= 2; }),
              HasSubstr("its memory has another size"));
  EXPECT_THAT(text([](auto& head) { head.manifest.files[0].name = "../memory"; }),
              HasSubstr("no such file can be there"));
  EXPECT_THAT(text([](auto& head) { head.manifest.origin = std::nullopt; }),
              HasSubstr("does not say how it was made"));
  EXPECT_THAT(text([](auto& head) { head.manifest.key = digest_of("a wish"); }),
              HasSubstr("another version of cupel"));
  EXPECT_THAT(text([](auto& head) { head.data = gib(1 << 20); }), HasSubstr("no space left"));
}

TEST_F(SnapshotArchive, IsRefusedWhenItIsForeign) {
  for (const auto* bytes : {"", "x", "<html>not found</html>", "\x28\xb5\x2f\xfd"})
    EXPECT_THAT(refusal(bytes), HasSubstr("it is no exported snapshot")) << bytes;
}

TEST_F(SnapshotArchive, IsRefusedWhenItIsCutOrDamagedAnywhere) {
  const auto bytes = exported(from_.freeze(host_));
  for (std::size_t size = 0; size < bytes.size() - 16; size += 13)
    EXPECT_NE(refusal(std::string_view(bytes).substr(0, size)), "it was taken") << size;
  std::size_t harmless = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    auto damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    const auto done = import(damaged, to_.boxes());
    if (!done) continue;
    // A byte that says nothing, as a file's time: what was taken is whole.
    ++harmless;
    const auto directory = to_.paths().snapshots / done->name;
    ASSERT_TRUE(verify(directory, done->manifest.key, Stop{})) << at;
    ASSERT_TRUE(os::remove_tree(directory));
    ASSERT_TRUE(to_.boxes().remove("cupel/test", Stop{}));
  }
  EXPECT_EQ(to_.snapshots(), std::vector<std::string>());
  EXPECT_LT(harmless * 3, bytes.size() / 4);
}

TEST_F(SnapshotArchive, OfAnEarlierCupelIsNotExported) {
  auto snapshot = from_.freeze(host_);
  auto manifest = snapshot.manifest;
  manifest.origin = std::nullopt;
  const auto directory = from_.paths().snapshots / snapshot.name;
  ASSERT_TRUE(os::write_file(directory / "manifest.json", write_manifest(manifest)));
  const auto done = export_snapshot(
      snapshot, from_.paths(), from_.boxes(), [](auto) { return Result<>(); }, {}, Stop{});
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text(), HasSubstr("an earlier cupel made it"));
}

}  // namespace
}  // namespace cupel::machine
