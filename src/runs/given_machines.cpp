// SPDX-License-Identifier: Apache-2.0
#include "runs/given_machines.hpp"

#include <fcntl.h>

#include <algorithm>

#include "base/json.hpp"

namespace cupel::runs {

namespace {

Result<model::MachineUse> machine_of(std::string_view line) {
  const auto value = TRY(json::parse(line));
  model::MachineUse machine;
  machine.name = TRY(value.text("name"));
  machine.cpus = static_cast<unsigned>(std::max<std::int64_t>(TRY(value.integer("cpus")), 0));
  machine.memory.count =
      static_cast<std::uint64_t>(std::max<std::int64_t>(TRY(value.integer("memory")), 0));
  return machine;
}

}  // namespace

Result<> note_machine(const os::fs::path& file, const model::MachineUse& machine) {
  const auto fd = TRY(os::open_file(file, O_WRONLY | O_CREAT | O_APPEND, 0644));
  const auto line =
      json::write(json::Object{{"name", machine.name},
                               {"cpus", std::int64_t{machine.cpus}},
                               {"memory", static_cast<std::int64_t>(machine.memory.count)}});
  TRY(os::write_all(fd, "\n" + line + "\n", Stop{}), "write {}", file.string());
  return {};
}

std::vector<model::MachineUse> noted_machines(const os::fs::path& file) {
  std::vector<model::MachineUse> machines;
  const auto text = os::read_file(file);
  if (!text) return machines;
  for (const auto& line : split(*text, '\n')) {
    auto machine = machine_of(line);
    if (!machine) continue;
    const auto is_it = [&](const auto& one) { return one.name == machine->name; };
    if (std::none_of(machines.begin(), machines.end(), is_it))
      machines.push_back(std::move(*machine));
  }
  return machines;
}

}  // namespace cupel::runs
