// SPDX-License-Identifier: Apache-2.0
#include "machine/machine.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "machine/connection.hpp"
#include "machine/guest_archive.hpp"
#include "machine/machine_place.hpp"
#include "machine/overlay.hpp"
#include "machine/pause.hpp"
#include "machine/recording.hpp"
#include "machine/settle.hpp"
#include "machine/sparse_copy.hpp"
#include "machine/use_recorder.hpp"
#include "machine/watch.hpp"
#include "os/socket.hpp"
#include "os/wait.hpp"
#include "place/recorded_files.hpp"

namespace cupel::machine {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr auto longest_start = 60s;  // of QEMU
constexpr auto longest_boot = 300s;  // an emulated machine on a busy host
constexpr auto longest_end = 30s;

MachineRecord record_of(const MachineOrder& order, const Recipe& recipe) {
  MachineRecord record;
  record.run = order.run;
  record.box = recipe.box.name;
  record.purpose = order.purpose;
  if (order.vmcores) record.vmcores = order.vmcores->string();
  if (order.recording) record.recording = order.recording->string();
  record.restart = {recipe.box.ready,
                    recipe.box.disk ? Restart::Files::on_disk : Restart::Files::in_memory,
                    recipe.provision.size()};
  return record;
}

/// The size that a machine's disk has: what was asked for, but no less than the box's.
Result<Bytes> disk_size(const Recipe& recipe) {
  const Bytes least{TRY(os::stamp(*recipe.box.disk)).size};
  return std::max(recipe.shape.disk.value_or(least), least);
}

Result<> write_initramfs(const fs::path& path, const Recipe& recipe) {
  auto archives = TRY(os::read_file(recipe.box.initramfs, std::size_t{1} << 30), "read the box");
  archives.append(padding_after(archives.size()), '\0');
  archives += guest_archive(recipe.guest);
  const auto fd = TRY(os::open_file(path, O_WRONLY | O_CREAT | O_EXCL, 0600));
  TRY(os::write_all(fd, archives, Stop{}), "write {}", path.string());
  return {};
}

/// Where a machine's commands are kept that outlive us.
constexpr std::string_view kept_directory = "kept";
constexpr std::size_t most_log = std::size_t{64} << 20;
/// Others look at every machine, and hold it for that moment.
constexpr auto longest_look = 5s;
constexpr auto longest_question = 5s;
constexpr auto longest_last_question = 1s;

Result<MachineDirectory> claim_from_the_dead(const fs::path& machines, const std::string& id,
                                             const Stop& stop) {
  const auto limit = stop.within(longest_look);
  for (;;) {
    auto claimed = MachineDirectory::claim(machines, id, stop);
    if (claimed && !claimed->record().resumable) {
      claimed->let_go();
      return fail(Fault::not_found, "machine {} is not one that can be taken up", id);
    }
    if (claimed || claimed.error().fault() != Fault::conflict) return claimed;
    if (!os::sleep(20ms, limit)) {
      TRY(stop.check());
      return claimed;
    }
  }
}

/// Of a machine that cannot be taken up.
Fault fault_of(const Trouble& trouble) {
  return trouble.blame == Trouble::Blame::guest ? Fault::invalid : Fault::unavailable;
}

}  // namespace

