// SPDX-License-Identifier: Apache-2.0
#include "runs/given_machines.hpp"

#include <fcntl.h>

#include <algorithm>

#include "runs/stored_run.hpp"

namespace cupel::runs {

Result<> note_machine(const os::fs::path& file, const model::MachineUse& machine) {
  const auto fd = TRY(os::open_file(file, O_WRONLY | O_CREAT | O_APPEND, 0644));
  TRY(os::write_all(fd, "\n" + json::write(machine_json(machine)) + "\n", Stop{}), "write {}",
      file.string());
  return {};
}

std::vector<model::MachineUse> noted_machines(const os::fs::path& file) {
  std::vector<model::MachineUse> machines;
  const auto text = os::read_file(file);
  if (!text) return machines;
  for (const auto& line : split(*text, '\n')) {
    const auto value = json::parse(line);
    auto machine = value ? machine_of(*value) : tl::unexpected<Error>(value.error());
    if (!machine) continue;
    const auto is_it = [&](const auto& one) { return one.name == machine->name; };
    if (std::none_of(machines.begin(), machines.end(), is_it))
      machines.push_back(std::move(*machine));
  }
  return machines;
}

}  // namespace cupel::runs
