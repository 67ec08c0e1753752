// SPDX-License-Identifier: Apache-2.0
#include "machine/traffic.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace cupel::machine {

namespace {

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t number = 0;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

}  // namespace

std::optional<Bytes> traffic_in(std::string_view records) {
  // Seconds, microseconds, bytes that follow, bytes of the packet; in this host's byte order.
  constexpr std::size_t follow_at = 8, length_at = 12;
  constexpr std::uint32_t longest_packet = 1U << 20;
  Bytes sum;
  for (; records.size() >= capture_record; records.remove_prefix(capture_record)) {
    const auto length = number_at(records, length_at);
    if (number_at(records, follow_at) > 1 || length > longest_packet) return std::nullopt;
    sum.count += length;
  }
  return sum;
}

bool TrafficFile::open() {
  auto opened = os::open_file(path_, O_RDWR);
  if (!opened) return false;
  fd_ = std::move(*opened);
  constexpr std::int64_t header = capture_header, record = capture_record;
  const auto data = ::lseek(fd_.get(), 0, SEEK_DATA);
  if (data > header) at_ = header + (data - header) / record * record;
  return true;
}

std::optional<Bytes> TrafficFile::more() {
  if (!fd_ && !open()) return std::nullopt;
  Bytes sum;
  const auto before = at_;
  std::array<char, capture_record * 4096> buffer;
  for (;;) {
    const auto got = ::pread(fd_.get(), buffer.data(), buffer.size(), at_);
    if (got < static_cast<ssize_t>(capture_record)) break;
    const auto whole = static_cast<std::size_t>(got) / capture_record * capture_record;
    const auto bytes = traffic_in({buffer.data(), whole});
    if (!bytes) return std::nullopt;
    sum.count += bytes->count;
    at_ += static_cast<std::int64_t>(whole);
  }
  // Where a file system cannot do that, the file grows by a record for each packet.
  if (at_ > before)
    static_cast<void>(::fallocate(fd_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, at_));
  return sum;
}

}  // namespace cupel::machine
