// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/versions.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace cupel::pipeline::steps {
namespace {

/// A number without leading zeros, or a word in lower case. `dashed`: a '-' or a change between
/// digits and letters stands before it.
struct Part {
  enum class Kind { number, word } kind = Kind::number;
  std::string text;
  enum class Before { dot, dash } before = Before::dot;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// What says nothing: 1.0 is 1, and so is 1-ga.
void drop_empty_end(std::vector<Part>& parts) {
  const auto empty = [](const Part& part) {
    return part.text.empty() || part.text == "ga" || part.text == "final" || part.text == "release";
  };
  while (!parts.empty() && empty(parts.back())) parts.pop_back();
}

std::vector<Part> parts_of(std::string_view version) {
  std::vector<Part> parts;
  auto before = Part::Before::dot;
  std::size_t at = 0;
  while (at < version.size()) {
    const char c = version[at];
    if (c == '.' || c == '-' || c == '_' || c == '+') {
      before = c == '.' ? Part::Before::dot : Part::Before::dash;
      ++at;
      continue;
    }
    const auto begin = at;
    const bool digits = is_digit(c);
    while (at < version.size() && version[at] != '.' && version[at] != '-' && version[at] != '_' &&
           version[at] != '+' && is_digit(version[at]) == digits)
      ++at;
    auto text = lower(version.substr(begin, at - begin));
    if (digits) text.erase(0, std::min(text.find_first_not_of('0'), text.size()));
    if (before == Part::Before::dash) drop_empty_end(parts);
    parts.push_back({digits ? Part::Kind::number : Part::Kind::word, std::move(text), before});
    before = Part::Before::dash;
  }
  drop_empty_end(parts);
  return parts;
}

/// Known words in their order; the release itself is "".
std::size_t rank(const std::string& word) {
  static constexpr std::array<std::string_view, 7> words = {"alpha",    "beta", "milestone", "rc",
                                                            "snapshot", "",     "sp"};
  auto known = std::string_view(word);
  if (word == "a") known = "alpha";
  if (word == "b") known = "beta";
  if (word == "m") known = "milestone";
  if (word == "cr") known = "rc";
  if (word == "ga" || word == "final" || word == "release") known = "";
  return static_cast<std::size_t>(std::find(words.begin(), words.end(), known) - words.begin());
}

int sign(int order) { return order < 0 ? -1 : order > 0 ? 1 : 0; }

int compare_words(const std::string& a, const std::string& b) {
  const auto rank_a = rank(a);
  const auto rank_b = rank(b);
  if (rank_a != rank_b) return rank_a < rank_b ? -1 : 1;
  constexpr std::size_t unknown = 7;
  return rank_a == unknown ? sign(a.compare(b)) : 0;
}

/// Nothing stands for a part that is missing.
int compare_parts(const Part* a, const Part* b) {
  if (!a && !b) return 0;
  if (!a) return -compare_parts(b, a);
  if (!b) return a->kind == Part::Kind::number ? 1 : compare_words(a->text, "");
  if (a->kind != b->kind) return a->kind == Part::Kind::number ? 1 : -1;
  if (a->kind == Part::Kind::word) return compare_words(a->text, b->text);
  if (a->before != b->before) return a->before == Part::Before::dot ? 1 : -1;
  if (a->text.size() != b->text.size()) return a->text.size() < b->text.size() ? -1 : 1;
  return sign(a->text.compare(b->text));
}

}  // namespace

int compare_versions(std::string_view a, std::string_view b) {
  const auto parts_a = parts_of(a);
  const auto parts_b = parts_of(b);
  for (std::size_t i = 0; i < std::max(parts_a.size(), parts_b.size()); ++i) {
    const auto* one = i < parts_a.size() ? &parts_a[i] : nullptr;
    const auto* other = i < parts_b.size() ? &parts_b[i] : nullptr;
    if (const int order = compare_parts(one, other)) return order;
  }
  return 0;
}

}  // namespace cupel::pipeline::steps
