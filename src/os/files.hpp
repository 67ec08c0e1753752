// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/digest.hpp"
#include "base/stop.hpp"
#include "base/text.hpp"
#include "os/fd.hpp"

namespace cupel::os {

namespace fs = std::filesystem;

/// The whole file; fails with invalid when it is larger than `limit`.
Result<std::string> read_file(const fs::path& path, std::size_t limit = 64U << 20);
/// Written aside, synced and renamed: the path holds either the old or the whole new text.
Result<> write_file(const fs::path& path, std::string_view text, unsigned mode = 0644);
Result<> make_directories(const fs::path& path, unsigned mode = 0755);
/// The tree, also where modes forbid entering. Does not follow links and does not enter what is
/// mounted below: that is a failure, the rest is removed all the same. Nothing there: fine.
Result<> remove_tree(const fs::path& path);
/// Of content and size; holes and blocks of zeros cost next to nothing, and a copy whose holes lie
/// elsewhere has the same digest. Not what sha256sum prints.
Result<Digest> digest_file(const fs::path& path, const Stop& stop);
Result<Bytes> free_space(const fs::path& directory);
/// Blocks it really uses on disk, for a file or a whole tree.
Bytes disk_usage(const fs::path& path);

/// What tells that a file was not touched since: size, inode, mtime, ctime.
struct FileStamp {
  std::uint64_t size = 0, inode = 0;
  std::int64_t modified_ns = 0, changed_ns = 0;
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};
Result<FileStamp> stamp(const fs::path& path);

/// A fresh directory; removed with all in it by the destructor. It is locked as long as its maker
/// lives.
class TempDir {
 public:
  /// In $TMPDIR or /tmp, where sweep_temp_dirs() finds it if its maker is killed.
  static Result<TempDir> make(std::string_view purpose);
  static Result<TempDir> make_in(const fs::path& parent, std::string_view prefix);
  TempDir(TempDir&&) noexcept;
  TempDir& operator=(TempDir&&) noexcept;
  ~TempDir();
  const fs::path& path() const { return path_; }

 private:
  TempDir(fs::path path, Fd lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  fs::path path_;
  Fd lock_;
};

/// Removes what TempDir::make() made for processes of this user that are dead.
void sweep_temp_dirs();

/// flock(2) on a file that is made if missing: held until destroyed or the process dies.
class FileLock {
 public:
  /// Blocks until it is ours.
  static Result<FileLock> take(const fs::path& path, const Stop& stop);
  /// Nothing if somebody else holds it.
  static Result<std::optional<FileLock>> try_take(const fs::path& path);

 private:
  explicit FileLock(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

}  // namespace cupel::os
