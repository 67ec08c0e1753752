// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fleet/topology.hpp"
#include "network/fabric.hpp"

using namespace cupel;

// Whatever a topology.toml says is a sound network, or an error that says where.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto topology =
      fleet::read_topology({reinterpret_cast<const char*>(data), size}, "lab.toml");
  if (!topology) return 0;
  const network::Fabric fabric(topology->plan);
  for (const auto& machine : topology->machines)
    static_cast<void>(fleet::interface_script(machine.interfaces));
  return 0;
}
