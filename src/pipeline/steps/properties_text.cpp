// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/properties_text.hpp"

#include <algorithm>
#include <optional>

namespace cupel::pipeline::steps {
namespace {

constexpr std::size_t most_bytes = 16U << 20;
constexpr int deepest = 64;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\f'; }

void append_utf8(std::string& text, unsigned code) {
  const auto byte = [&text](unsigned value) { text += static_cast<char>(value); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xC0U | (code >> 6U));
    return byte(0x80U | (code & 0x3FU));
  }
  if (code < 0x10000) {
    byte(0xE0U | (code >> 12U));
  } else {
    byte(0xF0U | (code >> 18U));
    byte(0x80U | ((code >> 12U) & 0x3FU));
  }
  byte(0x80U | ((code >> 6U) & 0x3FU));
  byte(0x80U | (code & 0x3FU));
}

/// Logical lines: comments and empty ones left out, continued ones joined.
std::vector<std::string> logical_lines(std::string_view text) {
  std::vector<std::string> lines;
  std::string current;
  bool continued = false;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of("\r\n"), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
    if (!continued && (line.empty() || line.front() == '#' || line.front() == '!')) continue;
    std::size_t slashes = 0;
    while (slashes < line.size() && line[line.size() - 1 - slashes] == '\\') ++slashes;
    const bool goes_on = slashes % 2 == 1;
    if (goes_on) line.remove_suffix(1);
    current += line;
    // The pair \r\n is one end.
    if (goes_on && text.starts_with('\n')) text.remove_prefix(1);
    continued = goes_on;
    if (!goes_on) lines.push_back(std::exchange(current, {}));
  }
  if (!current.empty()) lines.push_back(std::move(current));
  return lines;
}

Result<unsigned> code_unit(std::string_view text) {
  unsigned code = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    if (c >= '0' && c <= '9')
      code = code * 16 + static_cast<unsigned>(c - '0');
    else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
      code = code * 16 + static_cast<unsigned>((c | 0x20) - 'a') + 10;
    else
      return fail(Fault::invalid, "Malformed \\uxxxx encoding.");
  }
  return code;
}

Result<std::string> unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      plain += text[i];
      continue;
    }
    switch (const char c = text[++i]) {
      case 't': plain += '\t'; break;
      case 'n': plain += '\n'; break;
      case 'r': plain += '\r'; break;
      case 'f': plain += '\f'; break;
      case 'u': {
        auto code = TRY(code_unit(text.substr(i + 1)));
        i += 4;
        const bool high = code >= 0xD800 && code < 0xDC00;
        if (high && text.substr(i + 1).starts_with("\\u")) {
          const auto low = TRY(code_unit(text.substr(i + 3)));
          if (low >= 0xDC00 && low < 0xE000) {
            code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
            i += 6;
          }
        }
        append_utf8(plain, code >= 0xD800 && code < 0xE000 ? 0xFFFD : code);
        break;
      }
      default: plain += c;
    }
  }
  return plain;
}

/// Where the name ends: at the first blank, '=' or ':' without a backslash.
std::size_t end_of_name(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\')
      ++i;
    else if (is_blank(line[i]) || line[i] == '=' || line[i] == ':')
      return i;
  }
  return line.size();
}

class Interpolation {
 public:
  explicit Interpolation(const Properties& properties) : properties_(properties) {}

  Result<std::string> value(const std::string& text, int depth) {
    if (depth > deepest) return fail(Fault::invalid, "the properties name each other in a circle");
    std::string whole;
    std::size_t at = 0;
    while (at < text.size()) {
      const auto begin = text.find("${", at);
      const auto end = begin == std::string::npos ? begin : text.find('}', begin);
      if (end == std::string::npos) break;
      whole.append(text, at, begin - at);
      const auto name = text.substr(begin + 2, end - begin - 2);
      const auto found = std::find_if(properties_.begin(), properties_.end(),
                                      [&](const auto& one) { return one.first == name; });
      if (found != properties_.end())
        whole += TRY(value(found->second, depth + 1));
      else
        whole.append(text, begin, end + 1 - begin);
      at = end + 1;
      if (whole.size() > most_bytes || (total_ += 1) > most_bytes)
        return fail(Fault::invalid, "the text would be longer than {} MiB", most_bytes >> 20);
    }
    whole.append(text, at);
    return whole;
  }

 private:
  const Properties& properties_;
  std::size_t total_ = 0;
};

}  // namespace

void set_property(Properties& properties, const std::string& name, std::string value) {
  for (auto& [known, old] : properties)
    if (known == name) {
      old = std::move(value);
      return;
    }
  properties.emplace_back(name, std::move(value));
}

Result<Properties> parse_properties(std::string_view text) {
  Properties all;
  std::vector<std::pair<std::string, std::string>> read;
  for (const auto& line : logical_lines(text)) {
    const std::string_view whole(line);
    const auto name_end = end_of_name(whole);
    auto rest = whole.substr(name_end);
    while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
    if (!rest.empty() && (rest.front() == '=' || rest.front() == ':')) rest.remove_prefix(1);
    while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
    read.emplace_back(TRY(unescaped(whole.substr(0, name_end))), TRY(unescaped(rest)));
  }
  // The last of each name, at the first one's place; sorting keeps this quick for many names.
  std::vector<std::size_t> order(read.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return read[a].first < read[b].first; });
  std::vector<std::pair<std::size_t, std::size_t>> kept;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && read[order[i]].first == read[order[i - 1]].first)
      kept.back().second = order[i];
    else
      kept.emplace_back(order[i], order[i]);
  }
  std::sort(kept.begin(), kept.end());
  for (const auto& [first, last] : kept)
    all.emplace_back(read[first].first, std::move(read[last].second));
  return all;
}

Result<Properties> interpolated(const Properties& properties) {
  Interpolation interpolation(properties);
  Properties all;
  for (const auto& [name, value] : properties)
    all.emplace_back(name, TRY(interpolation.value(value, 0)));
  return all;
}

}  // namespace cupel::pipeline::steps
