// SPDX-License-Identifier: Apache-2.0
#include "cli/harmless.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace cupel::cli {
namespace {

constexpr char escape = '\x1b';

std::string_view last_state(std::string_view line) {
  while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  const auto redrawn = line.rfind('\r');
  return redrawn == std::string_view::npos ? line : line.substr(redrawn + 1);
}

/// Length of the escape sequence that `text` begins with.
std::size_t sequence_length(std::string_view text) {
  if (text.size() < 2) return text.size();
  const auto kind = text[1];
  if (kind == '[') {
    for (std::size_t i = 2; i < text.size(); ++i)
      if (text[i] >= 0x40 && text[i] <= 0x7e) return i + 1;
    return text.size();
  }
  if (kind == ']' || kind == 'P' || kind == '^' || kind == '_' || kind == 'X') {
    for (std::size_t i = 2; i < text.size(); ++i) {
      if (text[i] == '\a') return i + 1;
      if (text[i] == escape && i + 1 < text.size() && text[i + 1] == '\\') return i + 2;
    }
    return text.size();
  }
  return 2;
}

bool is_colour(std::string_view sequence) {
  if (sequence.size() < 3 || sequence[1] != '[' || sequence.back() != 'm') return false;
  return sequence.substr(2, sequence.size() - 3).find_first_not_of("0123456789;:") ==
         std::string_view::npos;
}

/// Control characters beyond ASCII, and those that change the direction of text: U+0080..9F,
/// U+200E, U+200F, U+202A..E, U+2066..9. Input is valid UTF-8.
std::string spell_out_controls(const std::string& text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t at) {
      return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    };
    const auto point =
        ((byte(i) & 0x0FU) << 12) | ((byte(i + 1) & 0x3FU) << 6) | (byte(i + 2) & 0x3FU);
    if (byte(i) == 0xC2 && byte(i + 1) < 0xA0) {
      result += fmt::format("\\x{:02x}", byte(i + 1));
      i += 2;
    } else if (byte(i) == 0xE2 &&
               (point == 0x200E || point == 0x200F || (point >= 0x202A && point <= 0x202E) ||
                (point >= 0x2066 && point <= 0x2069))) {
      result += fmt::format("\\u{:04x}", point);
      i += 3;
    } else {
      result += text[i++];
    }
  }
  return result;
}

}  // namespace

std::string harmless(std::string_view line, Colours colours) {
  line = last_state(line);
  std::string result;
  bool coloured = false;
  while (!line.empty()) {
    const auto next = line.find(escape);
    result += spell_out_controls(printable(line.substr(0, next)));
    if (next == std::string_view::npos) break;
    line.remove_prefix(next);
    const auto sequence = line.substr(0, sequence_length(line));
    if (colours == Colours::keep && is_colour(sequence)) {
      result += sequence;
      coloured = true;
    }
    line.remove_prefix(sequence.size());
  }
  if (coloured) result += "\x1b[0m";
  return result;
}

std::string cut_to_width(std::string_view text, std::size_t columns) {
  std::size_t shown = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U) continue;
    if (shown == columns) return std::string(text.substr(0, i));
    ++shown;
  }
  return std::string(text);
}

}  // namespace cupel::cli
