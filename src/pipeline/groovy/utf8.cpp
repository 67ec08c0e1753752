// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/utf8.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cupel::pipeline {
namespace {

constexpr char32_t replacement = 0xFFFD;

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::size_t length_at(std::string_view text, std::size_t at) {
  return std::max<std::size_t>(utf8_length(text.substr(at)), 1);
}

}  // namespace

char32_t next_character(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[at + i]));
  };
  const auto low = [&](std::size_t i) { return byte(i) & 0x3FU; };
  char32_t character = byte(0);
  const auto length = character < 0x80 ? 1 : utf8_length(text.substr(at));
  if (length == 2) character = ((byte(0) & 0x1FU) << 6U) | low(1);
  if (length == 3) character = ((byte(0) & 0x0FU) << 12U) | (low(1) << 6U) | low(2);
  if (length == 4)
    character = ((byte(0) & 0x07U) << 18U) | (low(1) << 12U) | (low(2) << 6U) | low(3);
  if (length == 0) character = replacement;
  at += std::max<std::size_t>(length, 1);
  return character;
}

void append_utf8(char32_t character, std::string& to) {
  if (character > 0x10FFFF || (character >= 0xD800 && character < 0xE000)) character = replacement;
  const auto put = [&](char32_t byte) {
    to += static_cast<char>(static_cast<unsigned char>(byte));
  };
  if (character < 0x80) return put(character);
  if (character < 0x800) {
    put(0xC0U | (character >> 6U));
  } else if (character < 0x10000) {
    put(0xE0U | (character >> 12U));
    put(0x80U | ((character >> 6U) & 0x3FU));
  } else {
    put(0xF0U | (character >> 18U));
    put(0x80U | ((character >> 12U) & 0x3FU));
    put(0x80U | ((character >> 6U) & 0x3FU));
  }
  put(0x80U | (character & 0x3FU));
}

std::int64_t character_count(std::string_view text) {
  if (is_ascii(text)) return static_cast<std::int64_t>(text.size());
  std::int64_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += length_at(text, at)) ++count;
  return count;
}

std::size_t byte_of(std::string_view text, std::int64_t index) {
  if (index <= 0) return 0;
  if (is_ascii(text)) return std::min(static_cast<std::size_t>(index), text.size());
  std::size_t at = 0;
  while (index-- > 0 && at < text.size()) at += length_at(text, at);
  return at;
}

std::string_view characters(std::string_view text, std::int64_t begin, std::int64_t end) {
  const auto from = byte_of(text, begin);
  return text.substr(from, byte_of(text.substr(from), end - begin));
}

std::string valid_utf8(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  std::string valid;
  for (std::size_t at = 0; at < text.size();) append_utf8(next_character(text, at), valid);
  return valid;
}

}  // namespace cupel::pipeline
