// SPDX-License-Identifier: Apache-2.0
// Any bytes are a report or an error, soon, and no report has more tests than bytes.
#include <string_view>

#include "base/check.hpp"
#include "pipeline/steps/junit_report.hpp"

using namespace cupel;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);

  const auto tests = pipeline::steps::parse_junit_report(bytes);

  CHECK(!tests || tests->size() <= size);
  return 0;
}
