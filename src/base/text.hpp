// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace cupel {

/// An amount of memory or disk. A type, so that no plain number is taken for it.
struct Bytes {
  std::uint64_t count = 0;
  friend auto operator<=>(const Bytes&, const Bytes&) = default;
};
constexpr Bytes kib(std::uint64_t n) { return {n << 10}; }
constexpr Bytes mib(std::uint64_t n) { return {n << 20}; }
constexpr Bytes gib(std::uint64_t n) { return {n << 30}; }

/// "512M", "4GiB", "1024" (bytes), "1.5G": binary units. "670 KiB" the other way round.
Result<Bytes> parse_bytes(std::string_view text);
std::string to_text(Bytes bytes);

/// "340 ms", "12.3 s", "4 min 05 s", "1 h 02 min": for people.
std::string to_text(std::chrono::nanoseconds duration);
/// "250ms", "90s", "1.5m", "2h", up to a year.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string_view trim(std::string_view text);
std::string lower(std::string_view text);
std::string upper(std::string_view text);
std::optional<std::int64_t> parse_integer(std::string_view text);

/// Single quotes where needed, so that a POSIX shell reads the text back as one word.
std::string shell_quote(std::string_view text);

/// Length of the valid UTF-8 sequence at the start of a text that is not empty; 0 if there is none.
std::size_t utf8_length(std::string_view text);

/// The text made safe to print: invalid UTF-8 becomes U+FFFD, control bytes but \t and \n become
/// \xNN.
std::string printable(std::string_view text);

/// Of the candidates, the one a person may have meant (edit distance), if any is near.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

}  // namespace cupel
