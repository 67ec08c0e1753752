// SPDX-License-Identifier: Apache-2.0
// Any bytes are documents or an error, within limits; what was read can be written and read again.
#include <algorithm>
#include <string_view>

#include "base/check.hpp"
#include "pipeline/groovy/yaml_text.hpp"

using namespace cupel;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);

  const auto values = pipeline::parse_yaml(bytes);
  if (!values) return 0;
  for (const auto& value : *values) {
    const auto text = pipeline::write_yaml(value);
    if (text) CHECK(pipeline::parse_yaml(*text), "what was written cannot be read: {}", *text);
  }
  return 0;
}
