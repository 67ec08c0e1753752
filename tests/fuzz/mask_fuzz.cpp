// SPDX-License-Identifier: Apache-2.0
// A secret is hidden wherever a stream is cut, and the stream says what the whole text says.
#include <string>
#include <string_view>

#include "base/check.hpp"
#include "pipeline/interpreter/masks.hpp"

using namespace cupel;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size < 3) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t length = data[0] % 32 + 1;
  const std::size_t cut = data[1];
  const auto secret = bytes.substr(2, length);
  const auto text = bytes.substr(std::min(size, 2 + length));
  pipeline::Masks masks;
  masks.add("A", secret);
  masks.add("B", text.substr(0, 5));
  const auto patterns = masks.patterns();
  if (!patterns) return 0;

  pipeline::MaskedStream stream;
  auto shown = stream.feed(text.substr(0, cut), *patterns);
  if (cut < text.size()) shown += stream.feed(text.substr(cut), *patterns);
  shown += stream.finish(*patterns);

  CHECK(shown == masks.hide(text));
  return 0;
}
