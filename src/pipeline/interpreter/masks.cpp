// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/masks.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"

namespace cupel::pipeline {
namespace {

/// Below this, pieces of the base64 form are too common to be hidden.
constexpr std::size_t shortest_encoded = 8;

std::string base64(std::string_view bytes) {
  static constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  // Whole groups of three alone: what follows the secret decides the rest.
  for (std::size_t i = 0; i + 3 <= bytes.size(); i += 3) {
    const auto at = [&](std::size_t k) { return static_cast<unsigned char>(bytes[i + k]); };
    const unsigned group = (unsigned{at(0)} << 16U) | (unsigned{at(1)} << 8U) | at(2);
    for (const unsigned shift : {18U, 12U, 6U, 0U}) text += letters[(group >> shift) & 63U];
  }
  return text;
}

/// As `sh -x` prints a word, and as people quote one: quotes inside become '\'' or '"'"'.
std::string quoted(std::string_view secret, std::string_view quote) {
  std::string text;
  for (const char c : secret)
    if (c == '\'')
      text += quote;
    else
      text += c;
  return text;
}

void add_forms(std::string_view secret, std::set<std::string>& texts) {
  texts.emplace(secret);
  texts.insert(quoted(secret, "'\\''"));
  texts.insert(quoted(secret, "'\"'\"'"));
  if (secret.size() < shortest_encoded) return;
  // A secret inside of more text may begin at any place of a group.
  for (std::size_t skip = 0; skip < 3; ++skip) {
    auto text = base64(secret.substr(skip));
    if (text.size() >= shortest_encoded) texts.insert(std::move(text));
  }
}

std::vector<std::string_view> lines_of(std::string_view secret) {
  std::vector<std::string_view> lines;
  while (!secret.empty()) {
    const auto end = std::min(secret.find('\n'), secret.size());
    auto line = secret.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.size() >= Masks::shortest) lines.push_back(line);
    secret.remove_prefix(std::min(end + 1, secret.size()));
  }
  return lines;
}

enum class More { may_come, never };

/// Appends to `shown`; what is left of `text` may be the beginning of a secret.
std::string_view mask(std::string_view text, const MaskPatterns& patterns, More more,
                      std::string& shown) {
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (!patterns.begins[static_cast<unsigned char>(text[i])]) {
      ++i;
      continue;
    }
    const auto rest = text.substr(i);
    std::size_t length = 0;
    for (const auto& secret : patterns.texts) {
      if (rest.starts_with(secret)) {
        length = secret.size();
        break;
      }
      if (more == More::may_come && rest.size() < secret.size() && secret.starts_with(rest)) {
        shown += text.substr(plain, i - plain);
        return rest;
      }
    }
    if (length == 0) {
      ++i;
      continue;
    }
    shown += text.substr(plain, i - plain);
    shown += Masks::stars;
    i += length;
    plain = i;
  }
  shown += text.substr(plain);
  return {};
}

}  // namespace

Masks::Hidden Masks::add(const std::string& name, std::string_view secret) {
  if (secret.empty()) return Hidden::yes;
  const auto lines = lines_of(secret);
  if (lines.empty()) return Hidden::too_short;
  auto state = state_.lock();
  for (const auto& [known_name, known] : state->secrets)
    if (known_name == name && known == secret) return Hidden::yes;
  state->secrets.emplace_back(name, secret);
  std::set<std::string> texts;
  if (state->patterns) texts.insert(state->patterns->texts.begin(), state->patterns->texts.end());
  for (const auto line : lines) add_forms(line, texts);
  auto patterns = std::make_shared<MaskPatterns>();
  patterns->texts.assign(texts.begin(), texts.end());
  std::stable_sort(patterns->texts.begin(), patterns->texts.end(),
                   [](const auto& a, const auto& b) { return a.size() > b.size(); });
  for (const auto& text : patterns->texts)
    patterns->begins[static_cast<unsigned char>(text.front())] = true;
  state->patterns = std::move(patterns);
  return Hidden::yes;
}

std::shared_ptr<const MaskPatterns> Masks::patterns() { return state_.lock()->patterns; }

std::string Masks::hide(std::string_view text) {
  const auto known = patterns();
  if (!known) return std::string(text);
  std::string shown;
  mask(text, *known, More::never, shown);
  return shown;
}

std::vector<std::string> Masks::names_in(std::string_view text) {
  std::vector<std::string> names;
  auto state = state_.lock();
  for (const auto& [name, secret] : state->secrets)
    if (text.find(secret) != std::string_view::npos) names.push_back(name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string MaskedStream::feed(std::string_view bytes, const MaskPatterns& patterns) {
  std::string shown;
  if (held_.empty()) {
    held_ = mask(bytes, patterns, More::may_come, shown);
    return shown;
  }
  const auto all = held_ + std::string(bytes);
  held_ = mask(all, patterns, More::may_come, shown);
  return shown;
}

std::string MaskedStream::finish(const MaskPatterns& patterns) {
  std::string shown;
  mask(held_, patterns, More::never, shown);
  held_.clear();
  return shown;
}

}  // namespace cupel::pipeline
