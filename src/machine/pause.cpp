// SPDX-License-Identifier: Apache-2.0
#include "machine/pause.hpp"

#include "machine/qemu.hpp"
#include "machine/record.hpp"
#include "machine/visit.hpp"
#include "os/files.hpp"

namespace cupel::machine {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr auto longest_answer = 10s;
constexpr auto pause_file = "paused";

Result<> command(const fs::path& directory, std::string_view what, const Stop& stop) {
  return execute_alone(directory, "monitor", what, stop.within(longest_answer));
}

Result<MachineRecord> pausable(const fs::path& machines, const std::string& id) {
  auto record = TRY(living_machine(machines, id));
  if (record.keep)
    return fail(Fault::conflict,
                "machine {} is kept: it is paused but while somebody is in it (cupel machine ssh)",
                id);
  if (record.waiting)
    return fail(Fault::conflict, "machine {} waits for a run: nothing runs in it yet", id);
  std::error_code ignored;
  if (!fs::exists(monitor_socket(machines / id), ignored))
    return fail(Fault::conflict, "machine {} makes a snapshot: that cannot be paused", id);
  return record;
}

}  // namespace

Result<> pause_machine(const fs::path& machines, const std::string& id, const Stop& stop) {
  TRY(pausable(machines, id));
  const auto directory = machines / id;
  if (is_paused(directory)) return fail(Fault::conflict, "machine {} is paused already", id);
  // The file first: should we die between the two, resuming it does no harm.
  TRY(os::write_file(directory / pause_file, ""), "pause machine {}", id);
  auto stopped = command(directory, "stop", stop);
  if (!stopped) {
    forget_pause(directory);
    return tl::unexpected<Error>(stopped.error().add_frame("pause machine " + id));
  }
  return {};
}

Result<> resume_machine(const fs::path& machines, const std::string& id, const Stop& stop) {
  TRY(pausable(machines, id));
  const auto directory = machines / id;
  if (!is_paused(directory)) return fail(Fault::conflict, "machine {} is not paused", id);
  TRY(command(directory, "cont", stop), "resume machine {}", id);
  forget_pause(directory);
  TRY(set_clock(machines, id, stop), "machine {} goes on, but its clock is late", id);
  return {};
}

bool is_paused(const fs::path& directory) {
  std::error_code ignored;
  return fs::exists(directory / pause_file, ignored);
}

void forget_pause(const fs::path& directory) {
  std::error_code ignored;
  fs::remove(directory / pause_file, ignored);
}

}  // namespace cupel::machine
