// SPDX-License-Identifier: Apache-2.0
#include "os/bundle.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cupel::os {
namespace {

class Bundle : public testing::Test {
 protected:
  TempDir directory_ = TempDir::make("bundle").value();

  fs::path path(const std::string& name) const { return directory_.path() / name; }
  static ByteSource source_of(std::string_view bytes) {
    return [bytes]() mutable -> Result<std::string_view> {
      const auto piece = bytes.substr(0, 700);
      bytes.remove_prefix(piece.size());
      return piece;
    };
  }
  /// A text and a file that is mostly empty.
  std::string packed() const {
    const auto fd = open_file(path("from"), O_WRONLY | O_CREAT).value();
    EXPECT_EQ(::pwrite(fd.get(), "begin", 5, 0), 5);
    EXPECT_EQ(::pwrite(fd.get(), "middle", 6, 64 << 20), 6);
    EXPECT_EQ(::ftruncate(fd.get(), 256 << 20), 0);
    std::string bytes;
    const ByteSink sink = [&](std::string_view more) -> Result<> {
      bytes += more;
      return {};
    };
    auto writer = BundleWriter::open(sink).value();
    EXPECT_TRUE(writer.add_text("head", "text"));
    EXPECT_TRUE(writer.add_file("a/image", path("from"), {}, Stop{}));
    EXPECT_TRUE(writer.close());
    return bytes;
  }
  /// Reads all of it; what is wrong with it.
  std::string read(std::string_view bytes, Bytes most = mib(1)) const {
    const auto source = source_of(bytes);
    const auto done = [&]() -> Result<> {
      auto reader = TRY(BundleReader::open(source));
      while (const auto entry = TRY(reader.next(Stop{}))) {
        std::error_code ignored;
        fs::remove(path("to"), ignored);
        if (entry->name == "head") {
          if (TRY(reader.text(100, Stop{})) != "text") return fail(Fault::invalid, "another text");
        } else {
          TRY(reader.write_to(path("to"), most, {}, Stop{}));
        }
      }
      return {};
    }();
    return done ? "" : done.error().text();
  }
  /// A stream with one entry that no writer of ours makes.
  static std::string forged(const std::string& name, unsigned type, const char* link = nullptr) {
    std::string buffer(1U << 20, '\0');
    std::size_t used = 0;
    auto* writer = archive_write_new();
    archive_write_set_format_pax_restricted(writer);
    archive_write_add_filter_zstd(writer);
    archive_write_open_memory(writer, buffer.data(), buffer.size(), &used);
    auto* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_mode(entry, type | 0644U);
    if (type == AE_IFLNK) archive_entry_set_symlink(entry, link);
    if (type == AE_IFREG && link) archive_entry_set_hardlink(entry, link);
    archive_write_header(writer, entry);
    archive_entry_free(entry);
    archive_write_close(writer);
    archive_write_free(writer);
    return buffer.substr(0, used);
  }
};

TEST_F(Bundle, KeepsTextsAndHoles) {
  const auto bytes = packed();

  ASSERT_EQ(read(bytes), "");

  EXPECT_LT(bytes.size(), 4096U);
  EXPECT_EQ(fs::file_size(path("to")), 256U << 20);
  EXPECT_LE(disk_usage(path("to")).count, 64U << 10);
  EXPECT_EQ(digest_file(path("to"), Stop{}).value(), digest_file(path("from"), Stop{}).value());
}

TEST_F(Bundle, IsRefusedWhenItIsCut) {
  const auto bytes = packed();
  std::size_t refused = 0;
  for (std::size_t size = 0; size < bytes.size(); ++size)
    if (!read(std::string_view(bytes).substr(0, size)).empty()) ++refused;
  // But for the last bytes, which say nothing more.
  EXPECT_GE(refused + 16, bytes.size());
}

TEST_F(Bundle, IsRefusedWhenItIsLargerThanAllowed) {
  EXPECT_EQ(read(packed(), Bytes{100}), "it is larger than it says");
}

TEST_F(Bundle, HoldsPlainFilesOnly) {
  EXPECT_EQ(read(forged("link", AE_IFLNK, "/etc/passwd")), "\"link\" is no plain file");
  EXPECT_EQ(read(forged("hard", AE_IFREG, "/etc/passwd")), "\"hard\" is no plain file");
  EXPECT_EQ(read(forged("disk", AE_IFBLK)), "\"disk\" is no plain file");
  EXPECT_EQ(read(forged("pipe", AE_IFIFO)), "\"pipe\" is no plain file");
  EXPECT_EQ(read(forged("directory", AE_IFDIR)), "\"directory/\" is no plain name of a file");
  for (const auto* name : {"../x", "a/../../x", "/etc/x", "./x", "a//x", "."})
    EXPECT_NE(read(forged(name, AE_IFREG)), "") << name;
  EXPECT_NE(read("<html>not found</html>"), "");
}

}  // namespace
}  // namespace cupel::os
