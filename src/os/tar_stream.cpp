// SPDX-License-Identifier: Apache-2.0
#include "os/tar_stream.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/text.hpp"

namespace cupel::os {

namespace {

constexpr std::size_t chunk = std::size_t{256} << 10;
/// Padding is allowed behind the end of a stream, but not for ever.
constexpr std::size_t most_padding = std::size_t{1} << 20;

}  // namespace

void FreeArchive::operator()(archive* either) const { archive_free(either); }
void FreeArchiveEntry::operator()(archive_entry* entry) const { archive_entry_free(entry); }

std::vector<DataExtent> data_extents(int fd, off_t size) {
  std::vector<DataExtent> extents;
  for (off_t offset = 0; offset < size;) {
    const auto begin = ::lseek(fd, offset, SEEK_DATA);
    if (begin < 0 && errno == ENXIO) break;
    const auto end = begin < 0 ? begin : ::lseek(fd, begin, SEEK_HOLE);
    if (end < 0) return {{0, size}};  // a file system that knows no holes
    if (begin >= size) break;
    extents.push_back({begin, std::min(end, size)});
    offset = end;
  }
  return extents;
}

struct TarWriter::Callback {
  static la_ssize_t put(archive*, void* self, const void* bytes, std::size_t size) noexcept {
    auto& writer = *static_cast<TarWriter*>(self);
    if (writer.abandoned_) return -1;
    // A failure is told by check(): told here, libarchive would never free the block.
    if (writer.failure_) return static_cast<la_ssize_t>(size);
    auto result = (*writer.sink_)({static_cast<const char*>(bytes), size});
    if (!result) writer.failure_ = std::move(result.error());
    return static_cast<la_ssize_t>(size);
  }
};

TarWriter::TarWriter(const ByteSink& sink, TarFilter filter)
    : sink_(&sink), buffer_(chunk, '\0'), writer_(archive_write_new()) {
  auto* writer = writer_.get();
  archive_write_set_format_pax(writer);
  // Names are bytes. Without this libarchive converts them from the locale to UTF-8.
  archive_write_set_format_option(writer, "pax", "hdrcharset", "BINARY");
  archive_write_set_bytes_per_block(writer, 64 << 10);
  archive_write_set_bytes_in_last_block(writer, 1);
  if (filter) filter(writer);
}

TarWriter::~TarWriter() {
  // Else freeing it would write the stream's end, as if all were well. Its own way to say so,
  // archive_write_fail(), leaks the block.
  abandoned_ = true;
}

Result<> TarWriter::open() {
  return check(archive_write_open2(writer_.get(), this, nullptr, &Callback::put, nullptr, nullptr));
}

Result<> TarWriter::header(archive_entry* entry) {
  return check(archive_write_header(writer_.get(), entry));
}

Result<> TarWriter::data(std::string_view bytes) {
  const auto put_bytes = archive_write_data(writer_.get(), bytes.data(), bytes.size());
  return check(put_bytes < 0 ? static_cast<int>(put_bytes) : ARCHIVE_OK);
}

Result<> TarWriter::file(archive_entry* entry, int fd, off_t size,
                         const std::function<void(std::size_t bytes)>& read, const Stop& stop) {
  const auto extents = data_extents(fd, size);
  const bool sparse =
      size > 0 && (extents.size() != 1 || extents[0].begin != 0 || extents[0].end != size);
  if (sparse)
    for (const auto& extent : extents)
      archive_entry_sparse_add_entry(entry, extent.begin, extent.end - extent.begin);
  if (sparse && extents.empty()) archive_entry_sparse_add_entry(entry, 0, 0);
  TRY(header(entry));
  off_t offset = 0;
  for (const auto& extent : extents) {
    TRY(pass_hole(extent.begin - offset, stop));
    TRY(copy(fd, extent, read, stop));
    offset = extent.end;
  }
  return pass_hole(size - offset, stop);
}

Result<> TarWriter::close() { return check(archive_write_close(writer_.get())); }

/// The writer wants a hole's bytes too, and drops them unseen.
Result<> TarWriter::pass_hole(off_t size, const Stop& stop) {
  if (size > 0) std::fill(buffer_.begin(), buffer_.end(), '\0');
  while (size > 0) {
    TRY(stop.check());
    const auto part = std::min(buffer_.size(), static_cast<std::size_t>(size));
    TRY(data(std::string_view(buffer_.data(), part)));
    size -= static_cast<off_t>(part);
  }
  return {};
}

Result<> TarWriter::copy(int fd, DataExtent extent,
                         const std::function<void(std::size_t bytes)>& read, const Stop& stop) {
  while (extent.begin < extent.end) {
    TRY(stop.check());
    const auto want = std::min(buffer_.size(), static_cast<std::size_t>(extent.end - extent.begin));
    const auto got = ::pread(fd, buffer_.data(), want, extent.begin);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno(errno, "read");
    // It shrank: the entry's size is promised already.
    if (got == 0) return pass_hole(extent.end - extent.begin, stop);
    TRY(data(std::string_view(buffer_.data(), static_cast<std::size_t>(got))));
    if (read) read(static_cast<std::size_t>(got));
    extent.begin += got;
  }
  return {};
}

Result<> TarWriter::check(int code) {
  if (failure_) return tl::unexpected<Error>(*failure_);
  if (code == ARCHIVE_OK || code == ARCHIVE_WARN) return {};
  const char* text = archive_error_string(writer_.get());
  return fail(Fault::internal, "pack: {}", text != nullptr ? text : "libarchive failed");
}

struct TarReader::Callback {
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
};

TarReader::TarReader(const ByteSource& source, TarFilter filter)
    : source_(&source), reader_(archive_read_new()) {
  archive_read_support_format_tar(reader_.get());
  if (filter) filter(reader_.get());
}

Result<> TarReader::open() {
  return check(archive_read_open2(reader_.get(), this, nullptr, &Callback::get, nullptr, nullptr));
}

Result<archive_entry*> TarReader::next() {
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

Result<std::optional<TarReader::Block>> TarReader::next_block() {
  const void* bytes = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  const int code = archive_read_data_block(reader_.get(), &bytes, &size, &offset);
  if (code == ARCHIVE_EOF && !failure_) return std::nullopt;
  TRY(check(code));
  return Block{{static_cast<const char*>(bytes), size}, offset};
}

Result<> TarReader::drain(const Stop& stop) {
  for (std::size_t padding = 0; !at_end_;) {
    TRY(stop.check());
    const auto bytes = TRY((*source_)());
    if (bytes.empty()) return {};
    padding += bytes.size();
    if (padding > most_padding) return fail(Fault::invalid, "bytes behind the archive's end");
  }
  return {};
}

Result<> TarReader::check(int code) {
  if (failure_) return tl::unexpected<Error>(*failure_);
  // A warning, too: our own streams cause none, and half-understood names are no use.
  if (code == ARCHIVE_OK) return {};
  const char* text = archive_error_string(reader_.get());
  return fail(Fault::invalid, "read the archive: {}", text != nullptr ? lower(text) : "damaged");
}

}  // namespace cupel::os
