// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "network/fabric.hpp"

using namespace cupel;

// Whatever a machine sends is a frame or ends its interface, and passes a switch without harm.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  network::FrameReader reader;
  reader.feed({reinterpret_cast<const char*>(data), size});
  network::Plan plan{{"s"}, {}, 1};
  const network::PortVlans trunk{network::PortVlans::Kind::trunk, {1, 2, 0x0fff}};
  const network::PortVlans access{network::PortVlans::Kind::access, {2}};
  for (const auto* name : {"a", "b", "c"})
    plan.links.push_back(
        {name, {network::End{name, "eth1"}, network::End{"s"}}, {}, *name == 'a' ? trunk : access});
  network::Fabric fabric(plan);
  SteadyTime now{};
  std::size_t link = 0;
  for (;;) {
    auto frame = reader.next();
    if (!frame || !*frame) return 0;
    fabric.take({link++ % plan.links.size(), 0}, std::move(**frame), now);
    static_cast<void>(fabric.arrivals(now));
    now += std::chrono::seconds(1);
  }
}
