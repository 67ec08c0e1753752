// SPDX-License-Identifier: Apache-2.0
// What files.hpp promises about whole trees. All by descriptors: names may change under our feet.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <set>
#include <string>
#include <vector>

#include "os/files.hpp"
#include "os/listing.hpp"

namespace cupel::os {

namespace {

/// Below that depth a directory is moved up before it is entered: one descriptor a level, and a
/// hostile tree has more levels than we have descriptors.
constexpr int deepest = 64;
constexpr int most_rounds = 100;

std::uint64_t mount_of(int directory, const char* name) {
  struct statx status {};
  const int flags = AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH;
  if (::statx(directory, name, flags, STATX_MNT_ID, &status) != 0) return 0;
  return (status.stx_mask & STATX_MNT_ID) != 0 ? status.stx_mnt_id : 0;
}

/// A directory itself (no link), with modes that let its owner enter and change it.
Result<Fd> enter(int parent, const std::string& name) {
  const int flags = O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  Fd fd(::openat(parent, name.c_str(), flags | O_PATH));
  if (!fd) return fail_errno(errno, "enter {}", name);
  struct stat status {};
  if (::fstat(fd.get(), &status) == 0 && (status.st_mode & S_IRWXU) != S_IRWXU)
    ::chmod(fmt::format("/proc/self/fd/{}", fd.get()).c_str(), 0700);
  return fd;
}

/// Removes a tree and remembers the first failure on the way.
class Removal {
 public:
  void remove(int parent, const std::string& name, int depth) {
    if (::unlinkat(parent, name.c_str(), 0) == 0 || errno == ENOENT) return;
    const int file_error = errno;
    auto directory = enter(parent, name);
    if (!directory) {
      // Not a directory: the first answer was the true one.
      note(fail_errno(file_error, "remove {}", name).value());
      return;
    }
    if (depth == 0) {
      top_ = directory->get();
      mount_ = mount_of(top_, "");
    }
    if (mount_of(directory->get(), "") != mount_)
      return note(
          Error(Fault::conflict, fmt::format("remove {}: something is mounted there", name)));
    if (depth >= deepest && move_up(parent, name)) return;
    int error = 0;
    // A process that is ending may still write there: what it left is removed too.
    for (int round = 0; round < most_rounds; ++round) {
      empty(*directory, depth);
      error = ::unlinkat(parent, name.c_str(), AT_REMOVEDIR) == 0 ? 0 : errno;
      if (error != ENOTEMPTY || failure_) break;
    }
    if (error != 0 && error != ENOENT) note(fail_errno(error, "remove {}", name).value());
  }

  Result<> result() && {
    if (failure_) return tl::unexpected<Error>(std::move(*failure_));
    return {};
  }

 private:
  void empty(const Fd& directory, int depth) {
    // The top again and again, for what was moved up to it, as long as that helps.
    for (bool moved = true; moved;) {
      moved_ = false;
      auto names = names_in(directory.get());
      if (!names) return note(std::move(names.error()));
      for (const auto& name : *names) remove(directory.get(), name, depth + 1);
      moved = depth == 0 && moved_;
    }
  }

  bool move_up(int parent, const std::string& name) {
    const auto fresh = fmt::format(".removed-{}", ++moves_);
    if (::renameat(parent, name.c_str(), top_, fresh.c_str()) != 0) return false;
    moved_ = true;
    return true;
  }

  void note(Error error) {
    if (!failure_) failure_ = std::move(error);
  }

  std::optional<Error> failure_;
  int top_ = -1;
  std::uint64_t mount_ = 0;
  std::uint64_t moves_ = 0;
  bool moved_ = false;
};

using FileId = std::pair<dev_t, ino_t>;

std::uint64_t blocks_below(int parent, const std::string& name, std::set<FileId>& seen) {
  struct stat status {};
  if (::fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return 0;
  const bool directory = S_ISDIR(status.st_mode);
  if (!directory && status.st_nlink > 1 && !seen.emplace(status.st_dev, status.st_ino).second)
    return 0;
  auto blocks = static_cast<std::uint64_t>(status.st_blocks);
  if (!directory) return blocks;
  const Fd fd(::openat(parent, name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  const auto names = fd ? names_in(fd.get()) : Result<std::vector<std::string>>();
  if (names)
    for (const auto& child : *names) blocks += blocks_below(fd.get(), child, seen);
  return blocks;
}

}  // namespace

Result<> remove_tree(const fs::path& path) {
  Removal removal;
  removal.remove(AT_FDCWD, path.string(), 0);
  return std::move(removal).result();
}

Bytes disk_usage(const fs::path& path) {
  std::set<FileId> seen;
  return {blocks_below(AT_FDCWD, path.string(), seen) * 512};
}

}  // namespace cupel::os
