// SPDX-License-Identifier: Apache-2.0
#include "machine/sparse_digest.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "os/fd.hpp"

namespace cupel::machine {

namespace {

constexpr std::size_t page = 4096;
constexpr std::size_t chunk = std::size_t{1} << 20;

bool is_zero(std::string_view bytes) {
  return bytes[0] == '\0' && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

/// Walks over one open file. Holes are skipped by their extents, zeros by looking.
class Walk {
 public:
  Walk(const os::Fd& fd, Zeros zeros) : fd_(fd), zeros_(zeros), buffer_(chunk, '\0') {}

  Result<Digest> run(const Stop& stop) {
    const off_t size = ::lseek(fd_.get(), 0, SEEK_END);
    if (size < 0) return fail_errno(errno, "measure");
    hasher_.feed_part(std::to_string(size));
    off_t at = 0;
    while ((at = ::lseek(fd_.get(), at, SEEK_DATA)) >= 0) {
      // Extents need not begin on a page of ours.
      at -= at % static_cast<off_t>(page);
      const off_t end = ::lseek(fd_.get(), at, SEEK_HOLE);
      if (end < 0) return fail_errno(errno, "find a hole");
      while (at < end) at += TRY(take(at, stop));
    }
    if (errno != ENXIO) return fail_errno(errno, "find data");
    TRY(punch(run_begin_, run_end_));
    return hasher_.finish();
  }

 private:
  /// One chunk from `at`, which lies on a page; returns its length, rounded up to pages.
  Result<off_t> take(off_t at, const Stop& stop) {
    TRY(stop.check());
    const auto got = ::pread(fd_.get(), buffer_.data(), chunk, at);
    if (got < 0) return fail_errno(errno, "read");
    const auto length = static_cast<std::size_t>(got);
    for (std::size_t i = 0; i < length; i += page) {
      const auto bytes = std::string_view(buffer_).substr(i, std::min(page, length - i));
      TRY(take_page(at + static_cast<off_t>(i), bytes));
    }
    return static_cast<off_t>(std::max<std::size_t>((length + page - 1) / page * page, page));
  }

  Result<> take_page(off_t at, std::string_view bytes) {
    if (!is_zero(bytes)) {
      hasher_.feed(std::to_string(at)).feed(":").feed(bytes);
      return {};
    }
    if (zeros_ == Zeros::keep || bytes.size() != page) return {};
    if (at != run_end_) {
      TRY(punch(run_begin_, run_end_));
      run_begin_ = at;
    }
    run_end_ = at + static_cast<off_t>(page);
    return {};
  }

  Result<> punch(off_t begin, off_t end) {
    if (begin == end) return {};
    constexpr int mode = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
    // A file system without holes keeps the zeros: as good, only larger.
    if (::fallocate(fd_.get(), mode, begin, end - begin) != 0 && errno != EOPNOTSUPP)
      return fail_errno(errno, "punch a hole");
    return {};
  }

  const os::Fd& fd_;
  Zeros zeros_;
  std::string buffer_;
  Hasher hasher_;
  off_t run_begin_ = 0, run_end_ = 0;
};

}  // namespace

Result<Digest> digest_sparse(const std::filesystem::path& path, Zeros zeros, const Stop& stop) {
  const auto fd = TRY(os::open_file(path, zeros == Zeros::punch ? O_RDWR : O_RDONLY));
  return TRY(Walk(fd, zeros).run(stop), "digest {}", path.string());
}

}  // namespace cupel::machine
