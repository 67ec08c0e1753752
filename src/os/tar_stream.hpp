// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/archive.hpp"

struct archive;
struct archive_entry;

namespace cupel::os {

struct FreeArchive {
  void operator()(archive* either) const;
};
struct FreeArchiveEntry {
  void operator()(archive_entry* entry) const;
};
using ArchiveEntry = std::unique_ptr<archive_entry, FreeArchiveEntry>;

/// Adds a compression to libarchive's reader or writer; a pointer, so that a program links only
/// those that it names.
using TarFilter = void (*)(archive*);

struct DataExtent {
  off_t begin;
  off_t end;
};
/// Where an open file of that size has data. Leaves the descriptor's offset anywhere.
std::vector<DataExtent> data_extents(int fd, off_t size);

/// libarchive's writer of pax tar on a sink, which outlives it; the sink's own error is kept aside
/// on its way through C. What was not closed has no end.
class TarWriter {
 public:
  explicit TarWriter(const ByteSink& sink, TarFilter filter = nullptr);
  TarWriter(const TarWriter&) = delete;
  TarWriter& operator=(const TarWriter&) = delete;
  ~TarWriter();

  Result<> open();
  Result<> header(archive_entry* entry);
  Result<> data(std::string_view bytes);
  /// Header and content of an open file of that size, holes as holes. One that shrinks meanwhile is
  /// filled up. `read` hears how much data was read, without the holes.
  Result<> file(archive_entry* entry, int fd, off_t size,
                const std::function<void(std::size_t bytes)>& read, const Stop& stop);
  Result<> close();

 private:
  struct Callback;
  Result<> pass_hole(off_t size, const Stop& stop);
  Result<> copy(int fd, DataExtent extent, const std::function<void(std::size_t bytes)>& read,
                const Stop& stop);
  Result<> check(int code);

  const ByteSink* sink_;
  std::string buffer_;
  std::optional<Error> failure_;
  bool abandoned_ = false;
  std::unique_ptr<archive, FreeArchive> writer_;  // the last: freeing it still asks put()
};

/// libarchive's reader of tar on a source, which outlives it; the source's own error is kept aside
/// on its way through C. A damaged or foreign stream is invalid.
class TarReader {
 public:
  explicit TarReader(const ByteSource& source, TarFilter filter = nullptr);
  TarReader(const TarReader&) = delete;
  TarReader& operator=(const TarReader&) = delete;

  Result<> open();
  /// The next entry, or nullptr at the end that the stream itself declares.
  Result<archive_entry*> next();
  struct Block {
    std::string_view bytes;
    off_t offset;
  };
  Result<std::optional<Block>> next_block();
  /// Takes the source to its end.
  Result<> drain(const Stop& stop);

 private:
  struct Callback;
  Result<> check(int code);

  const ByteSource* source_;
  std::unique_ptr<archive, FreeArchive> reader_;
  std::optional<Error> failure_;
  bool at_end_ = false;
};

}  // namespace cupel::os
