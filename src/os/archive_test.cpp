// SPDX-License-Identifier: Apache-2.0
#include "os/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "os/files.hpp"

namespace cupel::os {
namespace {

class Archive : public testing::Test {
 protected:
  TempDir from_ = TempDir::make("from").value();
  TempDir to_ = TempDir::make("to").value();

  fs::path from(const std::string& name) const { return from_.path() / name; }
  fs::path to(const std::string& name) const { return to_.path() / name; }

  Result<std::string> packed(const PackOptions& options = {}) const {
    std::string bytes;
    const auto keep = [&](std::string_view more) -> Result<> {
      bytes += more;
      return {};
    };
    TRY(pack(from_.path(), options, keep, Stop{}));
    return bytes;
  }
  Result<PackSummary> unpacked(std::string_view bytes, const UnpackOptions& options = {}) const {
    // In odd pieces, so that nothing depends on how a stream is cut.
    const auto source = [bytes]() mutable -> Result<std::string_view> {
      const auto piece = bytes.substr(0, 700);
      bytes.remove_prefix(piece.size());
      return piece;
    };
    return unpack(source, to_.path(), options, Stop{});
  }
  void copy() const {
    const auto bytes = packed();
    ASSERT_TRUE(bytes) << bytes.error().text();
    const auto result = unpacked(*bytes);
    ASSERT_TRUE(result) << result.error().text();
  }
};

struct stat status_of(const fs::path& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
  return status;
}

/// An archive as no honest packer makes it.
class Forgery {
 public:
  struct Item {
    std::string path;
    unsigned type = AE_IFREG;
    std::string link = {};
    std::string content = {};
    unsigned mode = 0644;
  };

  Forgery& add(const Item& item) {
    items_.push_back(item);
    return *this;
  }
  std::string bytes() const {
    std::string buffer(1U << 20, '\0');
    std::size_t used = 0;
    auto* writer = archive_write_new();
    archive_write_set_format_pax_restricted(writer);
    archive_write_open_memory(writer, buffer.data(), buffer.size(), &used);
    for (const auto& item : items_) write(writer, item);
    archive_write_close(writer);
    archive_write_free(writer);
    return buffer.substr(0, used);
  }

