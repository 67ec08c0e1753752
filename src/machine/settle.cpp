// SPDX-License-Identifier: Apache-2.0
#include "machine/settle.hpp"

#include <unistd.h>

#include <optional>

#include "base/text.hpp"
#include "os/files.hpp"
#include "os/wait.hpp"

namespace cupel::machine {

using namespace std::chrono_literals;

namespace {

constexpr auto window = 400ms;
constexpr int windows_in_a_row = 3;
constexpr auto longest = 30s;
// An idle guest's timer ticks cost QEMU some; what matters is work that would be left over.
constexpr double idle_share = 0.06;

std::optional<std::chrono::duration<double>> processor_time(int pid) {
  const auto stat = os::read_file(fmt::format("/proc/{}/stat", pid));
  if (!stat) return std::nullopt;
  const auto name_end = stat->rfind(')');
  if (name_end == std::string::npos || name_end + 2 > stat->size()) return std::nullopt;
  const auto fields = split(std::string_view(*stat).substr(name_end + 2), ' ');
  if (fields.size() < 13) return std::nullopt;
  const auto user = parse_integer(fields[11]);
  const auto system = parse_integer(fields[12]);
  if (!user || !system) return std::nullopt;
  const auto ticks = static_cast<double>(*user + *system);
  return std::chrono::duration<double>(ticks / static_cast<double>(::sysconf(_SC_CLK_TCK)));
}

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
