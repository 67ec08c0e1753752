// SPDX-License-Identifier: Apache-2.0
#include "fleet/limit_settings.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cupel::fleet {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds least_time{10};
constexpr milliseconds most_time = std::chrono::hours(24);
constexpr Bytes least_memory = mib(16);
constexpr Bytes most_memory = gib(1024);

Result<std::int64_t> whole(std::string_view name, std::string_view value, std::int64_t least,
                           std::int64_t most) {
  const auto number = parse_integer(trim(value));
  if (number && *number >= least && *number <= most) return *number;
  return fail(Fault::invalid, "the limit '{}' must be a number from {} to {}, not '{}'", name,
              least, most, printable(value));
}

Result<std::size_t> memory(std::string_view value) {
  // A bare number would be bytes, which nobody means.
  const bool unit = !value.empty() && !std::isdigit(static_cast<unsigned char>(value.back()));
  const auto size = parse_bytes(value);
  if (unit && size && *size >= least_memory && *size <= most_memory) return size->count;
  return fail(Fault::invalid,
              "the limit 'memory' must be a size with its unit from 16MiB to 1024GiB, as "
              "\"2GiB\", not '{}'",
              printable(value));
}

Result<milliseconds> time(std::string_view value) {
  const auto time = parse_duration(value);
  if (time && *time >= least_time && *time <= most_time) return *time;
  return fail(Fault::invalid,
              "the limit 'time' must be a time with its unit (ms, s, m, h) from 10ms to 24h, as "
              "\"90s\", not '{}'",
              printable(value));
}

template <typename T>
void lower_to(T& limit, const std::optional<T>& project) {
  if (project) limit = std::min(limit, *project);
}

}  // namespace

const std::vector<std::string>& limit_names() {
  static const std::vector<std::string> names = {"depth", "steps", "memory", "time", "regex"};
  return names;
}

Result<> set_limit(LimitSettings& limits, std::string_view name, std::string_view value) {
  if (name == "depth")
    limits.depth = static_cast<int>(TRY(whole(name, value, 10, 100'000)));
  else if (name == "steps")
    limits.steps = static_cast<std::uint64_t>(TRY(whole(name, value, 1'000, 1'000'000'000'000)));
  else if (name == "memory")
    limits.memory = TRY(memory(value));
  else if (name == "time")
    limits.time = TRY(time(value));
  else if (name == "regex")
    limits.regex = static_cast<std::uint32_t>(TRY(whole(name, value, 1'000, 1'000'000'000)));
  else if (const auto meant = nearest(name, limit_names()))
    return fail(Fault::invalid, "there is no limit '{}': did you mean '{}'?", printable(name),
                *meant);
  else
    return fail(Fault::invalid, "there is no limit '{}': known are {}", printable(name),
                join(limit_names(), ", "));
  return {};
}

LimitSettings merge(const LimitSettings& nearer, const LimitSettings& farther) {
  auto made = nearer;
  if (!made.depth) made.depth = farther.depth;
  if (!made.steps) made.steps = farther.steps;
  if (!made.memory) made.memory = farther.memory;
  if (!made.time) made.time = farther.time;
  if (!made.regex) made.regex = farther.regex;
  return made;
}

pipeline::Limits limits_of(const LimitSettings& own, const LimitSettings& project) {
  const pipeline::Limits usual;
  pipeline::Limits made{own.depth.value_or(usual.depth), own.steps.value_or(usual.steps),
                        own.memory.value_or(usual.memory), own.time.value_or(usual.time),
                        own.regex.value_or(usual.regex)};
  lower_to(made.depth, project.depth);
  lower_to(made.steps, project.steps);
  lower_to(made.memory, project.memory);
  lower_to(made.time, project.time);
  lower_to(made.regex, project.regex);
  return made;
}

}  // namespace cupel::fleet
