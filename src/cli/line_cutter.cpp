// SPDX-License-Identifier: Apache-2.0
#include "cli/line_cutter.hpp"

namespace cupel::cli {
namespace {

/// Where to cut so that no UTF-8 character is torn; the limit itself if the bytes are no UTF-8.
std::size_t cut_position(std::string_view text) {
  for (std::size_t back = 0; back < 4; ++back) {
    const auto position = LineCutter::limit - back;
    if ((static_cast<unsigned char>(text[position]) & 0xC0U) != 0x80U) return position;
  }
  return LineCutter::limit;
}

}  // namespace

void LineCutter::feed(std::string_view bytes, const Take& take) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    const bool ends = end != std::string_view::npos;
    const auto part = bytes.substr(0, ends ? end : bytes.size());
    if (ends && pending_.empty() && !inside_long_line_ && part.size() <= limit) {
      take(part, Part::whole);
    } else {
      pending_ += part;
      give_pieces(take);
      if (ends) {
        take(pending_, inside_long_line_ ? Part::further : Part::whole);
        pending_.clear();
        inside_long_line_ = false;
      }
    }
    bytes.remove_prefix(ends ? end + 1 : bytes.size());
  }
}

void LineCutter::give_pieces(const Take& take) {
  std::string_view rest = pending_;
  while (rest.size() > limit) {
    const auto cut = cut_position(rest);
    take(rest.substr(0, cut), inside_long_line_ ? Part::further : Part::first);
    inside_long_line_ = true;
    rest.remove_prefix(cut);
  }
  if (rest.size() != pending_.size()) pending_.erase(0, pending_.size() - rest.size());
}

void LineCutter::finish(const Take& take) {
  if (!pending_.empty()) take(pending_, inside_long_line_ ? Part::further : Part::whole);
  pending_.clear();
  inside_long_line_ = false;
}

}  // namespace cupel::cli
