// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "os/files.hpp"
#include "pipeline/interpreter/execute.hpp"

namespace cupel::pipeline {

class NoNodes final : public Nodes {
 public:
  Result<std::unique_ptr<Lease>> acquire(const std::string&,
                                         const std::function<void(std::string_view)>&,
                                         const Stop&) override {
    return fail(Fault::not_found, "there are no nodes");
  }
};

class NoFiles final : public RunFiles {
 public:
  os::fs::path artifacts() const override { return {}; }
  os::fs::path stash(const std::string&) const override { return {}; }
  void add_artifacts(std::vector<std::string>) override {}
  void add_tests(std::vector<model::TestRecord>) override {}
};

class Deaf final : public Observer {
 public:
  void stage_started(const StagePath&, StageKind) override {}
  void stage_finished(const model::StageRecord&) override {}
  void step_started(const StagePath&, std::string_view, std::string_view, StepKind) override {}
  void step_finished(const StagePath&, std::string_view, std::chrono::milliseconds,
                     StepKind) override {}
  void output(const StagePath&, place::Stream, std::string_view) override {}
  void note(const StagePath&, std::string_view) override {}
};

/// Runs what parses, without steps and with small limits: whatever the code is, it must end.
inline void run_small(std::string text) {
  const syntax::Source source("fuzz", std::move(text));
  const StepTable steps({});
  const auto file = syntax::read_jenkinsfile(source, steps.signatures());
  if (!file.valid()) return;
  RunRequest request{source, file, steps};
  request.limits.depth = 60;
  request.limits.steps = 20'000;
  request.limits.memory = std::size_t{256} << 20;
  request.limits.time = std::chrono::seconds(2);
  NoNodes nodes;
  NoFiles files;
  Deaf observer;
  const auto record = execute(request, nodes, files, observer, Stop());
  static_cast<void>(record);
}

}  // namespace cupel::pipeline
