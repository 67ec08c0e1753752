// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/locked.hpp"
#include "base/stop.hpp"
#include "pipeline/groovy/signal.hpp"
#include "pipeline/interpreter/events.hpp"
#include "pipeline/interpreter/masks.hpp"
#include "pipeline/interpreter/node.hpp"
#include "pipeline/interpreter/run_files.hpp"
#include "pipeline/interpreter/run_state.hpp"
#include "pipeline/interpreter/services.hpp"

namespace cupel::pipeline {

class HeldTopology;
class Interpreter;
class LazyEnvironment;
class Pod;
class RunLibraries;
class Scm;
class Transcript;
struct BuildFacts;
struct PodPlan;
struct TimedBody;
struct Context;
using Variables = std::map<std::string, std::string>;

/// A leased node and what every command on it gets. Any thread.
class HeldNode {
 public:
  /// `machine`: the node that this one is a container on; null: none.
  explicit HeldNode(std::unique_ptr<Lease> lease, std::shared_ptr<HeldNode> machine = nullptr);

  Lease& lease() { return *lease_; }
  place::Place& place() { return lease_->place(); }
  const std::string& workspace() const { return workspace_; }
  const std::shared_ptr<HeldNode>& machine() const { return machine_; }
  ~HeldNode();
  /// Tidies up before the node is given back.
  void at_end(std::function<void(place::Place&)> tidy);
  /// Another directory for it, before anybody else has the node.
  void move_workspace(std::string directory);
  /// Where scripts and other files beside the workspace go: "<workspace>@tmp".
  std::string workspace_tmp() const { return workspace_ + "@tmp"; }
  /// The lease's environment and WORKSPACE, WORKSPACE_TMP, NODE_NAME.
  const Variables& variables() const { return variables_; }
  /// A variable of the place itself (PATH, HOME); asks it once, with a command.
  std::optional<std::string> own_variable(const std::string& name, const Context& context);

 private:
  std::shared_ptr<HeldNode> machine_;  // shared: contexts outside hold it too; outlives the lease
  std::unique_ptr<Lease> lease_;
  Locked<std::vector<std::function<void(place::Place&)>>> at_end_;
  std::string workspace_;
  Variables variables_;
  Variables ask(const Stop& stop);
  Locked<std::optional<Variables>> own_;
  Locked<std::map<std::string, std::optional<std::string>>> seen_;  ///< by the pipeline's code
};

/// One thread of a pipeline: counts its steps, so that each has an identity that is the same in
/// every execution of the same pipeline.
struct Branch {
  std::string path;  ///< "" or "/3 linux/0 gcc": names, and which step made the branches
  std::uint64_t steps = 0;
  /// While a step runs that is recorded as a whole: what it observes is in its outcome.
  bool in_recorded_step = false;
};
struct StepId {
  std::string branch;
  std::uint64_t ordinal = 0;
  friend auto operator<=>(const StepId&, const StepId&) = default;
};

/// What the whole run shares. Outlives every Context.
struct Run {
  Nodes& nodes;
  RunFiles& files;
  Observer& observer;
  Interpreter& interpreter;
  RunState& state;
  Transcript* transcript;  ///< null: nobody keeps a journal
  Variables base;          ///< of the build: BUILD_NUMBER, CI, parameters, ...
  std::shared_ptr<Object> env, params, current_build, docker;  // shared: Groovy values
  Masks& masks;
  const Services& services;
  const BuildFacts& facts;
  Scm* scm = nullptr;  ///< the project's own; null: there is none
  RunLibraries* libraries = nullptr;
};

/// Hears what the steps of a body print: tee, timeout(activity: true). Branches inside the body may
/// call it at the same time.
class OutputTap {
 public:
  explicit OutputTap(OutputTap* outer) : outer_(outer) {}
  virtual ~OutputTap() = default;
  OutputTap(const OutputTap&) = delete;
  OutputTap& operator=(const OutputTap&) = delete;
  virtual void take(place::Stream stream, std::string_view bytes) = 0;
  /// Whether it must hear in a resumed run what steps printed that do not run again.
  virtual bool hears_again() const { return false; }
  OutputTap* outer() const { return outer_; }

 private:
  OutputTap* outer_;  // of an enclosing body, which ends later
};

/// Where in a run code is being executed, and what holds there. Copied to change it for a body;
/// belongs to one thread.
struct Context {
  Run& run;
  StagePath path = {};
  std::shared_ptr<HeldNode> node = nullptr;  // shared by nested contexts; null: no agent
  std::string directory = {};                ///< absolute, on the node
  Variables overrides = {};                  ///< withEnv and environment { }, evaluated
  LazyEnvironment* lazy = nullptr;           ///< while an environment { } is being evaluated
  Stop stop = {};
  /// In a branch with failFast: the stop around all branches. An interruption that does not come
  /// from there is a sibling's doing, and the run has that one's result.
  std::optional<Stop> around = std::nullopt;
  const TimedBody* timed = nullptr;  ///< the innermost; whoever set it outlives the body
  StageState* stage = nullptr;
  std::string registry = {};           ///< host of docker.withRegistry; empty: as names say
  std::shared_ptr<Pod> pod = nullptr;  // shared by nested contexts; null: not in one
  std::shared_ptr<const PodPlan> pod_plan = nullptr;  // shared, as above: of podTemplate
  std::shared_ptr<HeldTopology> topology = nullptr;   // shared, as above; null: not in one
  Branch* branch = nullptr;
  /// While a post condition runs, currentBuild shows the result that it was chosen by.
  std::optional<model::Verdict> logical = std::nullopt;
  int depth = 0;
  OutputTap* tap = nullptr;  ///< the innermost; whoever set it outlives the body

  /// One variable as a command here would see it.
  std::optional<std::string> variable(const std::string& name) const;
  /// All of them, but for those of the place itself.
  Variables variables() const;
  /// NAME=value, or PATH+WHAT=dir, which puts dir in front of PATH.
  void set_variable(const std::string& name, const std::string& value);
  /// What currentBuild.result shows here; null while all is well.
  std::optional<model::Verdict> result() const;
  /// Whether `signal` is an interruption that a failing sibling caused.
  bool caused_by_sibling(const Signal& signal) const;
  /// The next step's identity.
  StepId next_step() const;
  void note(std::string_view line) const { run.observer.note(path, line); }
};

/// How long code may still run after it was interrupted: catch, finally and post blocks.
inline constexpr auto grace = std::chrono::seconds(60);

}  // namespace cupel::pipeline
