// SPDX-License-Identifier: Apache-2.0
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "os/archive_file.hpp"

namespace cupel::os {

namespace {

constexpr std::size_t chunk = std::size_t{256} << 10;

struct FreeWriter {
  void operator()(archive* writer) const { archive_write_free(writer); }
};
struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

class Writer {
 public:
  Writer(const Stop& stop) : stop_(stop), writer_(archive_write_new()) {}

  Result<> open(ArchiveFormat format, const fs::path& to) {
    auto* writer = writer_.get();
    if (format == ArchiveFormat::zip) {
      archive_write_set_format_zip(writer);
      // Names are bytes, and other programs take them for UTF-8.
      archive_write_set_format_option(writer, "zip", "hdrcharset", "BINARY");
    } else {
      archive_write_set_format_gnutar(writer);  // names are bytes in it
      if (format == ArchiveFormat::tar_gzip) archive_write_add_filter_gzip(writer);
    }
    return check(archive_write_open_filename(writer, to.c_str()));
  }

  Result<> add(const fs::path& root, const std::string& name) {
    TRY(stop_.check());
    const auto path = root / name;
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return fail_errno(errno, "{}", name);
    const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
    archive_entry_copy_stat(entry.get(), &status);
    archive_entry_copy_pathname(entry.get(), name.c_str());
    archive_entry_unset_atime(entry.get());
    archive_entry_unset_ctime(entry.get());
    if (S_ISLNK(status.st_mode)) {
      std::error_code error;
      archive_entry_copy_symlink(entry.get(), fs::read_symlink(path, error).c_str());
    }
    if (!S_ISREG(status.st_mode)) archive_entry_set_size(entry.get(), 0);
    TRY(check(archive_write_header(writer_.get(), entry.get())), "{}", name);
    if (S_ISREG(status.st_mode)) TRY(content(path), "{}", name);
    return {};
  }

  Result<> close() { return check(archive_write_close(writer_.get())); }

 private:
  Result<> content(const fs::path& path) {
    const auto file = TRY(open_file(path.string(), O_RDONLY | O_NOFOLLOW));
    for (;;) {
      TRY(stop_.check());
      const auto bytes = TRY(read_some(file, chunk, stop_));
      if (bytes.empty()) return {};
      const auto put = archive_write_data(writer_.get(), bytes.data(), bytes.size());
      if (put < 0) TRY(check(static_cast<int>(put)));
    }
  }

  Result<> check(int code) {
    if (code == ARCHIVE_OK || code == ARCHIVE_WARN) return {};
    const char* text = archive_error_string(writer_.get());
    return fail(Fault::unavailable, "write the archive: {}", text ? lower(text) : "failed");
  }

  const Stop& stop_;
  std::unique_ptr<archive, FreeWriter> writer_;
};

}  // namespace

Result<std::size_t> write_archive(const fs::path& root, const std::vector<std::string>& names,
                                  ArchiveFormat format, const fs::path& to, const Stop& stop) {
  Writer writer(stop);
  TRY(writer.open(format, to));
  for (const auto& name : names) TRY(writer.add(root, name));
  TRY(writer.close());
  return names.size();
}

}  // namespace cupel::os
