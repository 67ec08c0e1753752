// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/run_record.hpp"
#include "os/files.hpp"

namespace cupel::pipeline {

/// What steps put into a run and get from it. Stashes and artifacts belong to the run, not to a
/// node. Any thread.
class RunFiles {
 public:
  virtual ~RunFiles() = default;
  /// Directory of the artifacts; steps add below it.
  virtual os::fs::path artifacts() const = 0;
  /// The file of a stash (a pax tar); made by stash, read by unstash.
  virtual os::fs::path stash(const std::string& name) const = 0;
  virtual void add_artifacts(std::vector<std::string> paths) = 0;
  virtual void add_tests(std::vector<model::TestRecord> tests) = 0;
  /// The log of the run so far, raw; nothing where there is none.
  virtual std::optional<os::fs::path> log() const { return std::nullopt; }
  /// A line for people about the whole run: "GCC: 3 issues", "2 notifications recorded".
  virtual void add_remark(std::string) {}
  /// Adds to an artifact that several steps write, one after the other.
  Result<> append_artifact(const std::string& name, std::string_view bytes);
};

}  // namespace cupel::pipeline
