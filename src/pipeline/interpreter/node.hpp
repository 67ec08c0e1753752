// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/stop.hpp"
#include "base/text.hpp"
#include "network/link_model.hpp"
#include "place/failed_command.hpp"
#include "place/place.hpp"
#include "place/provision.hpp"

namespace cupel::pipeline {

/// What became of a place. guest: the work itself did it (a kernel panic, a power off, a full
/// disk), so the run is a FAILURE; host: we did (QEMU died), so the infrastructure failed.
struct Trouble {
  std::string text;
  enum class Blame { guest, host } blame = Blame::guest;
};

/// A node that was given to a pipeline: a place with a workspace. Destroying it gives it back.
class Lease {
 public:
  virtual ~Lease() = default;
  virtual place::Place& place() = 0;
  /// "debian-12 (machine 3f2a)": for the line "Running on ...", and NODE_NAME.
  virtual std::string node_name() const = 0;
  /// Absolute; empty at first, or not there yet.
  virtual std::string workspace() const = 0;
  /// The node's environment on top of the place's own (cupel.toml's `environment`, NODE_LABELS,
  /// ...).
  virtual std::map<std::string, std::string> environment() const = 0;
  /// Why the place no longer answers, for a better message than "closed"; nothing while it is well.
  virtual std::optional<Trouble> trouble() const = 0;
  /// Tells how the work on it went, before it is given back: whether to keep the machine.
  enum class Outcome { passed, failed };
  virtual void set_outcome(Outcome outcome) = 0;
  /// The latest script that failed on it: where people who enter a kept machine begin.
  virtual void note_failed(place::FailedCommand /*command*/) {}
  /// What Nodes::attach finds it again by when our process has died; empty: nothing does.
  virtual std::string ticket() const { return ""; }
};

/// A machine as a pipeline describes it; what it does not say is the node's, or the box's default.
struct MachineWish {
  std::optional<std::string> box;
  std::optional<unsigned> cpus;
  std::optional<std::string> cpu;
  std::optional<Bytes> memory;
  std::optional<Bytes> disk;
  std::vector<place::ProvisionStep> provision = {};  ///< behind the node's; sources in the project
  friend bool operator==(const MachineWish&, const MachineWish&) = default;
};

/// The links of a topology while it runs. Any thread. not_found: there is no such link, and the
/// text names those that are; invalid: what is asked for cannot be.
class Links {
 public:
  virtual ~Links() = default;
  enum class State { up, down };
  virtual Result<> set_state(const std::string& link, State state) = 0;
  virtual Result<> change(const std::string& link, const network::LinkChange& change) = 0;
  /// Writes what arrives on it from now on to a new artifact of that name, as pcap. conflict: there
  /// is one, or the link is captured already.
  virtual Result<> capture(const std::string& link, const std::string& artifact) = 0;
  /// The artifact is whole afterwards. conflict: there is no capture.
  virtual Result<> stop_capture(const std::string& link) = 0;
  /// What happened to it since the last call: a line each.
  virtual std::vector<std::string> news() = 0;
};

/// A topology that was given to a pipeline. Destroying it ends the network and gives the machines
/// back.
struct TopologyLease {
  struct Machine {
    std::string name;
    std::unique_ptr<Lease> lease;
  };
  std::vector<Machine> machines;
  std::unique_ptr<Links> links;        // behind the machines: it ends before they do
  std::vector<std::string> artifacts;  ///< captures that have begun
};

/// Hands out nodes. The port that the fleet implements.
class Nodes {
 public:
  virtual ~Nodes() = default;
  /// A label expression (Jenkins: && || ! and parentheses) to a node; empty means any. Blocks till
  /// one is ready. Fault::not_found: no node has it (the text lists the known labels); any other
  /// fault is a failure of the infrastructure. `progress` hears one-line news ("building box ...").
  virtual Result<std::unique_ptr<Lease>> acquire(
      const std::string& label, const std::function<void(std::string_view)>& progress,
      const Stop& stop) = 0;
  /// A machine of that description; a label, if it is not empty, says whose node's settings it
  /// starts from. invalid: the description is wrong. Else as acquire().
  virtual Result<std::unique_ptr<Lease>> acquire_machine(
      const std::string& /*label*/, const MachineWish& /*wish*/,
      const std::function<void(std::string_view)>& /*progress*/, const Stop& /*stop*/) {
    return fail(Fault::unavailable, "there are no machines here");
  }
  /// The topology that a file of the project describes: its machines run and are connected.
  /// invalid: the file is wrong. not_found: there is none. Else as acquire().
  virtual Result<TopologyLease> acquire_topology(
      const std::string& /*file*/, const std::function<void(std::string_view)>& /*progress*/,
      const Stop& /*stop*/) {
    return fail(Fault::unavailable, "there are no machines here");
  }
  /// The names of all nodes that a label expression fits, for nodesByLabel.
  virtual Result<std::vector<std::string>> named_by(const std::string& /*label*/) {
    return fail(Fault::unavailable, "nobody knows here which nodes there are");
  }
  /// Takes up a lease that an earlier process had. not_found: there is no such thing any more.
  virtual Result<std::unique_ptr<Lease>> attach(const std::string& /*ticket*/,
                                                const Stop& /*stop*/) {
    return fail(Fault::not_found, "nodes of this kind do not outlive the process that took them");
  }
};

}  // namespace cupel::pipeline
