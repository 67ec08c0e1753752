// SPDX-License-Identifier: Apache-2.0
#include "guest/retained.hpp"

#include <algorithm>

namespace cupel::guest {
namespace {

constexpr std::size_t chunk = 64U << 10;

}  // namespace

void Retained::add(wire::Output output) {
  if (output.bytes.empty()) return;
  end_ += output.bytes.size();
  // Many small writes are one part: a part has a price.
  const bool untouched = !parts_.empty() && at_ < parts_.size();
  if (untouched && parts_.back().from == output.from &&
      parts_.back().bytes.size() + output.bytes.size() <= chunk)
    parts_.back().bytes += output.bytes;
  else
    parts_.push_back(std::move(output));
}

std::optional<wire::Output> Retained::next() {
  const auto window =
      wire::output_window - std::min<std::uint64_t>(sent_ - begin_, wire::output_window);
  if (at_ == parts_.size() || window == 0) return std::nullopt;
  const auto& part = parts_[at_];
  wire::Output output{part.from, part.bytes.substr(within_, std::min<std::size_t>(chunk, window))};
  within_ += output.bytes.size();
  sent_ += output.bytes.size();
  if (within_ == part.bytes.size()) {
    ++at_;
    within_ = 0;
  }
  return output;
}

void Retained::acknowledge(std::uint64_t bytes) {
  auto left = std::min(bytes, sent_ - begin_);
  begin_ += left;
  while (left > 0) {
    const auto rest = parts_.front().bytes.size() - cut_;
    if (left < rest) {
      cut_ += left;
      return;
    }
    left -= rest;
    cut_ = 0;
    parts_.pop_front();
    --at_;
  }
}

bool Retained::rewind(std::uint64_t offset) {
  if (offset < begin_ || offset > end_) return false;
  // All counts as sent for a moment, so that it can be acknowledged.
  sent_ = end_;
  at_ = parts_.size();
  acknowledge(offset - begin_);
  sent_ = begin_;
  at_ = 0;
  within_ = cut_;
  return true;
}

}  // namespace cupel::guest
