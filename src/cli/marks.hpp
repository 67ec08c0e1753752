// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "model/verdict.hpp"

namespace cupel::cli {

enum class Palette { colours, none };
enum class Glyphs { unicode, ascii };
enum class Paint { bold, dim, good, bad, warning, running };

/// Colours and signs of the terminal's console, or their plain stand-ins. A plain value.
class Marks {
 public:
  Marks(Palette palette, Glyphs glyphs) : palette_(palette), glyphs_(glyphs) {}

  bool coloured() const { return palette_ == Palette::colours; }
  /// The text in that colour; as it is without colours.
  std::string paint(Paint paint, std::string_view text) const;
  /// A painted sign for a result.
  std::string of(model::Verdict verdict) const;
  std::string skipped() const;
  std::string_view begin() const;
  std::string_view bar() const;
  std::string_view separator() const;
  /// One of the pictures of something that turns; `step` counts up.
  std::string_view spinner(std::size_t step) const;

 private:
  std::string_view pick(std::string_view unicode, std::string_view ascii) const {
    return glyphs_ == Glyphs::unicode ? unicode : ascii;
  }
  Palette palette_;
  Glyphs glyphs_;
};

}  // namespace cupel::cli