// Destroyed from below: first nobody looks, then nobody speaks, then QEMU ends, then all is gone.
struct Machine::State {
  State(MachineDirectory its_directory, Qemu its_qemu)
      : directory(std::move(its_directory)), qemu(std::move(its_qemu)) {}
  ~State() {
    hang_up();
    qemu.reset();
  }
  std::optional<fs::path> vmcore() const {
    const auto& record = directory.record();
    if (record.vmcores.empty()) return std::nullopt;
    return fs::path(record.vmcores) / ("vmcore-" + record.id);
  }
  /// From now on somebody looks after it.
  void look_after(Qmp qmp) {
    if (!directory.record().recording.empty())
      use = std::make_unique<UseRecorder>(directory.path(), qemu->process().pid());
    watch = std::make_unique<Watch>(
        std::move(qmp), Watch::Of{qemu->process(), directory.path(), vmcore(), use.get()});
  }
  Connection::About about() const {
    return {directory.record().id, directory.path(), directory.record().restart, kept};
  }
  Connection::Listener listener() {
    return {[this](Trouble trouble) { watch->raise(std::move(trouble)); },
            [this](const std::string& boot_id) -> Result<> {
              auto resumable = directory.record().resumable;
              if (!resumable) return {};
              resumable->boot_id = boot_id;
              return directory.set_resumable(std::move(*resumable));
            }};
  }
  /// Nobody speaks with it or looks after it any more; its last use is recorded, which takes
  /// `limit` at the most. Gives the monitor back, if somebody looked.
  std::optional<Qmp> end_watch(Duration limit) {
    std::optional<Qmp> qmp;
    if (connection) connection->close();
    if (watch) qmp = watch->stop();
    if (qmp && use) use->sample(disk_use(*qmp, Stop{}.within(limit)));
    hang_up();
    return qmp;
  }
  void hang_up() {
    if (connection) connection->close();
    watch.reset();
    place.reset();
    connection.reset();
  }
  MachineDirectory directory;
  std::optional<Qemu> qemu;
  os::Fd frozen;                 // the file that freeze() writes to
  std::optional<fs::path> kept;  // where its commands are kept that outlive us
  std::unique_ptr<Connection> connection;
  std::unique_ptr<MachinePlace> place;
  std::unique_ptr<UseRecorder> use;  // the watch's thread writes it
  std::unique_ptr<Watch> watch;
};

struct WaitingMachine::State {
  std::optional<Resumable> resumable;
  MachineDirectory directory;
  Qemu qemu;
  Qmp qmp;
  os::Fd frozen = {};  // as Machine::State's
};

WaitingMachine::WaitingMachine(std::unique_ptr<State> state) : state_(std::move(state)) {}
WaitingMachine::WaitingMachine(WaitingMachine&&) noexcept = default;
WaitingMachine::~WaitingMachine() = default;

Result<WaitingMachine> WaitingMachine::start(const Snapshot& snapshot, const MachineOrder& order,
                                             const Stop& stop) {
  const auto& recipe = snapshot.recipe;
  auto directory = TRY(MachineDirectory::create(order.machines, record_of(order, recipe), stop));
  QemuLaunch launch{recipe.shape,
                    recipe.box,
                    Role::clone,
                    snapshot.directory / initramfs_file,
                    snapshot.directory / memory_file,
                    {},
                    {}};
  launch.state = TRY(os::open_file(snapshot.directory / state_file, O_RDONLY));
  if (recipe.box.disk) {
    launch.overlay = directory.path() / disk_file;
    const Backing backing{snapshot.directory / disk_file, Backing::Format::qcow2};
    const auto size = TRY(disk_size(recipe));
    TRY(make_overlay(*launch.overlay, backing, size));
  }
  return WaitingMachine::launch(std::move(directory), std::move(launch), order, stop);
}

Result<WaitingMachine> WaitingMachine::launch(MachineDirectory directory, QemuLaunch launch,
                                              const MachineOrder& order, const Stop& stop) {
  auto qemu = TRY(Qemu::start(directory, std::move(launch), stop));
  auto qmp = TRY(connect_qmp(directory.path(), stop.within(longest_start)));
  return WaitingMachine(std::make_unique<State>(
      State{order.resumable, std::move(directory), std::move(qemu), std::move(qmp)}));
}

Result<MachineRecord> WaitingMachine::leave(const Digest& snapshot, WallTime until) && {
  const auto state = std::move(state_);
  TRY(state->directory.leave_waiting({snapshot.hex, state->qemu.state_fd(), until}));
  state->qemu.process().detach();
  return state->directory.record();
}

Result<WaitingMachine> WaitingMachine::take(const std::string& id, const Snapshot& snapshot,
                                            const MachineOrder& order, const Stop& stop) {
  auto directory = TRY(MachineDirectory::claim(order.machines, id, stop));
  if (!directory.record().waiting || directory.record().waiting->snapshot != snapshot.key.hex) {
    directory.let_go();
    return fail(Fault::conflict, "machine {} does not wait for that snapshot", id);
  }
  auto qemu = TRY(Qemu::adopt(directory));
  TRY(directory.take_for(record_of(order, snapshot.recipe)));
  auto qmp = TRY(connect_qmp(directory.path(), stop.within(longest_start)));
  return WaitingMachine(std::make_unique<State>(
      State{order.resumable, std::move(directory), std::move(qemu), std::move(qmp)}));
}

