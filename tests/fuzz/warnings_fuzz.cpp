// SPDX-License-Identifier: Apache-2.0
// Any bytes of any tool are issues or an error, soon, and no line is two issues.
#include <string_view>

#include "base/check.hpp"
#include "pipeline/steps/warnings.hpp"

using namespace cupel;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  static const auto ids = pipeline::steps::issue_tools();

  const auto issues = pipeline::steps::parse_issues(
      *pipeline::steps::find_issue_tool(ids[data[0] % ids.size()]), bytes);

  CHECK(!issues || issues->size() <= size);
  return 0;
}
