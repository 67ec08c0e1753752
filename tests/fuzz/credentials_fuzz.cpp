// SPDX-License-Identifier: Apache-2.0
// Any bytes are credentials or an error that says where, soon.
#include <string_view>

#include "base/check.hpp"
#include "fleet/credential_file.hpp"

using namespace cupel;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);

  const auto entries = fleet::read_credentials(bytes, "credentials.toml");

  CHECK(entries || entries.error().text().starts_with("credentials.toml:"));
  return 0;
}
