// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "wire/message.hpp"

namespace cupel::guest {

/// Output of a kept stream, both outputs in their order, until the host has it for good. Pure.
class Retained {
 public:
  void add(wire::Output output);
  /// As much as may be retained: read no more.
  bool full() const { return end_ - begin_ >= wire::kept_output; }
  std::size_t room() const { return full() ? 0 : wire::kept_output - (end_ - begin_); }

  /// What to send next; nothing when all was sent, or as much as the window allows.
  std::optional<wire::Output> next();
  bool all_sent() const { return sent_ == end_; }
  /// The host has so much more for good.
  void acknowledge(std::uint64_t bytes);
  /// The host has all before `offset` and wants what follows. False if that was dropped already, or
  /// never was; then nothing changes.
  bool rewind(std::uint64_t offset);

 private:
  std::deque<wire::Output> parts_;  // of begin_ to end_; the first may be cut
  std::size_t cut_ = 0;             // of the first part, dropped already
  std::size_t at_ = 0;              // the part that is sent next
  std::size_t within_ = 0;          // and its first byte that was not sent
  std::uint64_t begin_ = 0, sent_ = 0, end_ = 0;
};

}  // namespace cupel::guest
