// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>

#include "base/crew.hpp"
#include "base/locked.hpp"
#include "cupel/project.hpp"
#include "cupel/run_order.hpp"
#include "pipeline/interpreter/jobs.hpp"

namespace cupel {

/// Runs the pipelines that a run asks for by the step build: on this host, in this process, each
/// with a number, a directory and a log of its own. Any thread.
class LocalJobs final : public pipeline::Jobs {
 public:
  /// The run that asks. Borrowed for life.
  struct Origin {
    const RunOrder& order;
    const Project& project;
    const fleet::Settings& settings;
    std::string name;  ///< its JOB_NAME
    unsigned number = 0;
    os::fs::path directory;  ///< of the run
    pipeline::Prompts* prompts = nullptr;
  };
  explicit LocalJobs(Origin origin);

  /// With a journal, a run that was begun under the same key goes on where it was.
  Result<pipeline::PastRun> build(const pipeline::BuildOrder& order, const Say& say,
                                  const Stop& stop) override;
  /// Takes up the runs that nobody waits for and that an earlier process did not end.
  Result<> resume();
  /// Blocks until the runs that nobody waited for have ended.
  void finish();
  /// From the second signal: what the called runs would do then. Any thread.
  void abandon() const;

  /// Where the journals of called runs are; gone when the run that asks has ended.
  static os::fs::path journals_in(const os::fs::path& run) { return run / "builds"; }

 private:
  /// A called run, ready to go.
  struct Call {
    cli::RunCommand command;
    Caller caller;
  };
  Result<Call> call_of(const pipeline::BuildOrder& order) const;
  /// For resume(), if nobody waits for it.
  Result<> keep_order(const pipeline::BuildOrder& order) const;
  Result<pipeline::PastRun> run(Call call, const Say& say, const Stop& stop);
  Result<pipeline::PastRun> start(Call call, const Say& say);
  Surroundings surroundings(const Stop& stop);

  Origin origin_;
  struct Undo {
    std::map<unsigned, std::function<void()>> of_runs;  ///< that go on now
    unsigned next = 0;
  };
  mutable Locked<Undo> undo_;
  Crew crew_;  // last: its threads use all of this
};

}  // namespace cupel
