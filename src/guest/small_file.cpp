// SPDX-License-Identifier: Apache-2.0
#include "guest/small_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "os/fd.hpp"

namespace cupel::guest {

Result<std::string> read_small_file(const std::string& path, int directory) {
  const os::Fd file(::openat(directory, path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return fail_errno(errno, "open {}", path);
  constexpr std::size_t limit = 1U << 20;
  std::string text;
  std::size_t size = 0;
  while (size < limit) {
    text.resize(size + 4096);
    const auto count = ::read(file.get(), text.data() + size, text.size() - size);
    if (count < 0) return fail_errno(errno, "read {}", path);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);
  return text;
}

Result<> write_small_file(const std::string& path, std::string_view text, Missing missing,
                          int directory) {
  const int make = missing == Missing::is_made ? O_CREAT : 0;
  const os::Fd file(::openat(directory, path.c_str(), O_WRONLY | O_CLOEXEC | O_TRUNC | make, 0644));
  if (!file) {
    if (errno == ENOENT && missing == Missing::is_left) return {};
    return fail_errno(errno, "open {}", path);
  }
  const auto count = ::write(file.get(), text.data(), text.size());
  if (count < 0) return fail_errno(errno, "write {}", path);
  if (static_cast<std::size_t>(count) != text.size())
    return fail(Fault::unavailable, "write {}: the disk is full", path);
  return {};
}

void make_directories(const std::string& path) {
  if (!path.starts_with('/')) return;
  for (std::size_t slash = 0; slash != std::string::npos;) {
    slash = path.find('/', slash + 1);
    ::mkdir(path.substr(0, slash).c_str(), 0755);
  }
}

}  // namespace cupel::guest
