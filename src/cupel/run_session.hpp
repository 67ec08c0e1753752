// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "cli/command.hpp"
#include "cli/summary.hpp"
#include "cupel/project.hpp"
#include "cupel/surroundings.hpp"
#include "fleet/fleet.hpp"
#include "fleet/packed_tree.hpp"
#include "runs/file_journal.hpp"
#include "runs/run_files.hpp"
#include "runs/run_log.hpp"
#include "runs/run_store.hpp"

namespace cupel {

/// What one run has on this host, from its directory to its nodes; taken away in end(). One thread,
/// but for abandon().
class RunSession {
 public:
  static constexpr std::chrono::hours default_orphan_limit{24};
  struct Order {
    const cli::RunCommand& command;
    const Project& project;
    const fleet::Catalog& catalog;
    fleet::Machines& machines;
    runs::RunStore& store;
    runs::FileJournal* journal = nullptr;  ///< if it has a beginning, that run is taken up
    runs::FileJournal::Head head = {};     ///< of a new one, but for the run's number and mark
    std::chrono::hours orphan_limit = default_orphan_limit;     ///< of machines, with a journal
    std::optional<Bytes> snapshots = {};                        ///< [snapshots] size
    fleet::Ahead ahead = {};                                    ///< [machines]
    fleet::Recording recording = fleet::Recording::failed;      ///< [machines] record
    std::string name = {};                                      ///< of the job, for people
    enum class Stashes { pass, stay } stashes = Stashes::pass;  ///< when the run has ended
  };
  /// Begins to pack the working tree at once.
  static Result<std::unique_ptr<RunSession>> begin(const Order& order, const Stop& stop);

  const runs::RunDirectory& directory() const { return directory_; }
  fleet::Fleet& fleet() { return *fleet_; }
  /// The project's source, until end().
  pipeline::Scm& scm() { return *tree_; }
  runs::LocalRunFiles& files() { return files_; }
  runs::RunLog& log() { return *log_; }
  std::string job() const { return order_.project.jenkinsfile.string(); }

  /// Removes what only a living run needs, records how it ended, and looks whether anything
  /// remains.
  cli::SummaryFacts end(model::RunRecord& record);

  /// From the second signal: nothing is waited for but the end of what runs here. Any thread.
  static void abandon(const os::fs::path& run, const std::string& mark);

 private:
  static Result<runs::RunDirectory> directory_of(const Order& order, const Stop& stop);
  RunSession(Order order, runs::RunDirectory directory, std::unique_ptr<runs::RunLog> log);
  /// A run that begins at a stage has what the stages before it stashed, where that was kept.
  Result<> take_kept_stashes();
  std::vector<std::string> left_behind() const;
  /// What machines of this run, also of its earlier processes, left among the artifacts.
  std::vector<model::MachineUse> recorded_machines() const;
  os::fs::path recordings() const;

  Order order_;
  runs::RunDirectory directory_;
  std::unique_ptr<runs::RunLog> log_;
  runs::LocalRunFiles files_;
  std::optional<fleet::PackedTree> tree_;
  std::unique_ptr<fleet::Fleet> fleet_;
};

}  // namespace cupel
