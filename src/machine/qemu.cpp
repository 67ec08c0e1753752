// SPDX-License-Identifier: Apache-2.0
#include "machine/qemu.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <vector>

#include "machine/trouble.hpp"
#include "os/socket.hpp"

namespace cupel::machine {

namespace fs = std::filesystem;

namespace {

constexpr auto package_hint = "QEMU is not installed: apt-get install qemu-system-x86";

/// Sockets that listen before QEMU exists, so that nobody waits for it to come up. QEMU inherits
/// them, and we close ours: so a client of a dead QEMU is told.
struct Listeners {
  std::vector<os::Fd> fds;
  QemuSockets numbers;

  static Result<Listeners> make(const fs::path& directory, Role role) {
    Listeners listeners;
    listeners.numbers.qmp = TRY(listeners.add(directory / "qmp"));
    if (role == Role::clone)
      listeners.numbers.monitor = TRY(listeners.add(monitor_socket(directory)));
    listeners.numbers.console = TRY(listeners.add(console_socket(directory)));
    for (std::size_t i = 0; i < port_count; ++i)
      listeners.numbers.ports[i] = TRY(listeners.add(port_socket(directory, i)));
    return listeners;
  }

 private:
  Result<int> add(const fs::path& path) {
    fds.push_back(TRY(os::listen_unix(path)));
    return fds.back().get();
  }
};

Result<> set_capabilities(Qmp& qmp, const Stop& stop) {
  json::Array list;
  for (const char* name : {"x-ignore-shared", "events"})
    list.emplace_back(json::Object{{"capability", name}, {"state", true}});
  TRY(qmp.execute("migrate-set-capabilities", {{"capabilities", std::move(list)}}, stop));
  return {};
}

Result<> await_migration(Qmp& qmp, const Stop& stop) {
  for (;;) {
    const auto event = TRY(qmp.next_event(stop));
    if (event.name != "MIGRATION") continue;
    const auto status = TRY(event.data.text("status"), "QEMU's event MIGRATION");
    if (status == "completed") return {};
    if (status != "failed") continue;
    const auto answer = TRY(qmp.execute("query-migrate", {}, stop));
    const auto reason = answer.text("error-desc");
    return fail(Fault::unavailable, "QEMU failed: {}", reason ? *reason : "it does not say why");
  }
}

}  // namespace

fs::path port_socket(const fs::path& directory, std::size_t port) {
  return directory / fmt::format("port{}", port);
}

fs::path console_socket(const fs::path& directory) { return directory / "console"; }
fs::path monitor_socket(const fs::path& directory) { return directory / "monitor"; }

std::string tail_of(const fs::path& path) {
  constexpr off_t longest = off_t{64} << 10;
  const auto fd = os::open_file(path, O_RDONLY);
  if (!fd) return {};
  const off_t size = ::lseek(fd->get(), 0, SEEK_END);
  std::string text(static_cast<std::size_t>(std::min(std::max<off_t>(size, 0), longest)), '\0');
  const auto got =
      ::pread(fd->get(), text.data(), text.size(), size - static_cast<off_t>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return text;
}

Result<std::string> qemu_identity() {
  const auto path = os::find_program(std::string(qemu_program));
  if (!path) return fail(Fault::unavailable, "{}", package_hint);
  const auto stamp = TRY(os::stamp(*path));
  return fmt::format("{} {} {}", qemu_program, stamp.size, stamp.modified_ns);
}

Result<Qemu> Qemu::start(MachineDirectory& directory, QemuLaunch launch, const Stop& stop) {
  TRY(stop.check());
  if (!os::find_program(std::string(qemu_program)))
    return fail(Fault::unavailable, "{}", package_hint);
  const auto& path = directory.path();
  auto listeners = TRY(Listeners::make(path, launch.role));
  const QemuFiles files{directory.record().id, path,           launch.initramfs,
                        launch.memory,         launch.overlay, listeners.numbers};
  os::Spawn spawn;
  spawn.argv = qemu_arguments(launch.shape, launch.box, files, launch.role);
  spawn.directory = path;
  spawn.err = TRY(os::open_file(path / stderr_log, O_WRONLY | O_CREAT | O_APPEND, 0600));
  spawn.group = os::Spawn::Group::session;
  spawn.start = os::Spawn::Start::held;
  for (const auto& fd : listeners.fds) spawn.keep.push_back(fd.get());
  const int state_fd = launch.state.get();
  if (launch.state) spawn.keep.push_back(state_fd);
  auto process = TRY(os::Process::spawn(std::move(spawn)), "start QEMU");
  TRY(directory.set_qemu(process.pid()));
  TRY(process.release(), "start QEMU");
  return Qemu(QemuProcess(std::move(process)), state_fd);
}

Result<Qemu> Qemu::adopt(const MachineDirectory& directory) {
  const auto& qemu = directory.record().qemu;
  if (!qemu) return fail(Fault::not_found, "QEMU was never started");
  const auto& waiting = directory.record().waiting;
  return Qemu(TRY(QemuProcess::adopt(*qemu)), waiting ? waiting->state_fd : -1);
}

namespace {

Result<Qmp> connect_socket(const fs::path& directory, std::string_view socket, const Stop& stop) {
  auto qmp = Qmp::connect(directory / socket, stop);
  if (!qmp && qmp.error().fault() == Fault::unavailable) {
    const auto words = last_lines(tail_of(directory / stderr_log), 1);
    if (!words.empty()) qmp.error().add_frame(fmt::format("QEMU says {:?}", words.back()));
  }
  return qmp;
}

}  // namespace

Result<Qmp> connect_qmp(const fs::path& directory, const Stop& stop) {
  return connect_socket(directory, "qmp", stop);
}

Result<> execute_alone(const fs::path& directory, std::string_view socket, std::string_view command,
                       const Stop& stop) {
  const auto lock = TRY(os::FileLock::take(directory / fmt::format("{}.lock", socket), stop));
  auto qmp = TRY(connect_socket(directory, socket, stop));
  TRY(qmp.execute(command, {}, stop));
  return {};
}

Result<> save_state(Qmp& qmp, const fs::path& directory, const os::Fd& state, const Stop& stop) {
  constexpr std::size_t piece = std::size_t{1} << 20;
  // QEMU 7.2 writes to no inherited descriptor, only to what it can connect to.
  const auto path = directory / "frozen";
  const auto listener = TRY(os::listen_unix(path));
  TRY(set_capabilities(qmp, stop));
  TRY(qmp.execute("stop", {}, stop));
  TRY(qmp.execute("migrate", {{"uri", "unix:" + path.string()}}, stop));
  const auto source = TRY(os::accept(listener, stop));
  for (;;) {
    const auto bytes = TRY(os::read_some(source, piece, stop));
    if (bytes.empty()) return await_migration(qmp, stop);
    TRY(os::write_all(state, bytes, stop));
  }
}

Result<std::optional<Trouble>> trouble_of(Qmp& qmp, const Stop& stop) {
  const auto answer = TRY(qmp.execute("query-status", {}, stop));
  return judge_status(TRY(answer.text("status"), "QEMU's status"));
}

Result<> load_state(Qmp& qmp, int state_fd, const Stop& stop) {
  TRY(set_capabilities(qmp, stop));
  // Once, before anybody is connected: later QEMU would tell every network that the machine moved
  // there, by the MAC addresses that its siblings have too. With none QEMU 7.2 dies when it resets.
  TRY(qmp.execute("migrate-set-parameters", {{"announce-rounds", 1}}, stop));
  TRY(qmp.execute("migrate-incoming", {{"uri", fmt::format("fd:{}", state_fd)}}, stop));
  return await_migration(qmp, stop);
}

}  // namespace cupel::machine
