// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cupel::editor {

/// What is open at a place of a text that may be half written: found by its brackets alone.
struct Surrounding {
  /// The word before each open brace, outermost first: {"pipeline", "stages", "stage", "steps"}.
  /// Empty where there is no word.
  std::vector<std::string> blocks;
  /// The call whose arguments the place is in: sh(|, sh script: |. Empty if it is in none.
  std::string call;
  /// In a string or a comment nothing can be completed.
  bool in_text = false;
  bool within(std::string_view block) const;
};

Surrounding surrounding_of(std::string_view text, std::size_t offset);

/// The word that the byte belongs to or stands behind; may be empty.
std::string_view word_at(std::string_view text, std::size_t offset);

}  // namespace cupel::editor
