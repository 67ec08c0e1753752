// SPDX-License-Identifier: Apache-2.0
#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "base/text.hpp"
#include "os/landing.hpp"
#include "os/listing.hpp"
#include "os/tar_stream.hpp"

namespace cupel::os {

namespace {

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
