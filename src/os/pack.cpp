// SPDX-License-Identifier: Apache-2.0
#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <memory>

#include "os/listing.hpp"
#include "os/tar_stream.hpp"

namespace cupel::os {

namespace {

constexpr std::size_t chunk = std::size_t{256} << 10;

/// A file that is gone, or is no longer what it was when it was listed.
bool vanished(int error_number) {
  return error_number == ENOENT || error_number == ELOOP || error_number == ENOTDIR ||
         error_number == ESTALE || error_number == ENXIO;
}

void add_attributes(archive_entry* entry, int fd) {
  std::string names(std::size_t{64} << 10, '\0');
  const auto length = ::flistxattr(fd, names.data(), names.size());
  if (length <= 0) return;  // none, or a file system without
  names.resize(static_cast<std::size_t>(length));
  std::string value(std::size_t{64} << 10, '\0');
  for (std::size_t begin = 0; begin < names.size();) {
    const std::string name(names.c_str() + begin);
    begin += name.size() + 1;
    if (name.starts_with("system.")) continue;  // access lists
    const auto size = ::fgetxattr(fd, name.c_str(), value.data(), value.size());
    if (size >= 0)
      archive_entry_xattr_add_entry(entry, name.c_str(), value.data(),
                                    static_cast<std::size_t>(size));
  }
}

class Packing {
 public:
  Packing(const PackOptions& options, const ByteSink& sink, const Stop& stop)
      : options_(options), stop_(stop), writer_(sink), buffer_(chunk, '\0') {}

  Result<PackSummary> run(const Fd& root) {
    TRY(writer_.open());
    if (options_.paths.empty()) TRY(add_all(root.get(), ""));
    for (const auto& path : options_.paths) TRY(add_path(root, path));
    TRY(writer_.close());
    return summary_;
  }

 private:
  Result<> add_path(const Fd& root, const std::string& path) {
    const auto parts = TRY(inner_parts(path));
    if (parts.empty()) return add_all(root.get(), "");
    auto parent = TRY(duplicate(root.get()));
    std::string prefix;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      parent = Fd(
          ::openat(parent.get(), parts[i].c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      if (!parent) return {};
      prefix += parts[i] + "/";
    }
    return add(parent.get(), parts.back(), prefix + parts.back());
  }

  Result<> add_all(int directory, const std::string& prefix) {
    auto names = names_in(directory);
    if (!names && names.error().fault() == Fault::not_found) return {};
    if (!names) {
      names.error().add_frame(fmt::format("pack {}", prefix.empty() ? "." : prefix));
      return tl::unexpected<Error>(std::move(names.error()));
    }
    std::sort(names->begin(), names->end());
    for (const auto& name : *names) TRY(add(directory, name, prefix + name));
    return {};
  }

  Result<> add(int parent, const std::string& name, const std::string& path) {
    TRY(stop_.check());
    struct stat status {};
    if (::fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      if (vanished(errno)) return {};
      return fail_errno(errno, "pack {}", path);
    }
    if (S_ISDIR(status.st_mode)) return add_directory(parent, name, path, status);
    if (S_ISSOCK(status.st_mode) || !selects(options_.selection, path)) return {};
    ++summary_.files;
    if (S_ISREG(status.st_mode)) return add_file(parent, name, path);
    auto entry = entry_for(path, status);
    if (S_ISLNK(status.st_mode)) {
      const auto length = ::readlinkat(parent, name.c_str(), buffer_.data(), buffer_.size());
      if (length < 0) return skip(errno, path);
      const std::string target(buffer_.data(), static_cast<std::size_t>(length));
      archive_entry_set_size(entry.get(), 0);
      archive_entry_copy_symlink(entry.get(), target.c_str());
    }
    return writer_.header(entry.get());
  }

  Result<> add_directory(int parent, const std::string& name, const std::string& path,
                         const struct stat& status) {
    const Fd fd(::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd && vanished(errno)) return {};
    if (!fd) return fail_errno(errno, "pack {}", path);
    if (options_.take == PackOptions::Take::everything && selects(options_.selection, path)) {
      auto entry = entry_for(path, status);
      add_attributes(entry.get(), fd.get());
      TRY(writer_.header(entry.get()), "pack {}", path);
    }
    return add_all(fd.get(), path + "/");
  }

  Result<> add_file(int parent, const std::string& name, const std::string& path) {
    const Fd fd(::openat(parent, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!fd) return skip(errno, path);
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return skip(ESTALE, path);
    auto entry = entry_for(path, status);
    if (status.st_nlink > 1) {
      const auto [first, fresh] = linked_.try_emplace({status.st_dev, status.st_ino}, path);
      if (!fresh) {
        archive_entry_set_size(entry.get(), 0);
        archive_entry_copy_hardlink(entry.get(), first->second.c_str());
        return writer_.header(entry.get());
      }
    }
    add_attributes(entry.get(), fd.get());
    summary_.bytes.count += static_cast<std::uint64_t>(status.st_size);
    TRY(writer_.file(entry.get(), fd.get(), status.st_size, {}, stop_), "pack {}", path);
    return {};
  }

  /// An entry that was counted and cannot be had: fine if it is gone.
  Result<> skip(int error_number, const std::string& path) {
    --summary_.files;
    if (vanished(error_number)) return {};
    return fail_errno(error_number, "pack {}", path);
  }

  static ArchiveEntry entry_for(const std::string& path, const struct stat& status) {
    ArchiveEntry entry(archive_entry_new());
    archive_entry_copy_stat(entry.get(), &status);
    archive_entry_copy_pathname(entry.get(), path.c_str());
    // Nobody needs them, and each costs a line of an extended header.
    archive_entry_unset_atime(entry.get());
    archive_entry_unset_ctime(entry.get());
    archive_entry_unset_birthtime(entry.get());
    return entry;
  }

  const PackOptions& options_;
  const Stop& stop_;
  TarWriter writer_;
  std::string buffer_;
  PackSummary summary_;
  std::map<std::pair<dev_t, ino_t>, std::string> linked_;
};

}  // namespace

Result<PackSummary> pack(const fs::path& root, const PackOptions& options, const ByteSink& sink,
                         const Stop& stop) {
  const auto directory = TRY(open_file(root.string(), O_RDONLY | O_DIRECTORY), "pack");
  return Packing(options, sink, stop).run(directory);
}

}  // namespace cupel::os
