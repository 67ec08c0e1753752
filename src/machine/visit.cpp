// SPDX-License-Identifier: Apache-2.0
#include "machine/visit.hpp"

#include "machine/guest_channel.hpp"
#include "machine/guest_place.hpp"
#include "machine/pause.hpp"
#include "machine/qemu.hpp"
#include "machine/record.hpp"
#include "os/socket.hpp"

namespace cupel::machine {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr auto longest_answer = 60s;
constexpr auto longest_pause = 10s;

fs::path port_lock(const fs::path& directory, std::size_t port) {
  return directory / fmt::format("port{}.lock", port);
}

/// Unless somebody else is in it. Who comes meanwhile finds all ports taken for that moment.
Result<> pause_if_left(const fs::path& directory) {
  const auto stop = Stop{}.within(longest_pause);
  std::vector<os::FileLock> ports;
  for (std::size_t port = 1; port < port_count; ++port) {
    auto lock = TRY(os::FileLock::try_take(port_lock(directory, port)));
    if (!lock) return {};
    ports.push_back(std::move(*lock));
  }
  return execute_alone(directory, "qmp", "stop", stop);
}

/// Its clock stood still while it was paused.
wire::Refresh only_the_time() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {"", std::chrono::duration_cast<std::chrono::nanoseconds>(now).count(), "", ""};
}

/// A visitor's port that nobody has, and what is said over it.
struct Port {
  os::FileLock lock;
  std::unique_ptr<GuestChannel> channel;
};
Result<Port> open_port(const fs::path& machines, const std::string& id, const Stop& stop) {
  const auto directory = machines / id;
  for (std::size_t port = 1; port < port_count; ++port) {
    auto lock = TRY(os::FileLock::try_take(port_lock(directory, port)));
    if (!lock) continue;
    auto socket = TRY(os::connect_unix(port_socket(directory, port), stop));
    return Port{std::move(*lock),
                TRY(GuestChannel::open(std::move(socket), "the guest program of machine " + id))};
  }
  return fail(Fault::conflict, "machine {} has {} visitors already", id, port_count - 1);
}

}  // namespace

Result<MachineRecord> living_machine(const fs::path& machines, const std::string& id) {
  auto record = load_record(machines / id);
  if (!record) return fail(Fault::not_found, "there is no machine {:?}", id);
  if (!record->qemu || !lives(*record->qemu))
    return fail(Fault::unavailable, "machine {} has ended", id);
  return record;
}

Result<> set_clock(const fs::path& machines, const std::string& id, const Stop& stop) {
  const auto limit = stop.within(longest_answer);
  const auto port = TRY(open_port(machines, id, limit));
  port.channel->greet(only_the_time());
  const auto problems = TRY(port.channel->refreshed(limit), "set its clock");
  if (!problems.empty()) return fail(Fault::unavailable, "{}", problems);
  return {};
}

Visit::Visit(os::FileLock lock, std::unique_ptr<GuestChannel> channel,
             std::unique_ptr<place::Place> place)
    : lock_(std::move(lock)), channel_(std::move(channel)), place_(std::move(place)) {}
Visit::Visit(Visit&& other) noexcept
    : paused_after_(std::exchange(other.paused_after_, {})),
      lock_(std::move(other.lock_)),
      channel_(std::move(other.channel_)),
      place_(std::move(other.place_)) {}

Visit::~Visit() {
  place_.reset();
  channel_.reset();
  if (!lock_ || paused_after_.empty()) return;
  lock_.reset();
  // One that goes on is no harm: it is destroyed when its time is up all the same.
  static_cast<void>(pause_if_left(paused_after_));
}

Result<Visit> Visit::enter(const fs::path& machines, const std::string& id, const Stop& stop) {
  const bool kept = TRY(living_machine(machines, id)).keep.has_value();
  const auto directory = machines / id;
  if (is_paused(directory))
    return fail(Fault::conflict, "machine {} is paused: cupel machine resume {} lets it go on", id,
                id);
  const auto limit = stop.within(longest_answer);
  auto port = TRY(open_port(machines, id, limit));
  if (kept) TRY(execute_alone(directory, "qmp", "cont", limit), "resume machine {}", id);
  port.channel->greet(kept ? std::optional(only_the_time()) : std::nullopt);
  TRY(port.channel->welcome(limit), "enter machine {}", id);
  auto place = std::make_unique<GuestPlace>(*port.channel, "machine " + id, "root");
  Visit visit(std::move(port.lock), std::move(port.channel), std::move(place));
  if (kept) visit.paused_after_ = directory;
  return visit;
}

Result<Console> open_console(const fs::path& machines, const std::string& id, const Stop& stop) {
  const auto record = TRY(living_machine(machines, id));
  const auto directory = machines / id;
  auto lock = TRY(os::FileLock::try_take(directory / "console.lock"));
  if (!lock) return fail(Fault::conflict, "somebody else has the console of machine {}", id);
  if (record.keep)
    TRY(execute_alone(directory, "qmp", "cont", stop.within(longest_answer)), "resume it");
  auto socket = TRY(os::connect_unix(console_socket(directory), stop.within(longest_answer)));
  return Console{std::move(*lock), std::move(socket)};
}

}  // namespace cupel::machine
