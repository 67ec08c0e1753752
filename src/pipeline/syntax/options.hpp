// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/syntax/ast.hpp"

namespace cupel::pipeline::syntax {

// What `options { }` says. An expression that is null was not written.

/// timeout(time: 30, unit: 'MINUTES'): the limit is time * unit.
struct Timeout {
  const Expression* time = nullptr;
  std::chrono::nanoseconds unit = std::chrono::minutes(1);
  bool activity = false;  ///< counts from the last output
  Span span;
};

/// retry(3), retry(count: 3, conditions: [agent(), nonresumable()])
struct Retry {
  const Expression* count = nullptr;
  const Expression* conditions = nullptr;
  Span span;
};

/// An option that is a step with the body for its block: timeout, retry, timestamps, lock,
/// ansiColor, ...
struct WrapperOption {
  Name name;
  const Call* call = nullptr;
  Span span;
};

/// buildDiscarder(logRotator(...)): as written, text or number
struct BuildDiscarder {
  const Expression* days_to_keep = nullptr;
  const Expression* builds_to_keep = nullptr;
  const Expression* artifact_days_to_keep = nullptr;
  const Expression* artifact_builds_to_keep = nullptr;
  Span span;
};

struct ConcurrentBuilds {
  enum class Otherwise { wait, abort_previous } otherwise = Otherwise::wait;
};

/// rateLimitBuilds(throttle: [count: 3, durationName: 'hour', userBoost: true])
struct RateLimit {
  const Expression* count = nullptr;
  std::string duration_name;  ///< "hour"
  bool user_boost = false;
};

/// A property of the job that only a plugin of Jenkins gives a meaning: kept, without effect.
struct ForeignOption {
  Name name;
  const Call* call = nullptr;
};

/// keepMachine: the machine of a run that failed stays for a while, to be looked into.
struct KeepMachine {
  enum class When { failed, always } when = When::failed;
  std::optional<std::chrono::seconds> time;
};

struct Options {
  /// All that wrap the body, in written order: those of the three below too.
  std::vector<WrapperOption> wrappers;
  std::optional<Timeout> timeout;
  std::optional<Retry> retry;
  bool timestamps = false;

  std::optional<bool> skip_default_checkout;
  // Of the pipeline alone:
  std::optional<BuildDiscarder> build_discarder;
  std::optional<ConcurrentBuilds> disable_concurrent_builds;
  std::optional<std::uint32_t> preserve_stashes;  ///< of so many builds
  std::optional<KeepMachine> keep_machine;        ///< cupel's own
  std::optional<RateLimit> rate_limit;
  const Expression* quiet_period = nullptr;        ///< seconds
  const Expression* checkout_directory = nullptr;  ///< checkoutToSubdirectory
  std::string durability_hint;                     ///< "" or PERFORMANCE_OPTIMIZED, ...
  bool disable_resume = false;
  bool disable_restart_from_stage = false;
  bool new_container_per_stage = false;
  bool parallels_always_fail_fast = false;
  bool skip_stages_after_unstable = false;
  bool override_index_triggers = true;
  std::vector<ForeignOption> foreign;
};

}  // namespace cupel::pipeline::syntax
