// SPDX-License-Identifier: Apache-2.0
#include "machine/visit.hpp"

#include "machine/guest_channel.hpp"
#include "machine/guest_place.hpp"
#include "machine/qemu.hpp"
#include "machine/record.hpp"
#include "os/socket.hpp"

namespace cupel::machine {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr auto longest_answer = 60s;

Result<fs::path> living(const fs::path& machines, const std::string& id) {
  const auto directory = machines / id;
  const auto record = load_record(directory);
  if (!record) return fail(Fault::not_found, "there is no machine {:?}", id);
  if (!record->qemu || !lives(*record->qemu))
    return fail(Fault::unavailable, "machine {} has ended", id);
  return directory;
}

}  // namespace

Visit::Visit(os::FileLock lock, std::unique_ptr<GuestChannel> channel,
             std::unique_ptr<place::Place> place)
    : lock_(std::move(lock)), channel_(std::move(channel)), place_(std::move(place)) {}
Visit::Visit(Visit&&) noexcept = default;
Visit::~Visit() = default;

Result<Visit> Visit::enter(const fs::path& machines, const std::string& id, const Stop& stop) {
  const auto directory = TRY(living(machines, id));
  for (std::size_t port = 1; port < port_count; ++port) {
    auto lock = TRY(os::FileLock::try_take(directory / fmt::format("port{}.lock", port)));
    if (!lock) continue;
    const auto limit = stop.within(longest_answer);
    auto socket = TRY(os::connect_unix(port_socket(directory, port), limit));
    auto channel = TRY(GuestChannel::open(std::move(socket), "the guest program of machine " + id));
    TRY(channel->hello(limit), "enter machine {}", id);
    auto place = std::make_unique<GuestPlace>(*channel, "machine " + id, "root");
    return Visit(std::move(*lock), std::move(channel), std::move(place));
  }
  return fail(Fault::conflict, "machine {} has {} visitors already", id, port_count - 1);
}

Result<Console> open_console(const fs::path& machines, const std::string& id, const Stop& stop) {
  const auto directory = TRY(living(machines, id));
  auto lock = TRY(os::FileLock::try_take(directory / "console.lock"));
  if (!lock) return fail(Fault::conflict, "somebody else has the console of machine {}", id);
  auto socket = TRY(os::connect_unix(console_socket(directory), stop.within(longest_answer)));
  return Console{std::move(*lock), std::move(socket)};
}

}  // namespace cupel::machine
