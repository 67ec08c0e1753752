// SPDX-License-Identifier: Apache-2.0
#include "os/landing.hpp"

#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>

#include "base/text.hpp"

namespace cupel::os {

namespace {

using Trust = UnpackOptions::Trust;

constexpr int step_flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

std::string text_of(const Landing::Parts& path) { return join(path, "/"); }

/// For what only works on a name: a descriptor's own.
std::string name_of(const Fd& fd) { return fmt::format("/proc/self/fd/{}", fd.get()); }

Result<> make_root(const fs::path& path, const UnpackOptions& options) {
  if (::mkdir(path.c_str(), 0755) != 0) {
    if (errno == EEXIST) return {};
    if (errno != ENOENT || !path.has_parent_path() || path.parent_path() == path)
      return fail_errno(errno, "make the directory {}", path.string());
    TRY(make_root(path.parent_path(), options));
    if (::mkdir(path.c_str(), 0755) != 0)
      return errno == EEXIST ? Result<>()
                             : fail_errno(errno, "make the directory {}", path.string());
  }
  if (options.owner && ::chown(path.c_str(), options.owner->first, options.owner->second) != 0)
    return fail_errno(errno, "give away {}", path.string());
  return {};
}

/// Why a step of a path could not be taken; says so when a link is the reason.
tl::unexpected<Error> refuse_step(int parent, const std::string& name, int error_number) {
  struct stat status {};
  if (::fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode))
    return fail(Fault::invalid, "the path leads through the link {:?}", name);
  return fail_errno(error_number, "enter {:?}", name);
}

}  // namespace

Result<Landing> Landing::make(const fs::path& root, const UnpackOptions& options) {
  TRY(make_root(root.has_filename() ? root : root.parent_path(), options));
  return Landing(TRY(open_file(root.string(), O_PATH | O_DIRECTORY)), options);
}

Result<Fd> Landing::open_parent(const Parts& path, Missing missing) const {
  auto parent = TRY(duplicate(root_.get()));
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const auto* name = path[i].c_str();
    Fd next(::openat(parent.get(), name, step_flags));
    if (!next && errno == ENOENT && missing == Missing::make) {
      if (::mkdirat(parent.get(), name, 0755) != 0) return fail_errno(errno, "make {:?}", name);
      if (options_->owner) TRY(own(parent.get(), name, {}));
      next = Fd(::openat(parent.get(), name, step_flags));
    }
    if (!next) return refuse_step(parent.get(), path[i], errno);
    parent = std::move(next);
  }
  return parent;
}

Result<Fd> Landing::clear_place(const Parts& path) const {
  auto parent = TRY(open_parent(path, Missing::make));
  if (::unlinkat(parent.get(), path.back().c_str(), 0) == 0 || errno == ENOENT) return parent;
  if (errno == EISDIR) return fail(Fault::conflict, "there is a directory of that name");
  return fail_errno(errno, "replace it");
}

Result<> Landing::own(int parent, const std::string& name, const Attributes& attributes) const {
  if (options_->trust != Trust::all) return {};
  const auto [uid, gid] = options_->owner.value_or(std::pair(attributes.uid, attributes.gid));
  if (::fchownat(parent, name.c_str(), uid, gid, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) != 0)
    return fail_errno(errno, "set the owner");
  return {};
}

void Landing::set_extended(int fd, const Attributes& attributes) const {
  for (const auto& [name, value] : attributes.extended) {
    if (options_->trust != Trust::all && !name.starts_with("user.")) continue;
    // Best effort: file systems differ in what they take.
    ::fsetxattr(fd, name.c_str(), value.data(), value.size(), 0);
  }
}

mode_t Landing::mode_of(const Attributes& attributes) const {
  return attributes.mode & (options_->trust == Trust::all ? 07777U : 0777U);
}

