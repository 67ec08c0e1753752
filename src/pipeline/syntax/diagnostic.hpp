// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "pipeline/syntax/source.hpp"

namespace cupel::pipeline::syntax {

enum class Severity { error, warning };

/// One mistake in a source, and what might mend it.
struct Diagnostic {
  Span span;
  std::string message;
  std::string hint;  ///< "did you mean 'x'?", or empty
  Severity severity = Severity::error;
  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

/// Collects what is wrong with one source. After `limit` errors the rest is only counted.
class Diagnostics {
 public:
  static constexpr std::size_t limit = 500;

  void error(const Span& span, std::string message, std::string hint = {});
  void warning(const Span& span, std::string message, std::string hint = {});

  /// Whether so many errors were found that going on makes no sense.
  bool full() const { return errors_ >= limit; }
  bool has_errors() const { return errors_ > 0; }
  bool empty() const { return items_.empty(); }

  /// In the order of their positions.
  std::vector<Diagnostic> sorted() const;

 private:
  std::vector<Diagnostic> items_;
  std::size_t errors_ = 0;
};

/// "Jenkinsfile:12:9: unknown step 'x'; did you mean 'y'?", the line and a caret under it.
/// Tabs become spaces, long lines are cut around the caret, control bytes are made visible.
/// Ends with a newline.
std::string render(const Source& source, const Diagnostic& diagnostic);
/// The same with "error: " or "warning: " behind the place, as `cupel lint` prints it.
std::string render_for_lint(const Source& source, const Diagnostic& diagnostic);
/// All of them, one after the other.
std::string render(const Source& source, std::span<const Diagnostic> diagnostics);

/// The first line of render() alone, without its newline.
std::string headline(const Source& source, const Diagnostic& diagnostic);

}  // namespace cupel::pipeline::syntax
