// SPDX-License-Identifier: Apache-2.0
// The first line is a pattern, the rest a path: any pair has an answer, soon.
#include <algorithm>
#include <string_view>

#include "base/check.hpp"
#include "os/glob.hpp"

using namespace cupel;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto end = std::min(bytes.find('\n'), bytes.size());
  const auto pattern = bytes.substr(0, end);
  const auto path = bytes.substr(std::min(end + 1, bytes.size()));

  const bool matches = os::glob_matches(pattern, path);

  CHECK(!matches || path.starts_with('/') || os::glob_matches("**", path));
  return 0;
}
