// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::pipeline::syntax {

/// A place in a text. Lines and columns count from 1; a column is one character (code point).
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::uint32_t offset = 0;  ///< in bytes, from 0
  friend bool operator==(const Position&, const Position&) = default;
};

/// From the first character to the one behind the last.
struct Span {
  Position begin;
  Position end;
  friend bool operator==(const Span&, const Span&) = default;
};

/// The text of one file and where its lines start. Immutable; trees made from it hold copies of
/// their words, so that they don't need it to live, except for rendering diagnostics.
class Source {
 public:
  Source(std::string name, std::string text);

  /// What messages call the file: "Jenkinsfile".
  const std::string& name() const { return name_; }
  const std::string& text() const { return text_; }

  std::uint32_t line_count() const { return static_cast<std::uint32_t>(lines_.size()); }
  /// One line without its end; empty if there is no such line.
  std::string_view line(std::uint32_t number) const;

  /// Where a byte is. Past the end gives the end.
  Position position(std::size_t offset) const;
  std::string_view text_of(const Span& span) const;

 private:
  std::string name_;
  std::string text_;
  std::vector<std::uint32_t> lines_;  // offsets of the first bytes of the lines
};

}  // namespace cupel::pipeline::syntax
