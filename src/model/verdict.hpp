// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace cupel::model {

/// The result of a run or a stage, in Jenkins' order of badness.
enum class Verdict { success, unstable, failure, not_built, aborted };

/// "SUCCESS", "UNSTABLE", ... as Jenkins prints them.
std::string_view name(Verdict verdict);
/// The other way; nothing if it is none of these words.
std::optional<Verdict> verdict_named(std::string_view text);
inline Verdict worst(Verdict a, Verdict b) { return a < b ? b : a; }

}  // namespace cupel::model
