// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace cupel::pipeline::syntax {

namespace {

constexpr std::size_t widest_line = 120;
constexpr std::size_t tab_width = 4;

/// A line as it is shown, and which of its columns belong to the mistake.
struct Excerpt {
  std::vector<std::string> cells;  // what each column shows; UTF-8
  std::size_t first = 0;           // cell of the caret
  std::size_t last = 0;            // cell behind the last ~
};

/// Control bytes have a width of their own, so that no terminal is made to jump.
std::string visible(std::string_view character) {
  const auto c = static_cast<unsigned char>(character[0]);
  if (c < 0x20 || c == 0x7F) return "?";
  return printable(character);
}

Excerpt excerpt(std::string_view line, std::size_t begin_byte, std::size_t end_byte) {
  Excerpt result;
  const auto all = line;
  bool begun = false;
  // Of a line of megabytes no more than can be shown.
  while (!line.empty() && !(begun && result.cells.size() > result.first + 2 * widest_line)) {
    const auto byte = all.size() - line.size();
    const auto length = std::max<std::size_t>(utf8_length(line), 1);
    if (!begun && byte >= begin_byte) {
      result.first = result.cells.size();
      begun = true;
    }
    if (line[0] == '\t')
      result.cells.resize((result.cells.size() / tab_width + 1) * tab_width, " ");
    else
      result.cells.push_back(visible(line.substr(0, length)));
    if (byte < end_byte) result.last = result.cells.size();
    line.remove_prefix(length);
  }
  if (!begun) result.first = result.cells.size();
  result.last = std::max(result.last, result.first + 1);
  return result;
}

/// The mistake with as much around it as fits.
void cut(Excerpt& line) {
  if (line.cells.size() <= widest_line) return;
  const auto begin = line.first < widest_line / 2 ? 0 : line.first - widest_line / 2;
  const auto end = std::min(line.cells.size(), begin + widest_line);
  const bool more = end < line.cells.size();
  line.cells.erase(line.cells.begin() + static_cast<std::ptrdiff_t>(end), line.cells.end());
  line.cells.erase(line.cells.begin(), line.cells.begin() + static_cast<std::ptrdiff_t>(begin));
  line.first -= begin;
  line.last = std::min(line.last, end) - begin;
  line.last = std::max(line.last, line.first + 1);
  if (more) line.cells.emplace_back("...");
  if (begin == 0) return;
  line.cells.insert(line.cells.begin(), "...");
  constexpr std::size_t dots = 3;
  line.first += dots;
  line.last += dots;
}

}  // namespace

void Diagnostics::error(const Span& span, std::string message, std::string hint) {
  if (errors_++ < limit)
    items_.push_back({span, std::move(message), std::move(hint), Severity::error});
}

void Diagnostics::warning(const Span& span, std::string message, std::string hint) {
  if (items_.size() < 2 * limit)
    items_.push_back({span, std::move(message), std::move(hint), Severity::warning});
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  auto items = items_;
  std::ranges::stable_sort(items, {}, [](const Diagnostic& d) { return d.span.begin.offset; });
  // Not std::ranges::unique: clang 14 does not compile it with libstdc++ 12.
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

namespace {

std::string headline(const Source& source, const Diagnostic& diagnostic, std::string_view kind) {
  const auto& at = diagnostic.span.begin;
  return fmt::format("{}:{}:{}: {}{}{}{}", source.name(), at.line, at.column, kind,
                     printable(diagnostic.message), diagnostic.hint.empty() ? "" : "; ",
                     printable(diagnostic.hint));
}

/// The first line, and under it the line of the source with a caret.
std::string with_excerpt(const Source& source, const Diagnostic& diagnostic, std::string first) {
  const auto& [begin, end] = diagnostic.span;
  const auto text = source.line(begin.line);
  if (text.empty()) return first + "\n";
  const auto line_offset = static_cast<std::size_t>(text.data() - source.text().data());
  const auto end_byte = end.line == begin.line ? end.offset - line_offset : text.size();
  auto line = excerpt(text, begin.offset - line_offset, end_byte);
  cut(line);
  auto result = std::move(first) + "\n";
  result += fmt::format("{:>5} | ", begin.line);
  for (const auto& cell : line.cells) result += cell;
  result +=
      fmt::format("\n{:>5} | {:{}}^{:~<{}}\n", "", "", line.first, "", line.last - line.first - 1);
  return result;
}

}  // namespace

std::string headline(const Source& source, const Diagnostic& diagnostic) {
  return headline(source, diagnostic, diagnostic.severity == Severity::warning ? "warning: " : "");
}

std::string render(const Source& source, const Diagnostic& diagnostic) {
  return with_excerpt(source, diagnostic, headline(source, diagnostic));
}

std::string render_for_lint(const Source& source, const Diagnostic& diagnostic) {
  const auto* kind = diagnostic.severity == Severity::warning ? "warning: " : "error: ";
  return with_excerpt(source, diagnostic, headline(source, diagnostic, kind));
}

std::string render(const Source& source, std::span<const Diagnostic> diagnostics) {
  std::string text;
  for (const auto& diagnostic : diagnostics) text += render(source, diagnostic);
  return text;
}

}  // namespace cupel::pipeline::syntax
