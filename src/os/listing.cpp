// SPDX-License-Identifier: Apache-2.0
#include "os/listing.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "base/text.hpp"
#include "os/fd.hpp"

namespace cupel::os {

namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

}  // namespace

Result<std::vector<std::string>> names_in(int directory) {
  Fd own(::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!own) return fail_errno(errno, "list");
  const std::unique_ptr<DIR, CloseDirectory> stream(::fdopendir(own.get()));
  if (!stream) return fail_errno(errno, "list");
  own.release();
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string_view name(entry->d_name);
    if (name != "." && name != "..") names.emplace_back(name);
    errno = 0;
  }
  if (errno != 0) return fail_errno(errno, "list");
  return names;
}

Result<std::vector<std::string>> inner_parts(std::string_view path) {
  if (path.starts_with('/')) return fail(Fault::invalid, "{:?} is absolute", path);
  std::vector<std::string> parts;
  for (auto& part : split(path, '/')) {
    if (part == "..") return fail(Fault::invalid, "{:?} may lead outside", path);
    if (!part.empty() && part != ".") parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace cupel::os
