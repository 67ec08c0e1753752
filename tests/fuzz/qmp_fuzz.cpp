// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "machine/qmp_message.hpp"
#include "machine/trouble.hpp"

// Whatever QEMU says is parsed or refused, and judged without harm.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = cupel::machine::parse_qmp({reinterpret_cast<const char*>(data), size});
  if (!message) return 0;
  if (const auto* event = std::get_if<cupel::machine::QmpEvent>(&*message))
    static_cast<void>(cupel::machine::judge(*event));
  return 0;
}
