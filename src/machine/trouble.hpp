// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "machine/qmp_message.hpp"
#include "os/process.hpp"

namespace cupel::machine {

/// What became of a machine. guest: what ran in it did it (a panic, a power off); host: we or our
/// surroundings did (QEMU died, no space left).
struct Trouble {
  std::string text;  ///< one line
  enum class Blame { guest, host } blame = Blame::guest;
  std::vector<std::string> console;  ///< the last lines of the serial console
  std::string vmcore = {};           ///< what became of the memory's image, one line; may be empty
  friend bool operator==(const Trouble&, const Trouble&) = default;
};

/// What an event of QEMU's means for the machine; nothing for events of a machine that is well.
/// Pure.
std::optional<Trouble> judge(const QmpEvent& event);

/// Whether the event says that the machine was reset from inside.
bool is_reset(const QmpEvent& event);

/// What led to a reset, as the console tells since the one before: the system's own wish (a reboot,
/// also a forced one), a panic, or nothing that a kernel would have a word for (a triple fault).
enum class ResetCause { reboot, panic, fault };
ResetCause cause_of_reset(std::string_view console);
Trouble trouble_of_reset(ResetCause cause);

/// The same of QEMU's status, for who saw no events: nothing if the machine runs. Pure.
std::optional<Trouble> judge_status(std::string_view status);

/// Whether an event says that the guest program began (true) or ceased (false) to serve the owner's
/// port. It ceases when it dies, and also when the machine is shut down: the reason comes later.
std::optional<bool> serves_owner(const QmpEvent& event);

/// QEMU ended by itself. `last_words` is what it wrote to stderr.
Trouble judge_exit(os::Exit exit, std::string_view last_words);

/// The last `count` lines of a console's output, printable, without escape sequences.
std::vector<std::string> last_lines(std::string_view console, std::size_t count);

/// What a console says of processes that the kernel killed because memory was full, in one line;
/// empty: of none. Pure.
std::string out_of_memory(std::string_view console);

/// The first path whose file system has no room left, in one line; empty: none. `stat` has lines of
/// a path, its file system's blocks and how many of them are free. Pure.
std::string full_disk(std::string_view stat);

/// Adds the console, and takes the kernel's own words into the text if it panicked.
Trouble with_console(Trouble trouble, std::string_view console);

}  // namespace cupel::machine
