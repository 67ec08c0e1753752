// SPDX-License-Identifier: Apache-2.0
#include "network/pcap.hpp"

#include <fcntl.h>

#include "network/frame.hpp"

namespace cupel::network {
namespace {

constexpr std::uint32_t magic_of_nanoseconds = 0xa1b23c4d;
constexpr std::uint32_t ethernet = 1;
constexpr std::size_t block = std::size_t{64} << 10;

void append(std::string& to, std::uint64_t number, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) to += static_cast<char>(number >> (8 * i) & 0xffU);
}

}  // namespace

std::string pcap_header() {
  std::string header;
  append(header, magic_of_nanoseconds, 4);
  append(header, 2, 2);  // version 2.4
  append(header, 4, 2);
  append(header, 0, 4);  // time zone and accuracy: always 0
  append(header, 0, 4);
  append(header, longest_frame, 4);
  append(header, ethernet, 4);
  return header;
}

std::string pcap_record(std::string_view frame, WallTime at) {
  const auto since = at.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  std::string record;
  record.reserve(16 + frame.size());
  append(record, static_cast<std::uint64_t>(seconds.count()), 4);
  append(record, static_cast<std::uint64_t>((since - seconds).count()), 4);
  append(record, frame.size(), 4);
  append(record, frame.size(), 4);
  record += frame;
  return record;
}

Result<Capture> Capture::begin(const std::string& path) {
  return Capture(TRY(os::open_file(path, O_WRONLY | O_CREAT | O_EXCL, 0644), "capture"));
}

Result<> Capture::write(std::string_view frame, WallTime at) {
  if (written_ + pending_.size() + frame.size() > largest.count) {
    ++left_out_;
    return {};
  }
  pending_ += pcap_record(frame, at);
  if (pending_.size() >= block) TRY(flush());
  return {};
}

Result<> Capture::flush() {
  const auto bytes = std::exchange(pending_, {});
  written_ += bytes.size();
  TRY(os::write_all(file_, bytes, Stop{}), "write a capture");
  return {};
}

}  // namespace cupel::network
