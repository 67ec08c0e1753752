// SPDX-License-Identifier: Apache-2.0
#include "network/link_model.hpp"

#include <algorithm>

#include "network/frame.hpp"

namespace cupel::network {
namespace {

constexpr std::size_t head_bytes = shortest_frame + 4;  // with a tag, which is no payload

/// How long that many bytes take.
Duration wire_time(std::uint64_t bytes, std::uint64_t rate) {
  const double seconds = static_cast<double>(bytes) * 8 / static_cast<double>(rate);
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

}  // namespace

double Chance::next() {
  state_ += 0x9e3779b97f4a7c15U;
  auto mixed = state_;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebU;
  mixed ^= mixed >> 31;
  return static_cast<double>(mixed >> 11) * 0x1.0p-53;
}

// A share of nothing draws no number: what a link does not do leaves the rest as it was.
bool LinkModel::draw(double share) { return share > 0 && chance_.next() < share; }

std::optional<SteadyTime> LinkModel::leave_wire(std::size_t frame_bytes, SteadyTime now) {
  if (!settings_.rate) return now;
  const auto begin = std::max(now, wire_free_);
  if (begin - now > wire_time(settings_.queue.count, *settings_.rate)) return std::nullopt;
  wire_free_ = begin + wire_time(frame_bytes, *settings_.rate);
  return wire_free_;
}

SteadyTime LinkModel::arrival(SteadyTime left) {
  if (draw(settings_.reorder)) return left;
  auto delay = settings_.delay;
  if (settings_.jitter > Duration::zero()) {
    const auto spread = std::chrono::duration<double, Duration::period>(settings_.jitter);
    delay += std::chrono::duration_cast<Duration>(spread * (2 * chance_.next() - 1));
  }
  latest_ = std::max(latest_, left + std::max(delay, Duration::zero()));
  return latest_;
}

Fate LinkModel::offer(std::size_t frame_bytes, SteadyTime now) {
  if (frame_bytes > settings_.mtu + head_bytes) return {Fate::Kind::too_long, {}, 0};
  if (draw(settings_.loss)) return {Fate::Kind::lost, {}, 0};
  const auto left = leave_wire(frame_bytes, now);
  if (!left) return {Fate::Kind::queue_full, {}, 0};
  const auto at = arrival(*left);
  return {Fate::Kind::arrives, at, draw(settings_.duplicate) ? 2U : 1U};
}

}  // namespace cupel::network
