// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/cron.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/text.hpp"
#include "pipeline/syntax/characters.hpp"

namespace cupel::pipeline::syntax {

namespace {

struct Bounds {
  int low;
  int high;
};
constexpr auto fields = std::to_array<Bounds>({{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 7}});
constexpr auto names = std::to_array<std::string_view>(
    {"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"});

/// One field, read from left to right.
class Field {
 public:
  Field(std::string_view text, Bounds bounds) : text_(text), bounds_(bounds) {}

  Result<> check() {
    do {
      TRY(item());
    } while (take(','));
    if (at_ < text_.size()) return unexpected();
    return {};
  }

 private:
  Result<> item() {
    if (take('*')) return step();
    if (take('H')) {
      if (take('(')) {
        TRY(range());
        if (!take(')')) return unexpected();
      }
      return step();
    }
    const auto from = TRY(value());
    if (!take('-')) return {};
    TRY(upper(from));
    return step();
  }

  Result<> range() {
    const auto from = TRY(value());
    if (!take('-')) return unexpected();
    return upper(from);
  }

  Result<> upper(int from) {
    const auto to = TRY(value());
    if (to < from) return fail(Fault::invalid, "You mean {}-{}?", to, from);
    return {};
  }

  Result<> step() {
    if (!take('/')) return {};
    const auto by = TRY(number());
    if (by <= 0) return fail(Fault::invalid, "step must be positive, but found {}", by);
    if (by > bounds_.high)
      return fail(Fault::invalid, "{} is an invalid value. Must be within 1 and {}", by,
                  bounds_.high);
    return {};
  }

  Result<int> value() {
    const auto read = TRY(number());
    if (read < bounds_.low || read > bounds_.high)
      return fail(Fault::invalid, "{} is an invalid value. Must be within {} and {}", read,
                  bounds_.low, bounds_.high);
    return read;
  }

  Result<int> number() {
    constexpr int enough = 100000;
    if (at_ >= text_.size() || !is_digit(text_[at_])) return unexpected();
    int read = 0;
    while (at_ < text_.size() && is_digit(text_[at_]))
      read = std::min(read * 10 + (text_[at_++] - '0'), enough);
    return read;
  }

  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  tl::unexpected<Error> unexpected() const {
    if (at_ >= text_.size()) return fail(Fault::invalid, "'{}' ends too early", text_);
    return fail(Fault::invalid, "unexpected '{}' in '{}'",
                text_.substr(at_, std::max<std::size_t>(utf8_length(text_.substr(at_)), 1)), text_);
  }

  std::string_view text_;
  Bounds bounds_;
  std::size_t at_ = 0;
};

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] == ' ' || line[at] == '\t' || line[at] == '\r') {
      ++at;
      continue;
    }
    const auto end = std::min(line.find_first_of(" \t\r", at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

Result<> check_line(std::string_view line) {
  if (line.starts_with('@')) {
    if (std::ranges::find(names, line) != names.end()) return {};
    const std::vector<std::string> all(names.begin(), names.end());
    const auto meant = nearest(line, all);
    return fail(Fault::invalid, "there is no '{}'{}", line,
                meant ? "; did you mean '" + *meant + "'?" : "");
  }
  const auto words = words_of(line);
  if (words.size() != fields.size())
    return fail(Fault::invalid, "five fields are needed, but there are {}", words.size());
  for (std::size_t i = 0; i < fields.size(); ++i) TRY(Field(words[i], fields.at(i)).check());
  return {};
}

enum class Parameters { no, yes };

Result<> check(std::string_view text, Parameters parameters) {
  std::size_t number = 0;
  for (const auto& whole : split(text, '\n')) {
    ++number;
    auto line = trim(whole);
    if (line.empty() || line.starts_with('#')) continue;
    if (number == 1 && line.starts_with("TZ=")) continue;
    if (parameters == Parameters::yes) line = trim(line.substr(0, line.find('%')));
    TRY(check_line(line), "line {}", number);
  }
  return {};
}

}  // namespace

Result<> check_cron(std::string_view text) { return check(text, Parameters::no); }

Result<> check_parameterized_cron(std::string_view text) { return check(text, Parameters::yes); }

}  // namespace cupel::pipeline::syntax
