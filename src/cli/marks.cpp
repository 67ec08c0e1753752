// SPDX-License-Identifier: Apache-2.0
#include "cli/marks.hpp"

#include <fmt/format.h>

#include <array>

namespace cupel::cli {

std::string Marks::paint(Paint paint, std::string_view text) const {
  if (!coloured()) return std::string(text);
  const char* code = "0";
  switch (paint) {
    case Paint::bold: code = "1"; break;
    case Paint::dim: code = "2"; break;
    case Paint::good: code = "32"; break;
    case Paint::bad: code = "31"; break;
    case Paint::warning: code = "33"; break;
    case Paint::running: code = "36"; break;
  }
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string Marks::of(model::Verdict verdict) const {
  switch (verdict) {
    case model::Verdict::success: return paint(Paint::good, pick("✔", "ok"));
    case model::Verdict::unstable: return paint(Paint::warning, pick("▲", "unstable"));
    case model::Verdict::failure: return paint(Paint::bad, pick("✘", "FAILED"));
    case model::Verdict::not_built: return paint(Paint::dim, pick("○", "not built"));
    case model::Verdict::aborted: return paint(Paint::warning, pick("◼", "aborted"));
  }
  return {};
}

std::string Marks::skipped() const { return paint(Paint::dim, pick("○", "-")); }
std::string_view Marks::begin() const { return pick("▶", ">"); }
std::string_view Marks::bar() const { return pick("│", "|"); }
std::string_view Marks::separator() const { return pick(" › ", " / "); }

std::string_view Marks::spinner(std::size_t step) const {
  static constexpr std::array<std::string_view, 10> turning = {"⠋", "⠙", "⠹", "⠸", "⠼",
                                                               "⠴", "⠦", "⠧", "⠇", "⠏"};
  static constexpr std::array<std::string_view, 4> ascii = {"-", "\\", "|", "/"};
  return glyphs_ == Glyphs::unicode ? turning[step % turning.size()] : ascii[step % ascii.size()];
}

}  // namespace cupel::cli
