// SPDX-License-Identifier: Apache-2.0
#include "os/files.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "os/wait.hpp"

namespace cupel::os {

namespace {

using namespace std::chrono_literals;

/// Best effort: without it a rename may be forgotten in a power failure, but never be torn.
void sync_directory(const fs::path& directory) {
  const auto fd = open_file(directory.empty() ? "." : directory.string(), O_RDONLY | O_DIRECTORY);
  if (fd) ::fsync(fd->get());
}

Result<> fill(const Fd& fd, std::string_view text, unsigned mode) {
  TRY(write_all(fd, text, Stop{}));
  // The mode as asked for, whatever the umask.
  if (::fchmod(fd.get(), mode) != 0) return fail_errno(errno, "set the mode");
  if (::fsync(fd.get()) != 0) return fail_errno(errno, "sync");
  return {};
}

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

Result<Fd> open_lock(const fs::path& path) {
  return open_file(path.string(), O_RDWR | O_CREAT | O_NOFOLLOW, 0644);
}

constexpr std::string_view swept_prefix = "cupel-scratch-";

fs::path temporary_directory() {
  const char* parent = std::getenv("TMPDIR");
  return parent != nullptr && *parent != '\0' ? parent : "/tmp";
}

/// True if the file at `path` is still the one that is open: its last owner may have removed it.
bool still_named(const Fd& fd, const fs::path& path) {
  struct stat open {};
  struct stat named {};
  return ::fstat(fd.get(), &open) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         open.st_ino == named.st_ino && open.st_dev == named.st_dev;
}

}  // namespace

Result<std::string> read_file(const fs::path& path, std::size_t limit) {
  // Nobody may ever write into a named pipe: it is not waited for.
  const auto fd = TRY(open_file(path.string(), O_RDONLY | O_NONBLOCK));
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return fail_errno(errno, "look at {}", path.string());
  std::string text;
  // Files in /proc have no size, and others may grow: the end is where read(2) says so.
  std::size_t have = 0;
  for (auto room = static_cast<std::size_t>(status.st_size) + 1;;
       room = std::max(room, kib(16).count)) {
    text.resize(have + std::min(room, limit - have + 1));
    const auto got = ::read(fd.get(), text.data() + have, text.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) {
      std::array<Watched, 1> watched{{{fd.get(), POLLIN}}};
      TRY(wait(watched, Stop{}.within(10s)), "read {}", path.string());
      continue;
    }
    if (got < 0) return fail_errno(errno, "read {}", path.string());
    have += static_cast<std::size_t>(got);
    if (have > limit)
      return fail(Fault::invalid, "{} is larger than {}", path.string(), to_text(Bytes{limit}));
    text.resize(have);
    if (got == 0) return text;
  }
}

Result<> write_file(const fs::path& path, std::string_view text, unsigned mode) {
  auto aside = path.string() + ".XXXXXX";
  const Fd fd(::mkostemp(aside.data(), O_CLOEXEC));
  if (!fd) return fail_errno(errno, "write {}", path.string());
  const auto filled = fill(fd, text, mode);
  if (!filled || ::rename(aside.c_str(), path.c_str()) != 0) {
    const int error_number = errno;
    ::unlink(aside.c_str());
    TRY(filled, "write {}", path.string());
    return fail_errno(error_number, "write {}", path.string());
  }
  sync_directory(path.parent_path());
  return {};
}

Result<> make_directories(const fs::path& path, unsigned mode) {
  if (::mkdir(path.c_str(), mode) == 0) return {};
  if (errno == ENOENT && path.has_parent_path() && path.parent_path() != path) {
    TRY(make_directories(path.parent_path(), mode));
    if (::mkdir(path.c_str(), mode) == 0) return {};
  }
  const int error_number = errno;
  struct stat status {};
  if (error_number == EEXIST && ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode))
    return {};
  return fail_errno(error_number, "make the directory {}", path.string());
}

Result<Bytes> free_space(const fs::path& directory) {
  struct statvfs status {};
  if (::statvfs(directory.c_str(), &status) != 0)
    return fail_errno(errno, "look at the space in {}", directory.string());
  return Bytes{std::uint64_t{status.f_bavail} * status.f_frsize};
}

Result<FileStamp> stamp(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return fail_errno(errno, "look at {}", path.string());
  return FileStamp{static_cast<std::uint64_t>(status.st_size), status.st_ino,
                   nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)};
}

Result<TempDir> TempDir::make(std::string_view purpose) {
  return make_in(temporary_directory(), fmt::format("{}{}", swept_prefix, purpose));
}

Result<TempDir> TempDir::make_in(const fs::path& parent, std::string_view prefix) {
  for (;;) {
    auto name = fmt::format("{}/{}.XXXXXX", parent.string(), prefix);
    if (::mkdtemp(name.data()) == nullptr)
      return fail_errno(errno, "make a directory in {}", parent.string());
    auto lock = open_file(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    // Who sweeps may have been quicker.
    if (lock && ::flock(lock->get(), LOCK_EX | LOCK_NB) == 0 && still_named(*lock, name))
      return TempDir(name, std::move(*lock));
    if (!lock && lock.error().fault() != Fault::not_found) return tl::unexpected(lock.error());
  }
}

TempDir::TempDir(TempDir&& other) noexcept
    : path_(std::exchange(other.path_, {})), lock_(std::move(other.lock_)) {}

TempDir& TempDir::operator=(TempDir&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(lock_, other.lock_);
  return *this;
}

TempDir::~TempDir() {
  // What cannot be removed stays; a destructor has nobody to tell.
  if (!path_.empty()) static_cast<void>(remove_tree(path_));
}

void sweep_temp_dirs() {
  std::error_code ignored;  // what cannot be read or removed stays
  for (const auto& entry : fs::directory_iterator(temporary_directory(), ignored)) {
    if (!entry.path().filename().string().starts_with(swept_prefix)) continue;
    const auto lock = open_file(entry.path().string(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    struct stat status {};
    if (!lock || ::fstat(lock->get(), &status) != 0 || status.st_uid != ::geteuid()) continue;
    if (::flock(lock->get(), LOCK_EX | LOCK_NB) == 0) static_cast<void>(remove_tree(entry.path()));
  }
}

Result<FileLock> FileLock::take(const fs::path& path, const Stop& stop) {
  Duration pause = 1ms;
  for (;;) {
    auto lock = TRY(try_take(path));
    if (lock) return std::move(*lock);
    // The kernel tells nobody when a lock is given up, except one who blocks beyond our reach.
    TRY(sleep(pause, stop), "wait for the lock {}", path.string());
    pause = std::min<Duration>(pause * 2, 20ms);
  }
}

Result<std::optional<FileLock>> FileLock::try_take(const fs::path& path) {
  for (;;) {
    auto fd = TRY(open_lock(path), "lock");
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EINTR) continue;
      if (errno == EWOULDBLOCK) return std::nullopt;
      return fail_errno(errno, "lock {}", path.string());
    }
    if (still_named(fd, path)) return std::optional<FileLock>(FileLock(std::move(fd)));
  }
}

}  // namespace cupel::os
