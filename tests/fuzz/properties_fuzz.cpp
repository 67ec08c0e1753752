// SPDX-License-Identifier: Apache-2.0
// Any bytes are read or refused, soon, and nothing grows beyond what was there.
#include <string_view>

#include "base/check.hpp"
#include "pipeline/steps/properties_text.hpp"

using namespace cupel;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);

  const auto read = pipeline::steps::properties_of(bytes);

  CHECK(!read || read->size() <= size + 1);
  if (read) static_cast<void>(pipeline::steps::interpolated(*read));
  return 0;
}
