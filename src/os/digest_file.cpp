// SPDX-License-Identifier: Apache-2.0
// Apart from files.cpp, so that the guest program needs no OpenSSL.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "os/files.hpp"

namespace cupel::os {

namespace {

constexpr std::size_t block = std::size_t{64} << 10;

/// Where data begins at or behind `offset`; the size if there is none.
off_t next_data(const Fd& fd, off_t offset, off_t size) {
  const auto begin = ::lseek(fd.get(), offset, SEEK_DATA);
  if (begin >= 0) return std::min(begin, size);
  return errno == ENXIO ? size : offset;  // else: a file system that knows no holes
}

/// Up to a whole block at `offset`; short only at the end of the file.
Result<std::string_view> read_block(const Fd& fd, off_t offset, std::string& buffer) {
  std::size_t have = 0;
  while (have < buffer.size()) {
    const auto got = ::pread(fd.get(), buffer.data() + have, buffer.size() - have,
                             offset + static_cast<off_t>(have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno(errno, "read");
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  return std::string_view(buffer.data(), have);
}

bool is_zero(std::string_view bytes) {
  return bytes.empty() ||
         (bytes[0] == '\0' && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

}  // namespace

Result<Digest> digest_file(const fs::path& path, const Stop& stop) {
  const auto fd = TRY(open_file(path.string(), O_RDONLY));
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return fail_errno(errno, "look at {}", path.string());
  Hasher hasher;
  hasher.feed(fmt::format("{}:", status.st_size));
  std::string buffer(block, '\0');
  constexpr auto step = static_cast<off_t>(block);
  for (off_t offset = 0; offset < status.st_size; offset += step) {
    TRY(stop.check(), "digest {}", path.string());
    offset = next_data(fd, offset, status.st_size) / step * step;
    const auto bytes = TRY(read_block(fd, offset, buffer), "digest {}", path.string());
    // Zeros are left out whether stored or not: a copy may have its holes elsewhere.
    if (!is_zero(bytes)) hasher.feed(fmt::format("{}:", offset)).feed_part(bytes);
  }
  return hasher.finish();
}

}  // namespace cupel::os
