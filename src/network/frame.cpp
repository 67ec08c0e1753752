// SPDX-License-Identifier: Apache-2.0
#include "network/frame.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace cupel::network {
namespace {

constexpr std::size_t length_bytes = 4;
constexpr std::size_t addresses = 12;
constexpr std::size_t tag_bytes = 4;
constexpr unsigned tag_type = 0x8100;
constexpr unsigned vlan_bits = 0x0fff;

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

unsigned word_at(std::string_view bytes, std::size_t at) {
  return byte_at(bytes, at) << 8 | byte_at(bytes, at + 1);
}

bool is_tagged(std::string_view frame) {
  return frame.size() >= shortest_frame + tag_bytes && word_at(frame, addresses) == tag_type;
}

Mac mac_at(std::string_view frame, std::size_t at) {
  Mac mac;
  for (std::size_t i = 0; i < mac.bytes.size(); ++i)
    mac.bytes[i] = static_cast<std::uint8_t>(byte_at(frame, at + i));
  return mac;
}

void append_word(std::string& to, unsigned word) {
  to += static_cast<char>(word >> 8 & 0xffU);
  to += static_cast<char>(word & 0xffU);
}

}  // namespace

std::string to_text(const Mac& mac) {
  const auto& b = mac.bytes;
  return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", b[0], b[1], b[2], b[3], b[4],
                     b[5]);
}

std::optional<FrameHead> head_of(std::string_view frame) {
  if (frame.size() < shortest_frame) return std::nullopt;
  FrameHead head{mac_at(frame, 0), mac_at(frame, sizeof(Mac::bytes)), std::nullopt};
  if (!is_tagged(frame)) return head;
  const auto vlan = word_at(frame, addresses + 2) & vlan_bits;
  if (vlan != 0) head.vlan = static_cast<Vlan>(vlan);
  return head;
}

Frame with_tag(std::string_view frame, Vlan vlan) {
  CHECK(frame.size() >= shortest_frame);
  Frame tagged(frame.substr(0, addresses));
  append_word(tagged, tag_type);
  append_word(tagged, vlan);
  tagged += frame.substr(addresses);
  return tagged;
}

Frame without_tag(std::string_view frame) {
  if (!is_tagged(frame)) return Frame(frame);
  Frame bare(frame.substr(0, addresses));
  bare += frame.substr(addresses + tag_bytes);
  return bare;
}

std::string framed(std::string_view frame) {
  CHECK(frame.size() <= longest_frame);
  std::string result;
  result.reserve(length_bytes + frame.size());
  append_word(result, static_cast<unsigned>(frame.size() >> 16));
  append_word(result, static_cast<unsigned>(frame.size() & 0xffffU));
  result += frame;
  return result;
}

void FrameReader::feed(std::string_view bytes) {
  buffer_.erase(0, begin_);
  begin_ = 0;
  buffer_ += bytes;
}

Result<std::optional<Frame>> FrameReader::next() {
  const auto left = std::string_view(buffer_).substr(begin_);
  if (left.size() < length_bytes) return std::nullopt;
  const std::size_t length = std::size_t{word_at(left, 0)} << 16 | word_at(left, 2);
  if (length == 0 || length > longest_frame)
    return fail(Fault::invalid, "a frame of {} bytes was announced; one has 1 to {}", length,
                longest_frame);
  if (left.size() < length_bytes + length) return std::nullopt;
  begin_ += length_bytes + length;
  return Frame(left.substr(length_bytes, length));
}

}  // namespace cupel::network
