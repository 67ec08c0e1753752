// SPDX-License-Identifier: Apache-2.0
// Any bytes are read or refused, soon, and nothing grows beyond what was there.
#include <string_view>

#include "base/check.hpp"
#include "pipeline/steps/csv.hpp"

using namespace cupel;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);

  const auto read = pipeline::steps::parse_csv(bytes);

  CHECK(!read || read->size() <= size);
  return 0;
}
