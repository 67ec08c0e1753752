// SPDX-License-Identifier: Apache-2.0
#include "editor/text_position.hpp"

#include <algorithm>

namespace cupel::editor {
namespace {

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }

/// Characters beyond the first 65,536 take two units.
std::int64_t units(char first) { return static_cast<unsigned char>(first) >= 0xF0 ? 2 : 1; }

}  // namespace

std::size_t offset_of(std::string_view text, const TextPosition& position) {
  std::size_t at = 0;
  for (std::int64_t line = 0; line < position.line; ++line) {
    const auto end = text.find('\n', at);
    if (end == std::string_view::npos) return text.size();
    at = end + 1;
  }
  std::int64_t counted = 0;
  while (at < text.size() && text[at] != '\n' && text[at] != '\r' && counted < position.character) {
    counted += units(text[at]);
    ++at;
    while (at < text.size() && !starts_character(text[at])) ++at;
  }
  return at;
}

TextPosition position_of(const pipeline::syntax::Source& source,
                         const pipeline::syntax::Position& position) {
  const std::string_view text = source.text();
  const auto end = std::min<std::size_t>(position.offset, text.size());
  const auto before = text.substr(0, end).rfind('\n');
  std::int64_t counted = 0;
  for (auto at = before == std::string_view::npos ? 0 : before + 1; at < end; ++at)
    if (starts_character(text[at])) counted += units(text[at]);
  return {static_cast<std::int64_t>(position.line) - 1, counted};
}

}  // namespace cupel::editor
