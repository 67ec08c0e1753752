// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "pipeline/syntax/source.hpp"

namespace cupel::editor {

/// A place as editors count: lines and UTF-16 units, both from 0.
struct TextPosition {
  std::int64_t line = 0;
  std::int64_t character = 0;
  friend bool operator==(const TextPosition&, const TextPosition&) = default;
};

/// The byte there; a place behind the end of a line or of the text is that end.
std::size_t offset_of(std::string_view text, const TextPosition& position);
TextPosition position_of(const pipeline::syntax::Source& source,
                         const pipeline::syntax::Position& position);

}  // namespace cupel::editor
