// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

namespace cupel {

namespace {

struct Unit {
  char letter;
  std::uint64_t factor;
};
constexpr std::array units{Unit{'K', 1ULL << 10}, Unit{'M', 1ULL << 20}, Unit{'G', 1ULL << 30},
                           Unit{'T', 1ULL << 40}};

Result<std::uint64_t> unit_factor(std::string_view unit, std::string_view whole) {
  if (unit.empty() || unit == "B") return 1ULL;
  const auto letter = static_cast<char>(std::toupper(static_cast<unsigned char>(unit[0])));
  const auto rest = unit.substr(1);
  for (const auto& known : units)
    if (letter == known.letter && (rest.empty() || rest == "B" || rest == "iB"))
      return known.factor;
  return fail(Fault::invalid, "'{}' is not an amount such as 512M or 4G", whole);
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto substituted = diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, double>, 4> units = {
      {{"ms", 1}, {"s", 1e3}, {"m", 60e3}, {"h", 3600e3}}};
  constexpr double longest = 366.0 * 24 * 3600e3;
  const auto value = trim(text);
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const auto unit = trim(value.substr(static_cast<std::size_t>(end - value.data())));
  for (const auto& [name, factor] : units)
    if (error == std::errc{} && unit == name && number >= 0 && number * factor <= longest)
      return std::chrono::milliseconds(std::llround(number * factor));
  return fail(Fault::invalid, "{:?} is no time: write it as 90s, with ms, s, m or h", text);
}

Result<Bytes> parse_bytes(std::string_view text) {
  const auto whole = text;
  text = trim(text);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0 || !std::isfinite(number))
    return fail(Fault::invalid, "'{}' is not an amount such as 512M or 4G", whole);
  const auto unit = trim(text.substr(static_cast<std::size_t>(end - text.data())));
  const auto bytes = number * static_cast<double>(TRY(unit_factor(unit, whole)));
  if (bytes > 9e18) return fail(Fault::invalid, "'{}' is too large an amount", whole);
  return Bytes{static_cast<std::uint64_t>(bytes)};
}

std::string to_text(Bytes bytes) {
  for (auto unit = units.rbegin(); unit != units.rend(); ++unit) {
    if (bytes.count < unit->factor) continue;
    const auto amount = static_cast<double>(bytes.count) / static_cast<double>(unit->factor);
    return amount < 10 && bytes.count % unit->factor != 0
               ? fmt::format("{:.1f} {}iB", amount, unit->letter)
               : fmt::format("{:.0f} {}iB", amount, unit->letter);
  }
  return fmt::format("{} B", bytes.count);
}

std::string to_text(std::chrono::nanoseconds duration) {
  const auto seconds = std::chrono::duration<double>(duration).count();
  if (seconds < 0.0095) return fmt::format("{:.1f} ms", seconds * 1e3);
  if (seconds < 0.9995) return fmt::format("{:.0f} ms", seconds * 1e3);
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = std::llround(seconds);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string text;
  for (const auto& part : parts) {
    if (&part != &parts.front()) text += separator;
    text += part;
  }
  return text;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (auto& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (auto& c : result) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string shell_quote(std::string_view text) {
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("_-./:=@%+,").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::ranges::all_of(text, plain)) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  }
  return quoted + "'";
}

std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0U) != 0x80) return 0;
  if (lead == 0xE0 && byte(1) < 0xA0) return 0;
  if (lead == 0xED && byte(1) >= 0xA0) return 0;
  if (lead == 0xF0 && byte(1) < 0x90) return 0;
  if (lead == 0xF4 && byte(1) >= 0x90) return 0;
  return length;
}

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const auto length = utf8_length(text);
    const auto c = static_cast<unsigned char>(text[0]);
    if (length == 0)
      result += "\xEF\xBF\xBD";
    else if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7F)
      result += fmt::format("\\x{:02x}", c);
    else
      result += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
  std::optional<std::string> best;
  auto best_distance = word.size() / 3 + 2;
  for (const auto& candidate : candidates) {
    const auto distance = edit_distance(lower(word), lower(candidate));
    if (distance >= best_distance) continue;
    best_distance = distance;
    best = candidate;
  }
  return best;
}

}  // namespace cupel
