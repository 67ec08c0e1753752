// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/interpreter/limits.hpp"

namespace cupel::fleet {

/// What a pipeline's code may use at most, as [limits] of cupel.toml and --limit say it; nothing
/// where they do not. docs/limits.md describes it.
struct LimitSettings {
  std::optional<int> depth;
  std::optional<std::uint64_t> steps;
  std::optional<std::size_t> memory;
  std::optional<std::chrono::milliseconds> time;
  std::optional<std::uint32_t> regex;
  friend bool operator==(const LimitSettings&, const LimitSettings&) = default;
};

/// "depth", "steps", ...
const std::vector<std::string>& limit_names();

/// One of them by its text: "2000", "2GiB", "90s". The error says how it should be.
Result<> set_limit(LimitSettings& limits, std::string_view name, std::string_view value);

/// The nearer where it says something.
LimitSettings merge(const LimitSettings& nearer, const LimitSettings& farther);

/// `own` in place of the usual ones; a project's may only lower those.
pipeline::Limits limits_of(const LimitSettings& own, const LimitSettings& project);

}  // namespace cupel::fleet
