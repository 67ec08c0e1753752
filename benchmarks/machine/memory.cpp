// SPDX-License-Identifier: Apache-2.0
#include "memory.hpp"

#include "base/text.hpp"
#include "os/files.hpp"

namespace cupel::benchmark {

Result<PrivateMemory> parse_rollup(std::string_view text) {
  constexpr double kib_in_mb = 1024.0 / 1e6;
  PrivateMemory memory;
  int found = 0;
  for (const auto& line : split(text, '\n')) {
    const auto colon = line.find(':');
    if (colon == std::string::npos || !line.ends_with(" kB")) continue;
    const auto key = line.substr(0, colon);
    const auto number =
        parse_integer(trim(std::string_view(line).substr(colon + 1, line.size() - colon - 4)));
    if (!number) continue;
    const auto amount = static_cast<double>(*number) * kib_in_mb;
    const bool is_mapped = key == "Private_Clean" || key == "Private_Dirty";
    if (is_mapped) memory.mapped += amount;
    if (key == "Anonymous") memory.anonymous = amount;
    if (is_mapped || key == "Anonymous") ++found;
  }
  constexpr int expected = 3;
  if (found != expected) return fail(Fault::internal, "smaps_rollup has another form");
  return memory;
}

Result<PrivateMemory> private_memory(int pid) {
  const auto path = fmt::format("/proc/{}/smaps_rollup", pid);
  return parse_rollup(TRY(os::read_file(path)));
}

}  // namespace cupel::benchmark
