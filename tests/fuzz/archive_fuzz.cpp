// SPDX-License-Identifier: Apache-2.0
// Whatever the bytes are: unpack answers, and stays below its root.
#include <unistd.h>

#include <string_view>

#include "base/check.hpp"
#include "os/archive.hpp"

using namespace cupel;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto outside = os::TempDir::make("archive-fuzz").value();
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto source = [bytes]() mutable -> Result<std::string_view> {
    const auto piece = bytes.substr(0, 700);
    bytes.remove_prefix(piece.size());
    return piece;
  };

  static_cast<void>(os::unpack(source, outside.path() / "root", {}, Stop{}));

  const auto entries = std::distance(os::fs::directory_iterator(outside.path()), {});
  CHECK(entries <= 1, "{} entries beside the root", entries - 1);
  return 0;
}
