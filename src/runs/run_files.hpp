// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/locked.hpp"
#include "pipeline/interpreter/run_files.hpp"

namespace cupel::runs {

/// The files of a run on this host, and what was collected so far. Any thread.
class LocalRunFiles final : public pipeline::RunFiles {
 public:
  LocalRunFiles(os::fs::path artifacts, os::fs::path stashes, os::fs::path log)
      : artifacts_(std::move(artifacts)), stashes_(std::move(stashes)), log_(std::move(log)) {}

  os::fs::path artifacts() const override { return artifacts_; }
  /// Names are foreign: the file is called by their digest.
  os::fs::path stash(const std::string& name) const override;
  std::optional<os::fs::path> log() const override { return log_; }
  void add_artifacts(std::vector<std::string> paths) override;
  void add_tests(std::vector<model::TestRecord> tests) override;

  /// Sorted, each once.
  std::vector<std::string> collected_artifacts() const;
  std::vector<model::TestRecord> collected_tests() const;

 private:
  struct Collected {
    std::vector<std::string> artifacts;
    std::vector<model::TestRecord> tests;
  };
  os::fs::path artifacts_;
  os::fs::path stashes_;
  os::fs::path log_;
  mutable Locked<Collected> collected_;
};

}  // namespace cupel::runs
