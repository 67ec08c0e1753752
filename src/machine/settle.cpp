// SPDX-License-Identifier: Apache-2.0
#include "machine/settle.hpp"

#include "machine/use.hpp"
#include "os/wait.hpp"

namespace cupel::machine {

using namespace std::chrono_literals;

namespace {

constexpr auto window = 400ms;
constexpr int windows_in_a_row = 3;
constexpr auto longest = 30s;
// An idle guest's timer ticks cost QEMU some; what matters is work that would be left over.
constexpr double idle_share = 0.06;

}  // namespace

Result<> settle(int pid, const Stop& stop) {
  const auto limit = std::chrono::steady_clock::now() + longest;
  int quiet = 0;
  while (quiet < windows_in_a_row && std::chrono::steady_clock::now() < limit) {
    const auto before = processor_time(pid);
    TRY(os::sleep(window, stop));
    const auto after = processor_time(pid);
    if (!before || !after) return fail(Fault::unavailable, "process {} has ended", pid);
    quiet = *after - *before < idle_share * window ? quiet + 1 : 0;
  }
  return {};
}

}  // namespace cupel::machine
