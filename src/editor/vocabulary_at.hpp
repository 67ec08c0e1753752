// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "editor/surrounding.hpp"
#include "pipeline/syntax/signature.hpp"

namespace cupel::editor {

/// A word that may stand at a place.
struct Offer {
  enum class Kind { section, step, parameter, value };
  std::string word;
  Kind kind = Kind::step;
  std::string about;        ///< Markdown
  std::string insert = {};  ///< what is put in, if not the word itself
};

/// All that may stand there.
std::vector<Offer> offers_at(const Surrounding& place,
                             std::span<const pipeline::syntax::StepSignature> steps);

/// What is known of a word at a place, as Markdown.
std::optional<std::string> about(std::string_view word, const Surrounding& place,
                                 std::span<const pipeline::syntax::StepSignature> steps);

}  // namespace cupel::editor
