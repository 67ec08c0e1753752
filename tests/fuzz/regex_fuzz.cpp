// SPDX-License-Identifier: Apache-2.0
// The first line is a pattern, the rest the text: matched, or an error, soon and within the text.
#include <algorithm>
#include <string_view>

#include "base/check.hpp"
#include "pipeline/groovy/regex.hpp"

using namespace cupel;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);

  const auto line = std::min(bytes.find('\n'), bytes.size());
  const auto regex = pipeline::Regex::compile(bytes.substr(0, line));
  if (!regex) return 0;
  const auto text = bytes.substr(line);
  pipeline::RegexFinder finder(*regex, text);
  for (int i = 0; i < 10; ++i) {
    const auto groups = finder.next();
    if (!groups || !*groups) break;
    CHECK((*groups)->size() == regex->group_count() + 1, "groups");
    for (const auto& part : **groups)
      CHECK(!part || (part->begin <= part->end && part->end <= text.size()), "outside the text");
  }
  return 0;
}
