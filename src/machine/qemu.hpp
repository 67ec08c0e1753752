// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/stop.hpp"
#include "machine/machine_directory.hpp"
#include "machine/qemu_process.hpp"
#include "machine/qmp.hpp"
#include "machine/shape.hpp"
#include "machine/trouble.hpp"
#include "os/process.hpp"

namespace cupel::machine {

/// What to start QEMU with.
struct QemuLaunch {
  MachineShape shape;
  Box box;
  Role role = Role::boot;
  std::filesystem::path initramfs;
  std::optional<std::filesystem::path> memory;
  std::optional<std::filesystem::path> overlay;
  os::Fd state;  ///< the frozen state that a clone goes on from
};

/// A QEMU process in its machine's directory. Destroying it kills QEMU; the directory's owner
/// cleans up. Sockets in the directory: qmp, monitor, console, port0 ... port3.
class Qemu {
 public:
  /// Records QEMU in the directory before it runs. Fault::unavailable names the package if QEMU is
  /// not installed.
  static Result<Qemu> start(MachineDirectory& directory, QemuLaunch launch, const Stop& stop);
  /// The one of a directory that nobody owned. not_found: it has ended.
  static Result<Qemu> adopt(const MachineDirectory& directory);

  QemuProcess& process() { return process_; }
  /// QEMU's number for QemuLaunch::state.
  int state_fd() const { return state_fd_; }

 private:
  Qemu(QemuProcess process, int state_fd) : process_(std::move(process)), state_fd_(state_fd) {}
  QemuProcess process_;
  int state_fd_;
};

/// Connects to the QMP socket; if QEMU has ended instead, says with which words.
Result<Qmp> connect_qmp(const std::filesystem::path& directory, const Stop& stop);

/// One command over a QMP socket of the directory, which nobody else uses meanwhile: its lock
/// beside it sees to that.
Result<> execute_alone(const std::filesystem::path& directory, std::string_view socket,
                       std::string_view command, const Stop& stop);

std::filesystem::path port_socket(const std::filesystem::path& directory, std::size_t port);
std::filesystem::path console_socket(const std::filesystem::path& directory);
/// A clone's QMP for others than its owner, one at a time.
std::filesystem::path monitor_socket(const std::filesystem::path& directory);
/// The end of a file that may be large; empty if it cannot be read.
std::string tail_of(const std::filesystem::path& path);
inline constexpr std::string_view stderr_log = "qemu.log";

/// The program's identity for snapshot keys: another build of it has another one.
Result<std::string> qemu_identity();

/// Stops the machine and writes its state, without its shared memory file, to `state`.
Result<> save_state(Qmp& qmp, const std::filesystem::path& directory, const os::Fd& state,
                    const Stop& stop);
/// Why a machine that nobody watched does not run; nothing if it does.
Result<std::optional<Trouble>> trouble_of(Qmp& qmp, const Stop& stop);
/// The other way round, in a QEMU that waits for it; the machine is paused afterwards.
Result<> load_state(Qmp& qmp, int state_fd, const Stop& stop);

}  // namespace cupel::machine
