// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "os/files.hpp"
#include "runs/stored_run.hpp"

namespace cupel::runs {

/// The directory of a run that is alive: RUNS/N. Its lock is held until this is destroyed, so that
/// others see that its owner lives.
class RunDirectory {
 public:
  unsigned number() const { return number_; }
  const os::fs::path& path() const { return path_; }
  /// Also the mark that processes of this run carry in CUPEL_RUN.
  const std::string& mark() const { return mark_; }

  os::fs::path log() const { return path_ / "log"; }
  os::fs::path artifacts() const { return path_ / "artifacts"; }
  os::fs::path record() const { return path_ / "record.json"; }
  os::fs::path commit() const { return path_ / "commit"; }
  os::fs::path machines() const { return path_ / "machines"; }          ///< given_machines.hpp
  os::fs::path kept_stashes() const { return path_ / "kept-stashes"; }  ///< by preserveStashes
  // Gone when the run has ended:
  os::fs::path stashes() const { return path_ / "stashes"; }
  os::fs::path workspaces() const { return path_ / "workspaces"; }
  os::fs::path tree() const { return path_ / "tree.tar"; }

 private:
  friend class RunStore;
  RunDirectory(unsigned number, os::fs::path path, std::string mark, os::FileLock lock)
      : number_(number), path_(std::move(path)), mark_(std::move(mark)), lock_(std::move(lock)) {}
  unsigned number_;
  os::fs::path path_;
  std::string mark_;
  os::FileLock lock_;
};

/// Which finished runs of a job are kept; what is not given keeps all.
struct Discard {
  std::optional<unsigned> runs, days;
  std::optional<unsigned> artifact_runs, artifact_days;
  friend bool operator==(const Discard&, const Discard&) = default;
};

/// All runs of a user on this host, one directory each, numbered upwards. Several cupels may use it
/// at once.
class RunStore {
 public:
  explicit RunStore(os::fs::path directory) : directory_(std::move(directory)) {}

  /// A fresh run of `job`, with the next number. With a journal it is not ended by reap() as long
  /// as that file is there.
  Result<RunDirectory> create(const std::string& job, const Stop& stop,
                              const os::fs::path& journal = {});
  /// The run of a journal, whose cupel died. not_found: it is gone. conflict: its cupel lives.
  Result<RunDirectory> take_up(unsigned number, const std::string& mark);

  /// How the run of a journal ended; nothing if it is not over, or gone.
  std::optional<StoredRun> finished(unsigned number, const std::string& mark) const;
  /// Whether a run that is not over has this journal, and the journal is there.
  bool may_be_resumed(const std::string& number, const std::string& journal) const;

  /// Written once, when all is over.
  Result<> record(const RunDirectory& run, const StoredRun& stored);

  /// How the latest finished run of that job ended.
  std::optional<model::Verdict> previous(const std::string& job) const;
  /// The commit that its latest finished run that wrote one down was of.
  std::optional<std::string> previous_commit(const std::string& job) const;

  /// Ends the runs whose cupel died: kills what they left on this host, removes what they would
  /// have removed, and records them as aborted. Gives a line for each.
  Result<std::vector<std::string>> reap(const Stop& stop);

  /// Removes what a job's own rule does not keep of its finished runs: runs, or their artifacts.
  Result<> discard(const std::string& job, const Discard& rule, const Stop& stop);

  /// Where the stashes of the job's latest finished run are that kept them; nothing if none did.
  std::optional<os::fs::path> kept_stashes(const std::string& job) const;
  /// Removes the stashes that finished runs of a job kept, but for the latest `keep`.
  Result<> prune_stashes(const std::string& job, std::size_t keep, const Stop& stop);

  /// Removes finished runs but for the latest `keep` and those that asked to be kept.
  Result<> prune(std::size_t keep, const Stop& stop);

 private:
  std::vector<unsigned> numbers() const;  // ascending
  /// Directories of the job's finished runs that kept stashes, the newest first.
  std::vector<os::fs::path> with_kept_stashes(const std::string& job) const;
  Result<std::optional<std::string>> reap_one(unsigned number, const Stop& stop);

  os::fs::path directory_;
};

/// Removes what only a living run needs: workspaces, stashes, the packed project.
Result<> remove_transient(const os::fs::path& run);
/// What of it is still there.
std::vector<std::string> transient_left(const os::fs::path& run);

}  // namespace cupel::runs
