// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "os/files.hpp"

/// A golden pipeline that is run with a journal in a process of its own, which may be killed.
namespace cupel::pipeline::golden {

/// How such a process ended: 0, `killed` right after the record that it was to write last, or else.
constexpr int killed = 77;

/// What a run leaves in its directory, in a form that is the same for equal runs.
struct Traces {
  std::string result;
  std::map<std::string, std::string> log;  ///< by stage and stream
  std::map<std::string, std::string> artifacts;
  std::multiset<std::string> executed;  ///< the shell scripts
  std::string text() const;
};

/// What the journal of a dead run says.
struct Recorded {
  std::size_t records = 0;
  /// Of steps that must not happen twice: those that began and whose end nobody recorded.
  std::set<std::string> cut_off;
};

/// The directory of one run, which goes with this.
class KilledRun {
 public:
  KilledRun();
  /// Runs `file` in a process of its own, or goes on with it; 0: till its end. Its exit status.
  int go(const os::fs::path& file, std::size_t dies_after);
  Recorded recorded() const;
  Traces traces() const;
  std::string journal() const;

 private:
  std::string normal(std::string text) const;
  std::map<std::string, std::string> log() const;

  os::TempDir directory_;
};

}  // namespace cupel::pipeline::golden