 private:
  static void write(archive* writer, const Item& item) {
    auto* entry = archive_entry_new();
    archive_entry_set_pathname(entry, item.path.c_str());
    archive_entry_set_mode(entry, item.type | item.mode);
    archive_entry_set_size(entry, static_cast<la_int64_t>(item.content.size()));
    if (item.type == AE_IFLNK)
      archive_entry_set_symlink(entry, item.link.c_str());
    else if (!item.link.empty())
      archive_entry_set_hardlink(entry, item.link.c_str());
    archive_write_header(writer, entry);
    archive_write_data(writer, item.content.data(), item.content.size());
    archive_entry_free(entry);
  }
  std::vector<Item> items_;
};

TEST_F(Archive, KeepsModesTimesAndLinks) {
  ASSERT_TRUE(write_file(from("a"), "content", 0640));
  ASSERT_TRUE(write_file(from("empty"), "", 0400));
  ASSERT_TRUE(make_directories(from("closed")));
  ASSERT_TRUE(write_file(from("closed/x"), "x"));
  fs::create_hard_link(from("a"), from("z"));
  fs::create_symlink("../anywhere", from("link"));
  ASSERT_EQ(::chmod(from("closed").c_str(), 0555), 0);
  const timespec times[] = {{1, 2}, {1'600'000'000, 123'456'789}};
  ASSERT_EQ(::utimensat(AT_FDCWD, from("a").c_str(), times, 0), 0);
  ASSERT_EQ(::utimensat(AT_FDCWD, from("closed").c_str(), times, 0), 0);

  copy();

  EXPECT_EQ(read_file(to("a")).value(), "content");
  EXPECT_EQ(status_of(to("a")).st_mode, S_IFREG | 0640U);
  EXPECT_EQ(status_of(to("a")).st_mtim.tv_sec, 1'600'000'000);
  EXPECT_EQ(status_of(to("a")).st_mtim.tv_nsec, 123'456'789);
  EXPECT_EQ(status_of(to("a")).st_ino, status_of(to("z")).st_ino);
  EXPECT_EQ(status_of(to("empty")).st_mode, S_IFREG | 0400U);
  EXPECT_EQ(status_of(to("closed")).st_mode, S_IFDIR | 0555U);
  EXPECT_EQ(status_of(to("closed")).st_mtim.tv_nsec, 123'456'789);
  EXPECT_EQ(fs::read_symlink(to("link")), "../anywhere");
}

TEST_F(Archive, KeepsHoles) {
  const auto fd = open_file(from("sparse"), O_WRONLY | O_CREAT).value();
  ASSERT_EQ(::pwrite(fd.get(), "begin", 5, 0), 5);
  ASSERT_EQ(::pwrite(fd.get(), "middle", 6, 64 << 20), 6);
  ASSERT_EQ(::ftruncate(fd.get(), 256 << 20), 0);
  ASSERT_TRUE(write_file(from("hole"), ""));
  ASSERT_EQ(::truncate(from("hole").c_str(), 1 << 20), 0);
  const auto bytes = packed().value();

  ASSERT_TRUE(unpacked(bytes));

  EXPECT_LT(bytes.size(), std::size_t{100} << 10);
  EXPECT_EQ(status_of(to("sparse")).st_size, 256 << 20);
  EXPECT_EQ(status_of(to("hole")).st_size, 1 << 20);
  EXPECT_LT(status_of(to("sparse")).st_blocks, 1000);
  EXPECT_EQ(digest_file(to("sparse"), Stop{}).value(), digest_file(from("sparse"), Stop{}).value());
}

TEST_F(Archive, KeepsExtendedAttributes) {
  ASSERT_TRUE(write_file(from("a"), "x"));
  const std::string value("\0v\xff", 3);
  if (::setxattr(from("a").c_str(), "user.test", value.data(), value.size(), 0) != 0)
    GTEST_SKIP() << "this file system takes no attributes";

  copy();

  std::string got(10, '\0');
  const auto size = ::getxattr(to("a").c_str(), "user.test", got.data(), got.size());
  ASSERT_EQ(size, 3);
  EXPECT_EQ(got.substr(0, 3), value);
}

TEST_F(Archive, KeepsNamesAsBytes) {
  const std::string deep = std::string(200, 'd') + "/" + std::string(200, 'e');
  const std::vector<std::string> names = {"new\nline",       "gr\xc3\xbc\xc3\x9f",
                                          "not\xff\xfeutf8", deep + "/" + std::string(200, 'f'),
                                          " blank ",         "-dash"};
  ASSERT_TRUE(make_directories(from(deep)));
  for (const auto& name : names) ASSERT_TRUE(write_file(from(name), name));
  fs::create_symlink("to\xff", from("link"));

  copy();

  for (const auto& name : names) EXPECT_EQ(read_file(to(name)).value_or("?"), name);
  EXPECT_EQ(fs::read_symlink(to("link")).string(), "to\xff");
}

TEST_F(Archive, TakesWhatIsAskedFor) {
  ASSERT_TRUE(make_directories(from("sub/empty")));
  for (const auto* name : {"a.txt", "b.o", "sub/c.txt"}) ASSERT_TRUE(write_file(from(name), name));
  PackOptions some;
  some.selection.includes = {"**/*.txt"};
  some.take = PackOptions::Take::files;
  PackOptions listed;
  listed.paths = {"b.o", "vanished", "sub"};
  PackOptions hostile;
  hostile.paths = {"../x"};

  ASSERT_EQ(unpacked(packed(some).value()).value().files, 2U);
  EXPECT_FALSE(fs::exists(to("b.o")));
  EXPECT_FALSE(fs::exists(to("sub/empty")));
  EXPECT_EQ(unpacked(packed(listed).value()).value().files, 2U);
  EXPECT_TRUE(fs::exists(to("sub/empty")));
  EXPECT_EQ(packed(hostile).error().fault(), Fault::invalid);
}

TEST_F(Archive, AFileThatShrinksMeanwhileIsFilledUp) {
  ASSERT_TRUE(write_file(from("a"), std::string(8U << 20, 'x')));
  std::string bytes;
  const auto cut = [&](std::string_view more) -> Result<> {
    ::truncate(from("a").c_str(), 10);
    bytes += more;
    return {};
  };

  ASSERT_TRUE(pack(from_.path(), {}, cut, Stop{}));

  ASSERT_TRUE(unpacked(bytes));
  EXPECT_EQ(fs::file_size(to("a")), 8U << 20);
}

TEST_F(Archive, PassesOnTheErrorsOfBothEnds) {
  ASSERT_TRUE(write_file(from("a"), std::string(1U << 20, 'x')));
  const auto full = [](std::string_view) -> Result<> { return fail(Fault::unavailable, "full"); };
  const auto gone = []() -> Result<std::string_view> { return fail(Fault::stopped, "gone"); };

  EXPECT_EQ(pack(from_.path(), {}, full, Stop{}).error().message(), "full");
  EXPECT_EQ(unpack(gone, to_.path(), {}, Stop{}).error().message(), "gone");
}

TEST_F(Archive, RefusesCutAndForeignStreams) {
  ASSERT_TRUE(write_file(from("a"), std::string(5000, '\0')));
  const auto bytes = packed().value();

  for (std::size_t size = 0; size + 1024 <= bytes.size(); size += 256) {
    const auto cut = unpacked(std::string_view(bytes).substr(0, size));
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().fault(), Fault::invalid) << cut.error().text();
  }
  EXPECT_FALSE(unpacked("<html>not found</html>"));
  EXPECT_FALSE(unpacked(bytes + std::string(2U << 20, 'x')));
}

TEST_F(Archive, HostilePathsLeadNowhere) {
  const auto outside = TempDir::make("outside").value();
  const auto target = outside.path() / "victim";
  ASSERT_TRUE(write_file(target, "precious"));
  const auto name = outside.path().filename().string();

  const Forgery forgeries[] = {
      Forgery().add({"../" + name + "/victim", AE_IFREG, "", "evil"}),
      Forgery().add({"a/../../" + name + "/victim", AE_IFREG, "", "evil"}),
      Forgery().add({target, AE_IFREG, "", "evil"}),
      Forgery().add({"l", AE_IFLNK, outside.path()}).add({"l/victim", AE_IFREG, "", "evil"}),
      Forgery().add({"l", AE_IFLNK, outside.path()}).add({"h", AE_IFREG, "l/victim"}),
      Forgery().add({"h", AE_IFREG, "../" + name + "/victim"}),
      Forgery().add({"h", AE_IFREG, target}),
      Forgery().add({"l", AE_IFLNK, outside.path()}).add({"l/new/", AE_IFDIR, ""}),
  };
  for (const auto& forgery : forgeries) {
    const auto result = unpacked(forgery.bytes());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().fault(), Fault::invalid) << result.error().text();
  }
  // A link of that name is replaced, not written through.
  ASSERT_TRUE(
      unpacked(Forgery().add({"m", AE_IFLNK, target}).add({"m", AE_IFREG, "", "x"}).bytes()));

  EXPECT_EQ(read_file(target).value(), "precious");
  EXPECT_FALSE(fs::exists(outside.path() / "new"));
}

TEST_F(Archive, PlainTrustTakesNoDevicesAndNoSetId) {
  const auto bytes = Forgery()
                         .add({"su", AE_IFREG, "", "x", 06755})
                         .add({"fifo", AE_IFIFO})
                         .add({"disk", AE_IFBLK})
                         .bytes();

  EXPECT_EQ(unpacked(bytes).value().files, 1U);

  EXPECT_EQ(status_of(to("su")).st_mode, S_IFREG | 0755U);
  EXPECT_FALSE(fs::exists(to("fifo")));
  EXPECT_FALSE(fs::exists(to("disk")));
}

TEST_F(Archive, FullTrustKeepsSetIdAndGivesToTheOwner) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  const auto bytes =
      Forgery().add({"new/su", AE_IFREG, "", "x", 06755}).add({"fifo", AE_IFIFO}).bytes();

  ASSERT_TRUE(unpacked(bytes, {UnpackOptions::Trust::all, std::pair(1234U, 1235U)}));

  EXPECT_EQ(status_of(to("new/su")).st_mode, S_IFREG | 06755U);
  EXPECT_EQ(status_of(to("new/su")).st_uid, 1234U);
  EXPECT_EQ(status_of(to("new")).st_gid, 1235U);
  EXPECT_TRUE(S_ISFIFO(status_of(to("fifo")).st_mode));
}

}  // namespace
}  // namespace cupel::os