Result<std::unique_ptr<Machine>> WaitingMachine::resume(const Stop& stop) && {
  TRY(load_state(state_->qmp, state_->qemu.state_fd(), stop.within(longest_start)),
      "restore the snapshot");
  TRY(state_->qmp.execute("cont", {}, stop.within(longest_start)));
  auto qmp = std::move(state_->qmp);
  auto frozen = std::move(state_->frozen);
  auto resumable = std::move(state_->resumable);
  auto machine = std::unique_ptr<Machine>(new Machine(
      std::make_unique<Machine::State>(std::move(state_->directory), std::move(state_->qemu))));
  state_.reset();
  auto& its = *machine->state_;
  its.frozen = std::move(frozen);
  its.look_after(std::move(qmp));
  if (resumable) its.kept = its.directory.path() / kept_directory;
  auto ready = machine->talk(stop);
  if (ready && resumable)
    ready = machine->outlive(std::move(*resumable), stop.within(longest_start));
  if (!ready) return tl::unexpected<Error>(machine->explain(ready.error()));
  machine->expect_reboots();
  its.watch->expect_life();
  return machine;
}

Machine::Machine(std::unique_ptr<State> state) : state_(std::move(state)) {}
Machine::~Machine() = default;

Result<std::unique_ptr<Machine>> Machine::clone(const Snapshot& snapshot, const MachineOrder& order,
                                                const Stop& stop) {
  auto waiting = TRY(WaitingMachine::start(snapshot, order, stop), "clone a machine");
  return TRY(std::move(waiting).resume(stop), "clone a machine");
}

Result<std::unique_ptr<Machine>> Machine::boot(const Recipe& recipe, const MachineOrder& order,
                                               const Stop& stop) {
  return boot_in({}, recipe, order, stop);
}

Result<std::unique_ptr<Machine>> Machine::boot_in(const fs::path& place_for_files,
                                                  const Recipe& recipe, const MachineOrder& order,
                                                  const Stop& stop) {
  auto directory = TRY(MachineDirectory::create(order.machines, record_of(order, recipe), stop));
  const auto files = place_for_files.empty() ? directory.path() : place_for_files;
  QemuLaunch launch{recipe.shape, recipe.box, Role::boot, files / initramfs_file, {}, {}, {}};
  TRY(write_initramfs(launch.initramfs, recipe));
  os::Fd frozen;
  if (!place_for_files.empty()) {
    launch.memory = files / memory_file;
    frozen = TRY(os::open_file(files / state_file, O_WRONLY | O_CREAT | O_TRUNC, 0600));
  }
  if (recipe.box.disk) {
    launch.overlay = files / disk_file;
    const auto size = TRY(disk_size(recipe));
    TRY(make_overlay(*launch.overlay, {*recipe.box.disk, Backing::Format::raw}, size));
  }
  auto qemu = TRY(Qemu::start(directory, std::move(launch), stop));
  auto qmp = TRY(connect_qmp(directory.path(), stop.within(longest_start)));
  auto machine = std::unique_ptr<Machine>(
      new Machine(std::make_unique<State>(std::move(directory), std::move(qemu))));
  auto& its = *machine->state_;
  its.frozen = std::move(frozen);
  its.look_after(std::move(qmp));
  if (auto ready = machine->make_ready(recipe, stop.within(longest_boot)); !ready)
    return tl::unexpected<Error>(machine->explain(ready.error()).add_frame("boot a machine"));
  machine->expect_reboots();
  its.watch->expect_life();
  return machine;
}

Result<std::unique_ptr<Machine>> Machine::grow_in(const fs::path& files, const Snapshot& below,
                                                  const MachineOrder& order, const Stop& stop) {
  const auto& recipe = below.recipe;
  QemuLaunch launch{recipe.shape,        recipe.box, Role::grow, files / initramfs_file,
                    files / memory_file, {},         {}};
  const auto copy = [&](std::string_view name) {
    return copy_sparse(below.directory / name, files / name, stop);
  };
  TRY(copy(initramfs_file));
  TRY(copy(memory_file));
  if (recipe.box.disk) {
    TRY(copy(disk_file));
    launch.overlay = files / disk_file;
  }
  launch.state = TRY(os::open_file(below.directory / state_file, O_RDONLY));
  auto directory = TRY(MachineDirectory::create(order.machines, record_of(order, recipe), stop));
  auto waiting = TRY(WaitingMachine::launch(std::move(directory), std::move(launch), order, stop),
                     "grow a layer");
  waiting.state_->frozen =
      TRY(os::open_file(files / state_file, O_WRONLY | O_CREAT | O_TRUNC, 0600));
  return TRY(std::move(waiting).resume(stop), "grow a layer");
}

