// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <utility>

#include "network/link_model.hpp"

namespace cupel::network {
namespace {

using namespace std::chrono_literals;

constexpr Duration longest_delay = 1h;
constexpr double most_rate = 1e12;
constexpr std::int64_t least_mtu = 68, most_mtu = 65535;

struct Measure {
  double number;
  std::string_view unit;
};

/// "1.5Mbit"; nothing if no number that is at least 0 stands in front.
std::optional<Measure> measure_of(std::string_view text) {
  const auto written = trim(text);
  double number = 0;
  const auto read = std::from_chars(written.data(), written.data() + written.size(), number,
                                    std::chars_format::fixed);
  if (read.ec != std::errc() || !(number >= 0)) return std::nullopt;
  const auto length = static_cast<std::size_t>(read.ptr - written.data());
  return Measure{number, trim(written.substr(length))};
}

/// In the unit that the first of `units` has.
template <std::size_t n>
std::optional<double> in_units(std::string_view text,
                               const std::array<std::pair<std::string_view, double>, n>& units) {
  const auto measure = measure_of(text);
  if (!measure) return std::nullopt;
  for (const auto& [name, worth] : units)
    if (measure->unit == name) return measure->number * worth;
  return std::nullopt;
}

Result<std::optional<std::uint64_t>> rate_of(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, double>, 4> units = {
      {{"bit", 1}, {"kbit", 1e3}, {"Mbit", 1e6}, {"Gbit", 1e9}}};
  if (trim(text) == "none") return std::nullopt;
  const auto rate = in_units(text, units);
  if (!rate || *rate < 1 || *rate > most_rate)
    return fail(Fault::invalid, "'rate' must be bits a second, as \"100Mbit\", or \"none\"");
  return static_cast<std::uint64_t>(*rate);
}

Result<Duration> delay_of(std::string_view key, std::string_view text) {
  constexpr std::array<std::pair<std::string_view, double>, 3> units = {
      {{"us", 1e3}, {"ms", 1e6}, {"s", 1e9}}};
  const auto nanoseconds = in_units(text, units);
  const auto delay = std::chrono::duration<double, std::nano>(nanoseconds.value_or(0));
  if (!nanoseconds || delay > longest_delay)
    return fail(Fault::invalid, "'{}' must be a time up to an hour, as \"5ms\" or \"250us\"", key);
  return std::chrono::duration_cast<Duration>(delay);
}

Result<double> share_of(std::string_view key, std::string_view text) {
  constexpr std::array<std::pair<std::string_view, double>, 2> units = {{{"%", 1}, {"", 1}}};
  const auto percent = in_units(text, units);
  if (!percent || *percent > 100)
    return fail(Fault::invalid, "'{}' must be a share from 0% to 100%, as \"1%\"", key);
  return *percent / 100;
}

Result<std::size_t> mtu_of(std::string_view text) {
  const auto mtu = parse_integer(trim(text));
  if (!mtu || *mtu < least_mtu || *mtu > most_mtu)
    return fail(Fault::invalid, "'mtu' must be a number from {} to {}", least_mtu, most_mtu);
  return static_cast<std::size_t>(*mtu);
}

Result<Bytes> queue_of(std::string_view text) {
  const auto size = parse_bytes(text);
  if (!size || size->count == 0 || *size > mib(64))
    return fail(Fault::invalid, "'queue' must be a size up to 64MiB, as \"64KiB\"");
  return *size;
}

template <typename T>
void take_over(T& into, const std::optional<T>& value) {
  if (value) into = *value;
}

}  // namespace

LinkSettings changed(LinkSettings settings, const LinkChange& change) {
  take_over(settings.rate, change.rate);
  take_over(settings.delay, change.delay);
  take_over(settings.jitter, change.jitter);
  take_over(settings.loss, change.loss);
  take_over(settings.duplicate, change.duplicate);
  take_over(settings.reorder, change.reorder);
  take_over(settings.mtu, change.mtu);
  take_over(settings.queue, change.queue);
  return settings;
}

const std::vector<std::string>& link_keys() {
  static const std::vector<std::string> keys = {"rate",      "delay",   "jitter", "loss",
                                                "duplicate", "reorder", "mtu",    "queue"};
  return keys;
}

Result<> set(LinkChange& change, std::string_view key, std::string_view text) {
  if (key == "rate")
    change.rate.emplace(TRY(rate_of(text)));
  else if (key == "delay")
    change.delay = TRY(delay_of(key, text));
  else if (key == "jitter")
    change.jitter = TRY(delay_of(key, text));
  else if (key == "loss")
    change.loss = TRY(share_of(key, text));
  else if (key == "duplicate")
    change.duplicate = TRY(share_of(key, text));
  else if (key == "reorder")
    change.reorder = TRY(share_of(key, text));
  else if (key == "mtu")
    change.mtu = TRY(mtu_of(text));
  else if (key == "queue")
    change.queue = TRY(queue_of(text));
  else
    return fail(Fault::invalid, "a link has no '{}'; it has {}", key, join(link_keys(), ", "));
  return {};
}

}  // namespace cupel::network
