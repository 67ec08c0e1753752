// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/stop.hpp"
#include "base/text.hpp"

namespace cupel::network {

/// What a cable does to frames, in each direction.
struct LinkSettings {
  std::optional<std::uint64_t> rate;  ///< bits a second; none: as fast as it goes
  Duration delay{};
  Duration jitter{};       ///< the delay is even in delay - jitter .. delay + jitter
  double loss = 0;         ///< shares, 0 to 1
  double duplicate = 0;    ///< arrives twice
  double reorder = 0;      ///< skips the delay, so that it overtakes
  std::size_t mtu = 1500;  ///< bytes of payload; a frame with more is dropped
  Bytes queue = mib(1);    ///< what may wait for the wire where there is a rate
  friend bool operator==(const LinkSettings&, const LinkSettings&) = default;
};

/// What is changed about a link; the rest stays.
struct LinkChange {
  std::optional<std::optional<std::uint64_t>> rate = {};  ///< none inside: no limit any more
  std::optional<Duration> delay = {}, jitter = {};
  std::optional<double> loss = {}, duplicate = {}, reorder = {};
  std::optional<std::size_t> mtu = {};
  std::optional<Bytes> queue = {};
  friend bool operator==(const LinkChange&, const LinkChange&) = default;
};
LinkSettings changed(LinkSettings settings, const LinkChange& change);

/// "rate", "delay", "jitter", "loss", "duplicate", "reorder", "mtu", "queue"
const std::vector<std::string>& link_keys();
/// Sets one of them from what a person wrote: rate "100Mbit" or "none", delay and jitter "5ms" or
/// "250us", shares "1%" or "1" (of a hundred), mtu "1400", queue "64KiB". invalid: says what is
/// expected.
Result<> set(LinkChange& change, std::string_view key, std::string_view text);

/// Numbers that are the same everywhere for a seed (splitmix64).
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}
  /// Even in [0, 1).
  double next();

 private:
  std::uint64_t state_;
};

/// What becomes of a frame.
struct Fate {
  enum class Kind { arrives, lost, queue_full, too_long } kind = Kind::arrives;
  SteadyTime at{};      ///< when it arrives
  unsigned copies = 0;  ///< 1 or 2 if it does
  friend bool operator==(const Fate&, const Fate&) = default;
};

/// One direction of a link. Pure: the clock is an argument, and times do not go back.
class LinkModel {
 public:
  LinkModel(const LinkSettings& settings, std::uint64_t seed)
      : settings_(settings), chance_(seed) {}

  /// A frame of that many bytes is put on the link.
  Fate offer(std::size_t frame_bytes, SteadyTime now);
  /// For the frames from now on.
  void change(const LinkSettings& settings) { settings_ = settings; }
  const LinkSettings& settings() const { return settings_; }

 private:
  bool draw(double share);
  std::optional<SteadyTime> leave_wire(std::size_t frame_bytes, SteadyTime now);
  SteadyTime arrival(SteadyTime left);

  LinkSettings settings_;
  Chance chance_;
  SteadyTime wire_free_{};  // when the last frame's last bit has left
  SteadyTime latest_{};     // arrival of those that keep their order
};

}  // namespace cupel::network
