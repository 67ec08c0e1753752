// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/source.hpp"

#include <algorithm>

namespace cupel::pipeline::syntax {

namespace {

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }

}  // namespace

Source::Source(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)) {
  lines_.push_back(0);
  for (auto at = text_.find('\n'); at != std::string::npos; at = text_.find('\n', at + 1))
    lines_.push_back(static_cast<std::uint32_t>(at + 1));
}

std::string_view Source::line(std::uint32_t number) const {
  if (number == 0 || number > lines_.size()) return {};
  const auto begin = lines_[number - 1];
  const auto end = number < lines_.size() ? lines_[number] - 1 : text_.size();
  auto line = std::string_view(text_).substr(begin, end - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Position Source::position(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto next = std::ranges::upper_bound(lines_, offset);
  const auto begin = *std::prev(next);
  const auto before = std::string_view(text_).substr(begin, offset - begin);
  return {static_cast<std::uint32_t>(next - lines_.begin()),
          static_cast<std::uint32_t>(1 + std::ranges::count_if(before, starts_character)),
          static_cast<std::uint32_t>(offset)};
}

std::string_view Source::text_of(const Span& span) const {
  const auto begin = std::min<std::size_t>(span.begin.offset, text_.size());
  const auto end = std::clamp<std::size_t>(span.end.offset, begin, text_.size());
  return std::string_view(text_).substr(begin, end - begin);
}

}  // namespace cupel::pipeline::syntax
