// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/properties_text.hpp"

#include <algorithm>

#include "pipeline/groovy/properties_text.hpp"

namespace cupel::pipeline::steps {
namespace {

constexpr std::size_t most_bytes = 16U << 20;
constexpr int deepest = 64;

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

Result<Properties> properties_of(std::string_view text) {
  Properties all;
  auto read = TRY(parse_properties(text));
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
