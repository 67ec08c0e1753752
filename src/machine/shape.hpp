// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "machine/box.hpp"
#include "place/recorded_files.hpp"

namespace cupel::machine {

/// How a machine's processors are made.
enum class Accelerator { tcg, kvm };
std::string_view name(Accelerator accelerator);

/// What the kernel takes for a reason to panic, besides what always is one.
enum class PanicOn { oops, soft_lockup, hung_task };
/// "oops", "soft-lockup", "hung-task"
std::string_view name(PanicOn cause);
std::optional<PanicOn> panic_on_named(std::string_view name);

/// What a machine looks like from inside. Part of a snapshot's key.
struct MachineShape {
  unsigned cpus = 2;
  Bytes memory = gib(1);
  std::optional<Bytes> disk;  ///< the box's own size if not given; no less than that
  Accelerator accelerator = Accelerator::tcg;
  std::string cpu = "Nehalem";       ///< QEMU's -cpu
  std::string host_cpu;              ///< with -cpu host: which one that is
  std::vector<PanicOn> panic_on;     ///< each once
  std::vector<std::string> devices;  ///< further arguments to QEMU, as they are
  friend bool operator==(const MachineShape&, const MachineShape&) = default;
};

inline constexpr std::size_t port_count = 4;  ///< cupel.0 is the owner's, the others visitors'

/// The descriptors of listening sockets that QEMU inherits.
struct QemuSockets {
  int qmp = -1;
  int monitor = -1;  ///< of a clone: QMP too, for others than its owner
  int console = -1;
  std::array<int, port_count> ports{-1, -1, -1, -1};
};

/// The files of one QEMU.
struct QemuFiles {
  std::string id;                                ///< the machine's, for its name
  std::filesystem::path directory;               ///< the machine's own
  std::filesystem::path initramfs;               ///< the box's with the guest program behind it
  std::optional<std::filesystem::path> memory;   ///< a file that is the machine's memory
  std::optional<std::filesystem::path> overlay;  ///< its disk
  QemuSockets sockets;
};

/// boot: from the kernel; a memory file is written to. clone: waits for a frozen state; a memory
/// file is mapped copy on write. grow: as clone, but a memory file is written to.
enum class Role { boot, clone, grow };

/// QEMU's arguments, program name first. Pure.
std::vector<std::string> qemu_arguments(const MachineShape& shape, const Box& box,
                                        const QemuFiles& files, Role role);

/// For MachineShape::devices: so many network cards in PCI slots from `first_slot` on, each at the
/// end of a socket in the machine's directory, on which QEMU listens. Until somebody connects, and
/// after they left, frames are dropped.
std::vector<std::string> interface_devices(std::size_t count, std::size_t first_slot);
/// The socket of one of them; counted from 0.
std::filesystem::path interface_socket(const std::filesystem::path& directory, std::size_t number);

/// The kernel's. Pure.
std::string kernel_command_line(const MachineShape& shape, const Box& box);

inline constexpr std::string_view qemu_program = "qemu-system-x86_64";
inline constexpr std::string_view console_log = place::console_file;
/// In a clone's directory: captures of what went over its network device, without the contents.
inline constexpr std::string_view received_capture = "net-in";
inline constexpr std::string_view sent_capture = "net-out";

}  // namespace cupel::machine
