// SPDX-License-Identifier: Apache-2.0
#include "machine/connection.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "base/digest.hpp"
#include "machine/qemu.hpp"
#include "machine/shape.hpp"
#include "os/files.hpp"
#include "os/socket.hpp"

namespace cupel::machine {

using namespace std::chrono_literals;

namespace {

// An emulated machine on a busy host; both ends of a reboot.
constexpr auto longest_farewell = 180s;
constexpr auto longest_return = 300s;
constexpr std::size_t told_lines = 20;

wire::Refresh identity_of(const std::string& id, std::string machine_id) {
  constexpr std::size_t entropy_bytes = 64;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {random_bytes(entropy_bytes),
          std::chrono::duration_cast<std::chrono::nanoseconds>(now).count(), std::move(machine_id),
          "cupel-" + id};
}

std::string fresh_machine_id() {
  constexpr std::size_t id_bytes = 16;
  return to_hex(random_bytes(id_bytes));
}

Trouble files_lost() {
  return {
      "the machine rebooted, and all its files were in its memory: use the step reboot(), "
      "which carries the workspace over, or a box with a disk",
      Trouble::Blame::guest,
      {}};
}

/// Bytes of a file that grows; empty if it cannot be read.
std::string part_of(const std::filesystem::path& path, std::uintmax_t from, std::uintmax_t to) {
  constexpr std::uintmax_t longest = std::uintmax_t{64} << 10;
  const auto fd = os::open_file(path, O_RDONLY);
  if (!fd || to <= from) return {};
  from = std::max(from, to - std::min(to, longest));
  std::string text(static_cast<std::size_t>(to - from), '\0');
  const auto got = ::pread(fd->get(), text.data(), text.size(), static_cast<off_t>(from));
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return text;
}

}  // namespace

Connection::Connection(About about, Listener listener)
    : about_(std::move(about)),
      listener_(std::move(listener)),
      crew_(std::make_unique<Crew>(Stop{})) {
  crew_->add("reboots", [this](const Stop& stop) { return attend(stop); });
}

Connection::~Connection() { close(); }

void Connection::close() {
  SharedContact last;
  {
    auto state = state_.lock();
    state->phase = Phase::ended;
    last = std::exchange(state->contact, nullptr);
  }
  state_.notify();
  if (last) last->channel->close();
  crew_.reset();
}

Result<std::unique_ptr<Connection>> Connection::begin(About about, Listener listener,
                                                      const Stop& stop) {
  auto connection =
      std::unique_ptr<Connection>(new Connection(std::move(about), std::move(listener)));
  auto contact = TRY(connection->connect(Greeting::first, stop));
  auto state = connection->state_.lock();
  state->contact = std::move(contact);
  state->phase = Phase::up;
  return connection;
}

std::unique_ptr<Connection> Connection::find(About about, Listener listener, std::string boot_id) {
  auto connection =
      std::unique_ptr<Connection>(new Connection(std::move(about), std::move(listener)));
  {
    auto state = connection->state_.lock();
    state->since = std::chrono::steady_clock::now();
    state->due = Return{Greeting::after_another, std::move(boot_id)};
  }
  connection->state_.notify();
  return connection;
}

Result<SharedContact> Connection::connect(Greeting greeting, const Stop& stop) {
  auto contact = std::make_shared<Contact>();
  auto socket = TRY(os::connect_unix(port_socket(about_.directory, 0), stop));
  contact->channel = TRY(GuestChannel::open(std::move(socket), "the guest program of " + name()));
  contact->channel->on_going_down([this] { goes_down(); });
  const bool in_memory = about_.restart.files == Restart::Files::in_memory;
  switch (greeting) {
    case Greeting::first:
      contact->channel->greet(identity_of(about_.id, fresh_machine_id()));
      break;
    case Greeting::later:
      contact->channel->greet(identity_of(about_.id, in_memory ? fresh_machine_id() : ""));
      break;
    case Greeting::after_another: contact->channel->greet_after_another(); break;
  }
  contact->place = std::make_unique<GuestPlace>(*contact->channel, name(), "root", about_.kept);
  return contact;
}

// ---- what others ask ----

Result<SharedContact> Connection::contact(const Stop& stop) {
  auto state = TRY(state_.wait(stop,
                               [](const State& now) {
                                 return now.phase == Phase::up || now.phase == Phase::ended;
                               }),
                   "wait for {} to be back from its reboot", name());
  if (state->lost) return tl::unexpected<Error>(*state->lost);
  if (state->phase == Phase::ended) return fail(Fault::unavailable, "{} has ended", name());
  return state->contact;
}

bool Connection::has_ended(const SharedContact& contact) {
  auto state = state_.lock();
  return state->phase == Phase::away || (state->phase != Phase::ended && state->contact != contact);
}

bool Connection::is_down() {
  auto state = state_.lock();
  return state->phase == Phase::going_down || state->phase == Phase::away || state->ordered;
}

Result<> Connection::ping(const Stop& stop) {
  SharedContact contact;
  {
    auto state = state_.lock();
    if (state->phase != Phase::up) return {};
    contact = state->contact;
  }
  auto answered = contact->channel->ping(stop);
  if (!answered && (is_down() || has_ended(contact))) return {};
  return answered;
}

void Connection::begin_call() {
  const auto console = console_size();
  auto state = state_.lock();
  if (state->running++ == 0) state->begun = console;
}

std::string Connection::console_of_commands() {
  const auto begun = state_.lock()->begun;
  return part_of(about_.directory / console_log, begun, console_size());
}

Connection::Blame Connection::blame() { return state_.lock()->blame; }

void Connection::order() {
  const auto console = console_size();
  auto state = state_.lock();
  state->ordered = true;
  state->booted = console;
}

void Connection::withdraw_order() { state_.lock()->ordered = false; }

Result<> Connection::see_through(const SharedContact& before, const Tell& tell, const Stop& stop) {
  bool mine = false;
  std::uintmax_t console = 0;
  SteadyTime since;
  {
    auto state = TRY(state_.wait(
        stop, [&](const State& now) { return now.phase != Phase::up || now.contact != before; }));
    mine = !std::exchange(state->told, true);
    console = state->console;
    since = state->since;
  }
  if (mine) tell(fmt::format("{} reboots", name()));
  {
    auto state = TRY(state_.wait(stop, [&](const State& now) {
      return now.phase == Phase::ended || now.phase == Phase::away ||
             (now.phase == Phase::up && now.contact != before);
    }));
  }
  const auto went_down = console_size();
  if (mine) tell_console(console, went_down, tell);
  TRY(contact(stop));
  if (!mine) return {};
  tell_console(went_down, console_size(), tell);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - since;
  tell(fmt::format("{} is back after {:.1f} s", name(), took.count()));
  return {};
}

void Connection::tell_console(std::uintmax_t from, std::uintmax_t to, const Tell& tell) const {
  for (const auto& line : last_lines(part_of(about_.directory / console_log, from, to), told_lines))
    tell("  console: " + line);
}

std::uintmax_t Connection::console_size() const {
  std::error_code ignored;
  const auto size = std::filesystem::file_size(about_.directory / console_log, ignored);
  return ignored ? 0 : size;
}

// ---- what happens to the machine ----

void Connection::begin_reboot(State& state, std::uintmax_t console) {
  state.since = std::chrono::steady_clock::now();
  state.console = console;
  state.told = false;
  state.blame = {state.running, state.ordered};
}

void Connection::goes_down() {
  const auto console = console_size();
  {
    auto state = state_.lock();
    if (state->phase != Phase::up) return;
    begin_reboot(*state, console);
    state->phase = Phase::going_down;
  }
  state_.notify();
}

std::optional<Trouble> Connection::reset() {
  SharedContact last;
  {
    auto state = state_.lock();
    if (state->phase == Phase::ended) return std::nullopt;
    if (about_.restart.files == Restart::Files::in_memory && !state->ordered) return files_lost();
    if (state->phase == Phase::up) begin_reboot(*state, state->booted);
    state->phase = Phase::away;
    ++state->resets;
    state->due = Return{};
    last = state->contact;
  }
  state_.notify();
  if (last) last->channel->close();
  return std::nullopt;
}

void Connection::end(const Trouble& trouble) {
  {
    auto state = state_.lock();
    if (state->phase == Phase::ended) return;
    state->phase = Phase::ended;
    state->lost = Error(Fault::unavailable, trouble.text);
  }
  state_.notify();
}

// ---- its own thread ----

Result<> Connection::attend(const Stop& stop) {
  for (;;) {
    std::optional<Return> due;
    {
      auto state = TRY(state_.wait(stop, [](const State& now) {
        return now.due || now.phase == Phase::going_down || now.phase == Phase::ended;
      }));
      if (state->phase == Phase::ended) return {};
      due = std::exchange(state->due, std::nullopt);
    }
    if (due)
      come_back(*due, stop);
    else
      await_reset(stop);
  }
}

void Connection::await_reset(const Stop& stop) {
  const auto gone = state_.wait(stop.within(longest_farewell),
                                [](const State& now) { return now.phase != Phase::going_down; });
  if (gone || stop.requested()) return;
  listener_.lost({fmt::format("the machine began to shut down and did not end for {}",
                              to_text(longest_farewell)),
                  Trouble::Blame::guest,
                  {}});
}

bool Connection::is_current(std::uint64_t reset) {
  auto state = state_.lock();
  return state->phase == Phase::away && state->resets == reset;
}

/// A machine may be reset again while it starts; the limit holds for all of that together.
void Connection::come_back(const Return& wanted, const Stop& stop) {
  std::uint64_t reset = 0;
  SteadyTime since;
  {
    auto state = state_.lock();
    reset = state->resets;
    since = state->since;
  }
  const auto left = since + longest_return - std::chrono::steady_clock::now();
  auto met = meet(reset, wanted, stop.within(left));
  if (stop.requested() || !is_current(reset)) return;
  if (!met && met.error().fault() == Fault::timeout)
    met = Trouble{fmt::format("the machine did not come back within {} of its reboot",
                              to_text(longest_return)),
                  Trouble::Blame::guest,
                  {}};
  if (!met) met = Trouble{met.error().text(), Trouble::Blame::host, {}};
  if (*met) return listener_.lost(std::move(**met));
  const auto console = console_size();
  {
    auto state = state_.lock();
    if (state->phase != Phase::away || state->resets != reset) return;
    state->phase = Phase::up;
    state->ordered = false;
    state->booted = console;
  }
  state_.notify();
}

/// Greets the guest program and waits until the box is ready.
Result<std::optional<Trouble>> Connection::meet(std::uint64_t reset, const Return& wanted,
                                                const Stop& stop) {
  auto contact = TRY(connect(wanted.greeting, stop));
  {
    auto state = state_.lock();
    if (state->phase != Phase::away || state->resets != reset)
      return fail(Fault::conflict, "the machine was reset once more");
    state->contact = contact;  // so that the next reset closes it
  }
  const auto boot_id = TRY(contact->channel->welcome(stop), "wait for the guest program");
  if (boot_id == wanted.last_boot) return std::nullopt;
  if (wanted.greeting == Greeting::after_another)
    if (auto trouble = judge_return()) return trouble;
  if (!about_.restart.ready.empty()) {
    // Whether all is well in there is not ours to say any more, but it has ended its start.
    place::Command command;
    command.argv = about_.restart.ready;
    TRY(place::run_captured(*contact->place, command, stop), "wait for the box");
  }
  TRY(listener_.returned(boot_id));
  return std::nullopt;
}

/// Of a reboot that nobody looked at.
std::optional<Trouble> Connection::judge_return() const {
  if (about_.restart.files == Restart::Files::in_memory) return files_lost();
  const auto size = console_size();
  const auto cause = cause_of_reset(part_of(about_.directory / console_log, 0, size));
  if (cause == ResetCause::reboot) return std::nullopt;
  return trouble_of_reset(cause);
}

}  // namespace cupel::machine
