// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cupel::network {

/// An Ethernet frame: from the destination's address on, without its checksum.
using Frame = std::string;

inline constexpr std::size_t shortest_frame = 14;    ///< two addresses and a type
inline constexpr std::size_t longest_frame = 69632;  ///< QEMU's own limit

using Vlan = std::uint16_t;  ///< 1 .. 4094
inline constexpr Vlan highest_vlan = 4094;

struct Mac {
  std::array<std::uint8_t, 6> bytes{};
  /// For more than one: multicast or broadcast.
  bool is_group() const { return (bytes[0] & 1U) != 0; }
  friend auto operator<=>(const Mac&, const Mac&) = default;
};
/// "02:c0:00:00:01:02"
std::string to_text(const Mac& mac);

/// What a switch looks at.
struct FrameHead {
  Mac to;
  Mac from;
  std::optional<Vlan> vlan;  ///< of an 802.1Q tag; a priority tag (VLAN 0) counts as none
  friend bool operator==(const FrameHead&, const FrameHead&) = default;
};
/// Nothing if it is too short to be a frame.
std::optional<FrameHead> head_of(std::string_view frame);

/// The frame with an 802.1Q tag, and without the one it has. `frame` is a whole frame.
Frame with_tag(std::string_view frame, Vlan vlan);
Frame without_tag(std::string_view frame);

/// QEMU's form on a stream: the length in four bytes, highest first, and the frame.
std::string framed(std::string_view frame);

/// Takes that form apart as bytes come. Holds no more than one frame and what was fed last.
class FrameReader {
 public:
  void feed(std::string_view bytes);
  /// The next whole frame; nothing: feed more. invalid: a length that no frame has; the stream
  /// cannot be followed any further.
  Result<std::optional<Frame>> next();

 private:
  std::string buffer_;
  std::size_t begin_ = 0;  // what is before it was handed out
};

}  // namespace cupel::network
