// SPDX-License-Identifier: Apache-2.0
// Whatever a decoder takes for a frame must encode to something that decodes to the same frame.
#include <cstddef>
#include <cstdint>

#include "base/check.hpp"
#include "wire/message.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cupel::wire;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libFuzzer's bytes as text
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Decoder decoder;
  const auto half = size / 2;
  decoder.feed(bytes.substr(0, half));
  if (size % 2 == 1) decoder.seek_hello();
  for (const auto rest : {std::string_view(), bytes.substr(half)}) {
    decoder.feed(rest);
    for (;;) {
      const auto frame = decoder.next();
      if (!frame) {
        decoder.seek_welcome(1);
        return 0;
      }
      if (!*frame) break;
      if (body_size(**frame) > max_body) continue;
      Decoder again;
      again.feed(encode(**frame));
      const auto same = again.next();
      CHECK(same && *same == *frame);
    }
  }
  return 0;
}
