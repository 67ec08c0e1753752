// SPDX-License-Identifier: Apache-2.0
#include "machine/sparse_copy.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "os/fd.hpp"

namespace cupel::machine {

namespace {

/// Copies until `end`; stoppable between pieces.
Result<> copy_range(const os::Fd& from, const os::Fd& to, off_t at, off_t end, const Stop& stop) {
  constexpr off_t piece = off_t{16} << 20;
  while (at < end) {
    TRY(stop.check());
    off_t read_at = at, write_at = at;
    const auto length = static_cast<std::size_t>(std::min(piece, end - at));
    const auto got = ::copy_file_range(from.get(), &read_at, to.get(), &write_at, length, 0);
    if (got < 0) return fail_errno(errno, "copy");
    if (got == 0) return fail(Fault::unavailable, "it became shorter meanwhile");
    at += got;
  }
  return {};
}

Result<> copy(const os::Fd& from, const os::Fd& to, const Stop& stop) {
  if (::ioctl(to.get(), FICLONE, from.get()) == 0) return {};
  const off_t size = ::lseek(from.get(), 0, SEEK_END);
  if (size < 0 || ::ftruncate(to.get(), size) != 0) return fail_errno(errno, "make room");
  off_t at = 0;
  while ((at = ::lseek(from.get(), at, SEEK_DATA)) >= 0) {
    const off_t end = ::lseek(from.get(), at, SEEK_HOLE);
    if (end < 0) return fail_errno(errno, "find a hole");
    TRY(copy_range(from, to, at, end, stop));
    at = end;
  }
  if (errno != ENXIO) return fail_errno(errno, "find data");
  return {};
}

}  // namespace

Result<> copy_sparse(const std::filesystem::path& from, const std::filesystem::path& to,
                     const Stop& stop) {
  const auto source = TRY(os::open_file(from, O_RDONLY));
  const auto target = TRY(os::open_file(to, O_RDWR | O_CREAT | O_EXCL, 0600));
  TRY(copy(source, target, stop), "copy {} to {}", from.string(), to.string());
  return {};
}

}  // namespace cupel::machine