Result<Fd> Landing::create_file(const Parts& path) {
  const auto parent = TRY(clear_place(path));
  Fd file(::openat(parent.get(), path.back().c_str(),
                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return fail_errno(errno, "create it");
  return file;
}

Result<> Landing::write_at(const Fd& file, std::string_view bytes, off_t offset) {
  while (!bytes.empty()) {
    const auto put = ::pwrite(file.get(), bytes.data(), bytes.size(), offset);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return fail_errno(errno, "write");
    bytes.remove_prefix(static_cast<std::size_t>(put));
    offset += put;
  }
  return {};
}

Result<> Landing::finish_file(const Fd& file, const Attributes& attributes) {
  // The owner first, since that takes set-id bits away; attributes while we may still write.
  TRY(own(file.get(), "", attributes));
  set_extended(file.get(), attributes);
  if (::fchmod(file.get(), mode_of(attributes)) != 0) return fail_errno(errno, "set the mode");
  const timespec times[] = {attributes.modified, attributes.modified};
  if (::futimens(file.get(), times) != 0) return fail_errno(errno, "set the time");
  return {};
}

Result<> Landing::make_directory(const Parts& path, const Attributes& attributes) {
  const auto parent = TRY(open_parent(path, Missing::make));
  const auto* name = path.back().c_str();
  Fd directory(::openat(parent.get(), name, step_flags));
  if (!directory) {
    // A link or a file of that name gives way; a link is not followed.
    if (::unlinkat(parent.get(), name, 0) != 0 && errno != ENOENT)
      return fail_errno(errno, "replace it");
    if (::mkdirat(parent.get(), name, 0700) != 0) return fail_errno(errno, "make it");
    directory = Fd(::openat(parent.get(), name, step_flags));
    if (!directory) return fail_errno(errno, "enter it");
  } else if (::chmod(name_of(directory).c_str(), 0700) != 0) {
    return fail_errno(errno, "open it for its owner");
  }
  directories_.insert_or_assign(path, attributes);
  return {};
}

Result<> Landing::make_symlink(const Parts& path, const std::string& target,
                               const Attributes& attributes) {
  const auto parent = TRY(clear_place(path));
  const auto* name = path.back().c_str();
  if (::symlinkat(target.c_str(), parent.get(), name) != 0) return fail_errno(errno, "link it");
  TRY(own(parent.get(), name, attributes));
  const timespec times[] = {attributes.modified, attributes.modified};
  ::utimensat(parent.get(), name, times, AT_SYMLINK_NOFOLLOW);  // a link's time matters to nobody
  return {};
}

Result<> Landing::make_hard_link(const Parts& path, const Parts& target) {
  if (path == target) return fail(Fault::invalid, "it is a link to itself");
  const auto target_parent =
      TRY(open_parent(target, Missing::refuse), "link to {:?}", text_of(target));
  const auto parent = TRY(clear_place(path));
  if (::linkat(target_parent.get(), target.back().c_str(), parent.get(), path.back().c_str(), 0) !=
      0)
    return fail_errno(errno, "link to {:?}", text_of(target));
  return {};
}

Result<> Landing::make_node(const Parts& path, dev_t device, const Attributes& attributes) {
  const auto parent = TRY(clear_place(path));
  const auto* name = path.back().c_str();
  if (::mknodat(parent.get(), name, (attributes.mode & S_IFMT) | 0600U, device) != 0)
    return fail_errno(errno, "make the device");
  TRY(own(parent.get(), name, attributes));
  const Fd node(::openat(parent.get(), name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
  if (!node || ::chmod(name_of(node).c_str(), mode_of(attributes)) != 0)
    return fail_errno(errno, "set the mode");
  return {};
}

Result<> Landing::close() {
  // Backwards, so that what lies below comes before what may then shut it off.
  for (auto entry = directories_.rbegin(); entry != directories_.rend(); ++entry) {
    const auto& [path, attributes] = *entry;
    const auto parent = TRY(open_parent(path, Missing::refuse), "unpack {:?}", text_of(path));
    const Fd directory(::openat(parent.get(), path.back().c_str(), step_flags));
    if (!directory) return fail_errno(errno, "unpack {:?}", text_of(path));
    TRY(own(parent.get(), path.back(), attributes), "unpack {:?}", text_of(path));
    const Fd readable(::openat(directory.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (readable) set_extended(readable.get(), attributes);
    if (::chmod(name_of(directory).c_str(), mode_of(attributes)) != 0)
      return fail_errno(errno, "set the mode of {:?}", text_of(path));
    const timespec times[] = {attributes.modified, attributes.modified};
    ::utimensat(parent.get(), path.back().c_str(), times, AT_SYMLINK_NOFOLLOW);
  }
  directories_.clear();
  return {};
}

}  // namespace cupel::os
