// SPDX-License-Identifier: Apache-2.0
#include "machine/box_progress.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace cupel::machine {

namespace {

std::optional<double> parse_percent(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (!(value >= 0 && value <= 100)) return std::nullopt;
  return value;
}

std::optional<int> parse_number(std::string_view text) {
  const auto value = parse_integer(text);
  if (!value || *value < 1 || *value > 99) return std::nullopt;
  return static_cast<int>(*value);
}

}  // namespace

bool BoxProgressReader::read_script(std::string_view line) {
  constexpr std::string_view step = "step ";
  constexpr std::string_view expect = "expect ";
  if (line.starts_with(expect)) {
    expected_ = std::max<std::int64_t>(0, parse_integer(line.substr(expect.size())).value_or(0));
    seen_ = 0;
    return false;
  }
  const auto slash = line.find('/');
  const auto colon = line.find(": ");
  if (!line.starts_with(step) || slash == std::string_view::npos ||
      colon == std::string_view::npos || colon < slash)
    return false;
  const auto number = parse_number(line.substr(step.size(), slash - step.size()));
  const auto count = parse_number(line.substr(slash + 1, colon - slash - 1));
  if (!number || !count || *number > *count) return false;
  now_ = {*number, *count, printable(line.substr(colon + 2)), std::nullopt, {}};
  expected_ = 0;
  return true;
}

bool BoxProgressReader::read_status(std::string_view line) {
  // KIND:WHAT:PERCENT:TEXT; dpkg's own part of it is counted by read_words.
  const auto fields = split(line, ':');
  if (fields.size() < 4 || fields[0] != "dlstatus") return false;
  const auto percent = parse_percent(fields[2]);
  return percent && advance(*percent);
}

bool BoxProgressReader::read_words(std::string_view line) {
  if (expected_ == 0) return false;
  if (!line.starts_with("Unpacking ") && !line.starts_with("Setting up ")) return false;
  ++seen_;
  // The first packages are unpacked by other means, and the end is never exact.
  return advance(
      std::min(99.0, 100.0 * static_cast<double>(seen_) / static_cast<double>(expected_)));
}

bool BoxProgressReader::advance(double percent) {
  if (now_.step == 0 || (now_.percent && percent <= *now_.percent)) return false;
  now_.percent = percent;
  return true;
}

}  // namespace cupel::machine
