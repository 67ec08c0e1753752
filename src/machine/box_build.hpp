// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <filesystem>
#include <string>

#include "base/stop.hpp"
#include "machine/box_progress.hpp"
#include "machine/box_recipe.hpp"
#include "os/process.hpp"

namespace cupel::machine {

/// One run of a recipe's script.
struct BoxBuild {
  BoxKind kind;
  BoxOptions options;
  std::filesystem::path scripts;  ///< the unpacked recipe
  std::filesystem::path output;   ///< where the box's files go; what a broken build left is used
  std::filesystem::path cache;    ///< downloads and finished steps; nobody else may build in it
  /// newest: the mirror's lists are read again, however young ours are.
  enum class Packages { cached, newest } packages = Packages::cached;
};

/// How many lines of stderr are kept for people.
constexpr std::size_t last_words_limit = 50;

/// Where the stderr of the latest build goes.
std::filesystem::path build_log(const BoxBuild& build);

/// Runs it to the end; blocks. When it fails or is stopped, no process of it is left, nor a mount,
/// nor a half-made tree. Finished steps are kept, so that the next run goes on. If we are killed,
/// the script and all that it started are killed too.
Result<> run_build(const BoxBuild& build, const BoxProgressSink& sink, const Stop& stop);

/// What a script's end means. Pure. `place` is where it wrote.
Error judge_build(os::Exit exit, const std::deque<std::string>& last_words,
                  const std::filesystem::path& place);

}  // namespace cupel::machine
