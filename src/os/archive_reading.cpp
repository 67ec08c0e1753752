// SPDX-License-Identifier: Apache-2.0
#include <archive.h>
#include <archive_entry.h>

#include <memory>

#include "os/archive_file.hpp"
#include "os/landing.hpp"
#include "os/listing.hpp"

namespace cupel::os {

namespace {

struct FreeReader {
  void operator()(archive* reader) const { archive_read_free(reader); }
};

/// The entries of a foreign archive, one after the other, within limits.
class Reader {
 public:
  Reader(const ArchiveLimits& limits, const Stop& stop)
      : limits_(limits), stop_(stop), reader_(archive_read_new()) {
    auto* reader = reader_.get();
    archive_read_support_format_zip(reader);
    archive_read_support_format_tar(reader);
    archive_read_support_filter_gzip(reader);
    archive_read_support_filter_bzip2(reader);
    archive_read_support_filter_xz(reader);
    archive_read_support_filter_zstd(reader);
    archive_read_set_option(reader, "zip", "hdrcharset", "BINARY");
  }

  Result<> open(const fs::path& archive) {
    return check(archive_read_open_filename(reader_.get(), archive.c_str(), 64 << 10));
  }

  /// Null at the end.
  Result<archive_entry*> next() {
    TRY(stop_.check());
    archive_entry* entry = nullptr;
    const int code = archive_read_next_header(reader_.get(), &entry);
    if (code == ARCHIVE_EOF) return nullptr;
    TRY(check(code));
    if (++entries_ > limits_.entries)
      return fail(Fault::invalid, "the archive has more than {} entries", limits_.entries);
    return entry;
  }

  /// Hands on the content of the entry, piece by piece.
  template <typename Take>
  Result<> content(const Take& take) {
    for (;;) {
      TRY(stop_.check());
      const void* bytes = nullptr;
      std::size_t size = 0;
      la_int64_t offset = 0;
      const int code = archive_read_data_block(reader_.get(), &bytes, &size, &offset);
      if (code == ARCHIVE_EOF) return {};
      TRY(check(code));
      bytes_ += size;
      if (bytes_ > limits_.bytes.count || offset < 0 ||
          static_cast<std::uint64_t>(offset) > limits_.bytes.count)
        return fail(Fault::invalid, "the archive holds more than {}", to_text(limits_.bytes));
      TRY(take(std::string_view(static_cast<const char*>(bytes), size), off_t{offset}));
    }
  }

 private:
  Result<> check(int code) {
    if (code == ARCHIVE_OK || code == ARCHIVE_WARN) return {};
    const char* text = archive_error_string(reader_.get());
    return fail(Fault::invalid, "read the archive: {}", text ? lower(text) : "damaged");
  }

  const ArchiveLimits& limits_;
  const Stop& stop_;
  std::size_t entries_ = 0;
  std::uint64_t bytes_ = 0;
  std::unique_ptr<archive, FreeReader> reader_;
};

Result<std::string> path_of(archive_entry* entry) {
  const char* name = archive_entry_pathname(entry);
  if (name == nullptr) return fail(Fault::invalid, "an entry without a name");
  return std::string(name);
}

Landing::Attributes attributes_of(archive_entry* entry) {
  Landing::Attributes attributes;
  attributes.mode = archive_entry_perm(entry);
  if (attributes.mode == 0) attributes.mode = 0644;  // zip files of other systems
  attributes.modified = {archive_entry_mtime(entry), archive_entry_mtime_nsec(entry)};
  return attributes;
}

/// Whether it is a file, which is counted.
Result<bool> land(Reader& reader, archive_entry* entry, const Landing::Parts& parts,
                  Landing& landing) {
  auto attributes = attributes_of(entry);
  if (const char* target = archive_entry_hardlink(entry)) {
    const auto target_parts = TRY(inner_parts(target));
    if (target_parts.empty()) return fail(Fault::invalid, "a link to the root");
    TRY(landing.make_hard_link(parts, target_parts));
    return true;
  }
  switch (archive_entry_filetype(entry)) {
    case AE_IFDIR:
      attributes.mode |= 0700U;
      TRY(landing.make_directory(parts, attributes));
      return false;
    case AE_IFLNK: {
      const char* target = archive_entry_symlink(entry);
      if (target == nullptr || *target == '\0') return fail(Fault::invalid, "a link to nothing");
      TRY(landing.make_symlink(parts, target, attributes));
      return true;
    }
    case AE_IFREG: {
      const auto file = TRY(landing.create_file(parts));
      TRY(reader.content([&](std::string_view bytes, off_t offset) {
        return Landing::write_at(file, bytes, offset);
      }));
      TRY(landing.finish_file(file, attributes));
      return true;
    }
    default: return false;
  }
}

}  // namespace

Result<std::vector<std::string>> extract_archive(const fs::path& archive, const fs::path& root,
                                                 const ArchiveFilter& wanted,
                                                 const ArchiveLimits& limits, const Stop& stop) {
  const UnpackOptions options;
  auto landing = TRY(Landing::make(root, options));
  Reader reader(limits, stop);
  TRY(reader.open(archive));
  std::vector<std::string> files;
  while (auto* entry = TRY(reader.next())) {
    const auto path = TRY(path_of(entry));
    const auto parts = TRY(inner_parts(path), "unpack {:?}", path);
    if (parts.empty() || !wanted(path)) continue;
    if (TRY(land(reader, entry, parts, landing), "unpack {:?}", path)) files.push_back(path);
  }
  TRY(landing.close());
  return files;
}

Result<std::vector<ArchiveText>> read_archive(const fs::path& archive, const ArchiveFilter& wanted,
                                              const ArchiveLimits& limits, const Stop& stop) {
  Reader reader(limits, stop);
  TRY(reader.open(archive));
  std::vector<ArchiveText> all;
  while (auto* entry = TRY(reader.next())) {
    const auto path = TRY(path_of(entry));
    if (archive_entry_filetype(entry) != AE_IFREG || !wanted(path)) continue;
    std::string text;
    TRY(reader.content([&](std::string_view bytes, off_t) -> Result<> {
      text += bytes;
      return {};
    }));
    all.push_back({path, std::move(text)});
  }
  return all;
}

Result<> test_archive(const fs::path& archive, const ArchiveLimits& limits, const Stop& stop) {
  Reader reader(limits, stop);
  TRY(reader.open(archive));
  while (TRY(reader.next()) != nullptr)
    TRY(reader.content([](std::string_view, off_t) -> Result<> { return {}; }));
  return {};
}

}  // namespace cupel::os
