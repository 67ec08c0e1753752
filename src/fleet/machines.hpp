// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "os/fd.hpp"
#include "pipeline/interpreter/node.hpp"
#include "place/failed_command.hpp"
#include "place/place.hpp"
#include "place/provision.hpp"
#include "place/reboot.hpp"

namespace cupel::fleet {

/// Hears one-line news of something that takes a while.
using Progress = std::function<void(std::string_view line)>;

/// Makes a machine outlive us when we are killed, so that the run can be resumed with it.
struct Outliving {
  std::string journal;         ///< of the run: its file, absolute
  std::chrono::seconds limit;  ///< how long it may be without anybody who resumes
  friend bool operator==(const Outliving&, const Outliving&) = default;
};

/// How many QEMUs may wait ahead of need for machines that are often asked for.
struct Ahead {
  unsigned most = 0;               ///< 0: none
  std::chrono::seconds time{600};  ///< how long they wait
  Bytes memory = gib(1);           ///< what all of them may use
  friend bool operator==(const Ahead&, const Ahead&) = default;
};

/// The PCI slot of the first of MachineOrder::interfaces; the others follow.
inline constexpr std::size_t first_interface_slot = 8;

/// What a machine is to be like.
struct MachineOrder {
  std::string box;
  unsigned cpus = 1;
  Bytes memory;
  std::optional<Bytes> disk;
  std::optional<std::string> cpu;  ///< QEMU's -cpu under TCG
  std::vector<place::ProvisionStep> provision = {};
  Bytes snapshots = gib(20);  ///< how much of the disk those of all machines may take
  Ahead ahead = {};
  std::string run;                           ///< the run it belongs to, for `cupel machine list`
  std::vector<std::string> panic_on = {};    ///< NodeSettings'
  std::optional<os::fs::path> vmcores = {};  ///< where memory goes if its kernel panics
  /// Where records of it go once it is let go, but for "-ID"; nothing is recorded if not given.
  std::optional<os::fs::path> recording = {};
  std::optional<Outliving> outliving = std::nullopt;  ///< it ends with us if not given
  std::size_t interfaces = 0;  ///< network cards from first_interface_slot on, not connected
};

/// How a machine is kept.
struct Keep {
  std::chrono::seconds time;                   ///< then it is destroyed
  std::optional<place::FailedCommand> failed;  ///< why it is
};

/// A machine that was given out. Destroying the object destroys the machine, unless it was kept.
class OwnedMachine {
 public:
  virtual ~OwnedMachine() = default;
  virtual std::string id() const = 0;
  virtual place::Place& place() = 0;
  virtual std::optional<pipeline::Trouble> trouble() const = 0;
  /// pipeline::Lease's.
  virtual std::string reason_of_failure() = 0;
  /// Starts it anew, and blocks until it is back. denied: it would lose what nobody can restore.
  virtual Result<> reboot(const place::RebootOrder& order, const place::OutputSink& sink,
                          const Stop& stop) = 0;
  /// Asks it for what its system wrote down (the kernel's messages, the journal if it has one), for
  /// its records. Blocks for seconds at the most; it may have none.
  virtual void fetch_logs() = 0;
  /// The other end of one of MachineOrder::interfaces, counted from 0: a stream of frames, each
  /// behind its length in four bytes.
  virtual Result<os::Fd> connect(std::size_t interface, const Stop& stop) = 0;
  /// Ends it and removes all that it had.
  virtual Result<> destroy(const Stop& stop) = 0;
  /// Lets it live on after us, paused, for people to look into.
  virtual Result<> keep(Keep keep) = 0;
};

/// Makes machines: the port to `machine`, so that the fleet is tested without QEMU. Any thread.
class Machines {
 public:
  virtual ~Machines() = default;
  /// A fresh machine that answers. Builds the box and the snapshot first where they are missing.
  virtual Result<std::unique_ptr<OwnedMachine>> start(const MachineOrder& order,
                                                      const Progress& progress,
                                                      const Stop& stop) = 0;
  /// A machine that outlived the process that started it for this run. not_found: it is gone.
  /// invalid: what ran in it ended it.
  virtual Result<std::unique_ptr<OwnedMachine>> take_up(const std::string& id,
                                                        const std::string& run,
                                                        const Stop& stop) = 0;
  /// Ends those of a run that nobody took up.
  virtual Result<> end_orphans(const std::string& run, const Stop& stop) = 0;
  /// The machines of a run that are there and were not kept, for the word that nothing was left
  /// behind.
  virtual std::vector<std::string> living(const std::string& run) const = 0;
  /// Ends those machines without tidying up; for a program that ends at once. Blocks for seconds at
  /// the most.
  virtual void kill(const std::string& run) = 0;
};

}  // namespace cupel::fleet
