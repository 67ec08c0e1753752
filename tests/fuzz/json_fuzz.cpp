// SPDX-License-Identifier: Apache-2.0
// Any bytes are a value or an error; what was read can be written, and is read again the same.
#include <algorithm>
#include <string_view>

#include "base/check.hpp"
#include "pipeline/groovy/json_text.hpp"

using namespace cupel;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);

  const auto value = pipeline::parse_json(bytes);
  if (!value) return 0;
  const auto text = pipeline::write_json(*value, pipeline::JsonStyle::compact);
  if (!text) return 0;
  const auto again = pipeline::parse_json(*text);
  CHECK(again, "what was written cannot be read: {}", again.error().text());
  // Two keys that are no UTF-8 may have become one.
  if (text->find("\\ufffd") != std::string::npos) return 0;
  CHECK(*pipeline::write_json(*again, pipeline::JsonStyle::compact) == *text, "{}", *text);
  return 0;
}
