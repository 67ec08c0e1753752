// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/locked.hpp"

namespace cupel::pipeline {

/// The texts that stand for secrets: themselves, and the forms that shells and tools give them.
/// Longest first; immutable once published, so that readers need no lock.
struct MaskPatterns {
  std::vector<std::string> texts;
  std::array<bool, 256> begins = {};  ///< whether a text begins with this byte
};

/// The secrets of a run, which must not be seen in anything that it says. A secret that was bound
/// stays hidden until the run ends. Any thread.
class Masks {
 public:
  static constexpr std::string_view stars = "****";
  /// Shorter ones would hide ordinary text.
  static constexpr std::size_t shortest = 3;

  enum class Hidden { yes, too_short };
  /// `name` is the variable that holds it, for warnings. An empty secret is nothing to hide. Each
  /// line of several is hidden by itself.
  Hidden add(const std::string& name, std::string_view secret);

  /// Null while there are no secrets.
  std::shared_ptr<const MaskPatterns> patterns();
  /// A whole text with its secrets hidden.
  std::string hide(std::string_view text);
  /// The variables whose secret is in the text, sorted.
  std::vector<std::string> names_in(std::string_view text);

 private:
  struct State {
    std::vector<std::pair<std::string, std::string>> secrets;
    std::shared_ptr<const MaskPatterns> patterns;  // shared: readers keep what they read with
  };
  Locked<State> state_;
};

/// Hides secrets in a stream that comes in pieces: what may be the beginning of one is held back
/// until it is known. One thread.
class MaskedStream {
 public:
  /// What may be shown now.
  std::string feed(std::string_view bytes, const MaskPatterns& patterns);
  /// The rest.
  std::string finish(const MaskPatterns& patterns);
  bool holds() const { return !held_.empty(); }

 private:
  std::string held_;
};

}  // namespace cupel::pipeline