Result<> Machine::make_ready(const Recipe& recipe, const Stop& stop) {
  TRY(talk(stop));
  TRY(state_->connection->latest()->channel->welcome(stop), "wait for the guest program");
  if (recipe.box.ready.empty()) return {};
  place::Command command;
  command.argv = recipe.box.ready;
  const auto output = TRY(place::run_captured(place(), command, stop), "wait for the box");
  if (output.exit.status == 0) return {};
  return fail(Fault::unavailable, "the box did not get ready: {} ended with {}: {}",
              recipe.box.ready.front(), output.exit.status, trim(output.err));
}

// What is asked for now waits in the guest program's queue behind the greeting, so a clone's first
// command need not wait for the answer; the watch does.
Result<> Machine::talk(const Stop& stop) {
  auto& its = *state_;
  its.connection = TRY(Connection::begin(its.about(), its.listener(), stop));
  its.place = std::make_unique<MachinePlace>(*its.connection);
  return {};
}

// The record says so only now that it is a whole machine: one that was not is reaped.
Result<> Machine::outlive(Resumable resumable, const Stop& stop) {
  auto& its = *state_;
  const auto& channel = its.connection->latest()->channel;
  resumable.boot_id = TRY(channel->welcome(stop), "wait for the guest program");
  return its.directory.set_resumable(std::move(resumable));
}

void Machine::expect_reboots() {
  auto* connection = state_->connection.get();
  state_->watch->expect_reboots(
      {[connection](const Stop& limit) { return connection->ping(limit); },
       [connection] { return connection->is_down(); }, [connection] { return connection->reset(); },
       [connection](const Trouble& trouble) { connection->end(trouble); }});
}

Result<std::unique_ptr<Machine>> Machine::take_up(const fs::path& machines, const std::string& id,
                                                  const Stop& stop) {
  auto claimed = claim_from_the_dead(machines, id, stop);
  if (!claimed) return tl::unexpected<Error>(claimed.error());
  auto qemu = Qemu::adopt(*claimed);
  if (!qemu) return fail(Fault::not_found, "it ended meanwhile");
  TRY(claimed->take_up());
  if (is_paused(claimed->path())) TRY(resume_machine(machines, id, stop), "resume it");
  auto machine = std::unique_ptr<Machine>(
      new Machine(std::make_unique<State>(std::move(*claimed), std::move(*qemu))));
  const auto limit = stop.within(longest_boot);
  if (auto greeted = machine->greet_again(limit); !greeted) {
    if (stop.requested()) machine->leave();
    if (const auto what = machine->trouble()) return fail(fault_of(*what), "{}", what->text);
    return tl::unexpected<Error>(greeted.error());
  }
  machine->state_->watch->expect_life();
  return machine;
}

Result<> Machine::greet_again(const Stop& stop) {
  auto& its = *state_;
  auto qmp = TRY(connect_qmp(its.directory.path(), stop));
  if (const auto trouble = TRY(trouble_of(qmp, stop)))
    return fail(fault_of(*trouble), "{}", trouble->text);
  its.kept = its.directory.path() / kept_directory;
  its.look_after(std::move(qmp));
  its.connection =
      Connection::find(its.about(), its.listener(), its.directory.record().resumable->boot_id);
  its.place = std::make_unique<MachinePlace>(*its.connection);
  expect_reboots();
  TRY(its.connection->contact(stop));
  return {};
}

void Machine::leave() {
  auto& its = *state_;
  its.hang_up();
  its.qemu->process().detach();
  its.directory.let_go();
}

