// SPDX-License-Identifier: Apache-2.0
#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "base/text.hpp"
#include "os/archive.hpp"
#include "os/landing.hpp"
#include "os/listing.hpp"

namespace cupel::os {

namespace {

/// Padding is allowed behind the end of a stream, but not for ever.
constexpr std::size_t most_padding = std::size_t{1} << 20;

struct FreeReader {
  void operator()(archive* reader) const { archive_read_free(reader); }
};

/// libarchive's reader on our source; the source's own error is kept aside on its way through C.
class TarReader {
 public:
  explicit TarReader(const ByteSource& source) : source_(&source), reader_(archive_read_new()) {
    archive_read_support_format_tar(reader_.get());
  }
  TarReader(const TarReader&) = delete;
  TarReader& operator=(const TarReader&) = delete;

  Result<> open() {
    return check(archive_read_open2(reader_.get(), this, nullptr, &get, nullptr, nullptr));
  }

  /// The next entry, or nullptr at the end that the stream itself declares.
  Result<archive_entry*> next() {
    archive_entry* entry = nullptr;
    const int code = archive_read_next_header(reader_.get(), &entry);
    if (code != ARCHIVE_EOF) {
      TRY(check(code));
      return entry;
    }
    TRY(check(ARCHIVE_OK));
    // libarchive takes the end of the bytes for the end of the archive. It went past an end mark
    // only if it consumed something here.
    if (archive_filter_bytes(reader_.get(), 0) <= archive_read_header_position(reader_.get()))
      return fail(Fault::invalid, "the archive is cut off");
    return nullptr;
  }

  struct Block {
    std::string_view bytes;
    off_t offset;
  };
  Result<std::optional<Block>> next_block() {
    const void* bytes = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int code = archive_read_data_block(reader_.get(), &bytes, &size, &offset);
    if (code == ARCHIVE_EOF && !failure_) return std::nullopt;
    TRY(check(code));
    return Block{{static_cast<const char*>(bytes), size}, offset};
  }

  Result<> drain(const Stop& stop) {
    for (std::size_t padding = 0; !at_end_;) {
      TRY(stop.check());
      const auto bytes = TRY((*source_)());
      if (bytes.empty()) return {};
      padding += bytes.size();
      if (padding > most_padding) return fail(Fault::invalid, "bytes behind the archive's end");
    }
    return {};
  }

 private:
  static la_ssize_t get(archive*, void* self, const void** bytes) noexcept {
    auto& reader = *static_cast<TarReader*>(self);
    if (reader.at_end_) return 0;
    auto got = (*reader.source_)();
    if (!got) {
      reader.failure_ = std::move(got.error());
      return -1;
    }
    reader.at_end_ = got->empty();
    *bytes = got->data();
    return static_cast<la_ssize_t>(got->size());
  }

  Result<> check(int code) {
    if (failure_) return tl::unexpected<Error>(*failure_);
    // A warning, too: our own streams cause none, and half-understood names are no use.
    if (code == ARCHIVE_OK) return {};
    const char* text = archive_error_string(reader_.get());
    return fail(Fault::invalid, "read the archive: {}", text != nullptr ? lower(text) : "damaged");
  }

  const ByteSource* source_;
  std::unique_ptr<archive, FreeReader> reader_;
  std::optional<Error> failure_;
  bool at_end_ = false;
};

Landing::Attributes attributes_of(archive_entry* entry) {
  Landing::Attributes attributes;
  attributes.mode = archive_entry_mode(entry);
  attributes.modified = {archive_entry_mtime(entry), archive_entry_mtime_nsec(entry)};
  attributes.uid = static_cast<uid_t>(archive_entry_uid(entry));
  attributes.gid = static_cast<gid_t>(archive_entry_gid(entry));
  archive_entry_xattr_reset(entry);
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  while (archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK)
    attributes.extended.emplace_back(name, std::string(static_cast<const char*>(value), size));
  return attributes;
}

class Unpacking {
 public:
  Unpacking(TarReader& reader, Landing& landing, const UnpackOptions& options, const Stop& stop)
      : reader_(reader), landing_(landing), options_(options), stop_(stop) {}

  Result<PackSummary> run() {
    while (auto* entry = TRY(next())) {
      const char* name = archive_entry_pathname(entry);
      if (name == nullptr) return fail(Fault::invalid, "an entry without a name");
      const std::string path(name);
      const auto parts = TRY(inner_parts(path), "unpack");
      if (!parts.empty()) TRY(land(entry, parts), "unpack {:?}", path);
    }
    TRY(landing_.close());
    TRY(reader_.drain(stop_));
    return summary_;
  }

 private:
  Result<archive_entry*> next() {
    TRY(stop_.check());
    return reader_.next();
  }

  Result<> land(archive_entry* entry, const Landing::Parts& parts) {
    if (const char* target = archive_entry_hardlink(entry)) {
      const auto target_parts = TRY(inner_parts(target), "link");
      if (target_parts.empty()) return fail(Fault::invalid, "a link to the root");
      ++summary_.files;
      return landing_.make_hard_link(parts, target_parts);
    }
    const auto attributes = attributes_of(entry);
    switch (archive_entry_filetype(entry)) {
      case AE_IFREG: return land_file(entry, parts, attributes);
      case AE_IFDIR: return landing_.make_directory(parts, attributes);
      case AE_IFLNK: {
        const char* target = archive_entry_symlink(entry);
        if (target == nullptr || *target == '\0') return fail(Fault::invalid, "a link to nothing");
        ++summary_.files;
        return landing_.make_symlink(parts, target, attributes);
      }
      case AE_IFCHR:
      case AE_IFBLK:
      case AE_IFIFO:
        if (options_.trust != UnpackOptions::Trust::all) return {};
        ++summary_.files;
        return landing_.make_node(parts, archive_entry_rdev(entry), attributes);
      default: return {};
    }
  }

  Result<> land_file(archive_entry* entry, const Landing::Parts& parts,
                     const Landing::Attributes& attributes) {
    const auto file = TRY(landing_.create_file(parts));
    while (const auto block = TRY(reader_.next_block())) {
      TRY(stop_.check());
      TRY(Landing::write_at(file, block->bytes, block->offset));
    }
    const auto size = archive_entry_size(entry);
    if (::ftruncate(file.get(), size) != 0) return fail_errno(errno, "set the size");
    ++summary_.files;
    summary_.bytes.count += static_cast<std::uint64_t>(size);
    return landing_.finish_file(file, attributes);
  }

  TarReader& reader_;
  Landing& landing_;
  const UnpackOptions& options_;
  const Stop& stop_;
  PackSummary summary_;
};

}  // namespace

Result<PackSummary> unpack(const ByteSource& source, const fs::path& root,
                           const UnpackOptions& options, const Stop& stop) {
  auto landing = TRY(Landing::make(root, options), "unpack");
  TarReader reader(source);
  TRY(reader.open(), "unpack");
  return Unpacking(reader, landing, options, stop).run();
}

}  // namespace cupel::os