const std::string& Machine::id() const { return state_->directory.record().id; }
const fs::path& Machine::directory() const { return state_->directory.path(); }
int Machine::qemu_pid() const { return state_->qemu->process().pid(); }
place::Place& Machine::place() { return *state_->place; }
Result<> Machine::reboot(const place::RebootOrder& order, const place::OutputSink& sink,
                         const Stop& stop) {
  return state_->place->reboot(order, sink, stop);
}
std::optional<Trouble> Machine::trouble() {
  auto& its = *state_;
  if (!its.watch) return std::nullopt;
  if (auto known = its.watch->trouble()) return known;
  if (!its.connection) return its.watch->await_trouble();
  // A sound channel has no answer yet; a broken one says so at once. QEMU's end, if that was it,
  // reaches the watch a moment later.
  const auto sign = its.connection->ping(Stop{}.within(0s));
  if (sign || sign.error().fault() == Fault::timeout) return std::nullopt;
  if (auto found = its.watch->await_trouble()) return found;
  return with_console({sign.error().text(), Trouble::Blame::guest, {}},
                      tail_of(directory() / console_log));
}

std::string Machine::reason_of_failure() {
  auto reason = out_of_memory(state_->connection->console_of_commands());
  if (!reason.empty()) return reason;
  place::Command room;  // stat, since busybox's df does not find where an initramfs is mounted
  room.argv = {"/bin/sh", "-c", "stat -f -c '%n %b %a' / /tmp /workspace 2>/dev/null"};
  room.directory = "/";
  const auto disks = place::run_captured(place(), room, Stop{}.within(longest_question));
  return disks ? full_disk(disks->out) : std::string();
}

void Machine::fetch_logs() {
  if (trouble() || is_paused(directory())) return;
  // One call for both: a machine's end should not wait for two.
  place::Command command;
  command.argv = {"/bin/sh", "-c",
                  "dmesg 2>/dev/null; exec 3>&2 2>/dev/null; command -v journalctl >&2 && "
                  "exec journalctl --no-pager -q -b -n 50000 -o short-precise >&3"};
  command.directory = "/";
  std::string kernel, journal;
  const auto stop = Stop{}.within(longest_question);
  // Not place::run: what does not answer is not waited for.
  const auto session = place().start(
      command,
      [&](place::Stream stream, std::string_view bytes) {
        auto& text = stream == place::Stream::out ? kernel : journal;
        text += bytes.substr(0, most_log - std::min(most_log, text.size()));
      },
      stop);
  if (session) static_cast<void>((*session)->wait(stop));
  const auto keep = [this](std::string_view name, const std::string& text) {
    const auto fd = os::open_file(directory() / name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd) static_cast<void>(os::write_all(*fd, text, Stop{}));
  };
  if (!kernel.empty()) keep(place::dmesg_file, kernel);
  if (!journal.empty()) keep(place::journal_file, journal);
}

Error Machine::explain(Error error) {
  if (error.fault() == Fault::stopped) return error;
  if (const auto what = trouble()) return {Fault::unavailable, what->text};
  return error;
}

Result<> Machine::freeze(const Stop& stop) {
  auto& its = *state_;
  // What a first command needs is then in memory for all clones.
  place::Command first;
  first.argv = {"/bin/sh", "-c", "sync"};  // and a clone's disk is whole if it is reset
  if (auto warmed = place::run_captured(place(), first, stop); !warmed)
    return tl::unexpected<Error>(explain(warmed.error()));
  if (auto settled = settle(qemu_pid(), stop); !settled)
    return tl::unexpected<Error>(explain(settled.error()));
  if (const auto what = trouble()) return fail(Fault::unavailable, "{}", what->text);
  its.connection->close();
  auto qmp = its.watch->stop();
  its.hang_up();
  TRY(save_state(qmp, directory(), its.frozen, stop.within(longest_start)), "save its state");
  return destroy(stop);
}

Result<> Machine::keep(Keep keep) {
  auto& its = *state_;
  if (const auto what = trouble()) return fail(Fault::unavailable, "{}", what->text);
  auto qmp = its.end_watch(longest_end);
  // It costs memory only, until somebody enters it.
  TRY(qmp->execute("stop", {}, Stop{}.within(longest_end)), "pause it");
  forget_pause(its.directory.path());  // that of its run: it is paused till somebody enters it
  const auto recorded = its.directory.copy_recording();
  TRY(its.directory.keep(std::move(keep)));
  its.qemu->process().detach();
  return recorded;
}

Result<> Machine::destroy(const Stop& stop) {
  auto& its = *state_;
  static_cast<void>(its.end_watch(longest_last_question));
  its.qemu.reset();
  return its.directory.destroy(stop.within(longest_end));
}

}  // namespace cupel::machine
