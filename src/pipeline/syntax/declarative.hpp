// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pipeline/syntax/agent.hpp"
#include "pipeline/syntax/ast.hpp"
#include "pipeline/syntax/build_parameter.hpp"
#include "pipeline/syntax/diagnostic.hpp"
#include "pipeline/syntax/matrix.hpp"
#include "pipeline/syntax/options.hpp"
#include "pipeline/syntax/vocabulary.hpp"
#include "pipeline/syntax/when.hpp"

namespace cupel::pipeline::syntax {

// The model of a declarative pipeline. It borrows expressions and blocks from the Script that it
// was built from (never null unless said), which must outlive it; moving the Script is fine.

struct EnvironmentEntry {
  Name name;
  const Expression* value = nullptr;
  /// Of X = credentials('id'): the id; else null, and the value is an ordinary expression.
  const Expression* credentials = nullptr;
};

/// In the order in which Jenkins runs them.
enum class PostCondition {
  always,
  changed,
  fixed,
  regression,
  aborted,
  success,
  unsuccessful,
  unstable,
  failure,
  not_built,
  cleanup,
};
/// As written in a Jenkinsfile: "notBuilt".
std::string_view name(PostCondition condition);

struct PostBlock {
  PostCondition condition = PostCondition::always;
  const Block* body = nullptr;
  Span span;
};

/// What stands around the body of a stage, and around that of a matrix's cell.
struct StageSections {
  std::optional<Agent> agent;
  std::optional<When> when;
  Options options;
  std::vector<EnvironmentEntry> environment;
  std::vector<Tool> tools;
  std::optional<Input> input;
  std::vector<PostBlock> post;  ///< in PostCondition's order
};

struct Stage;

struct Steps {
  const Block* body = nullptr;
};
/// stages { }: one after the other.
struct Stages {
  std::vector<Stage> stages;
};
/// parallel { }
struct Parallel {
  std::vector<Stage> branches;
  bool fail_fast = false;
};
/// matrix { }: each cell is a stage with these sections and stages; see cells().
struct Matrix : StageSections {
  std::vector<Axis> axes;
  std::vector<Exclude> excludes;
  std::vector<Stage> stages;
  bool fail_fast = false;
  Span span;
};

struct Stage : StageSections {
  Name name;
  std::variant<Steps, Stages, Parallel, Matrix> body;
  Span span;
};

struct Pipeline {
  Agent agent;
  Options options;
  std::vector<EnvironmentEntry> environment;
  std::vector<BuildParameter> parameters;
  std::vector<Trigger> triggers;
  std::vector<Tool> tools;
  std::vector<LibraryUse> libraries;
  std::vector<Stage> stages;
  std::vector<PostBlock> post;  ///< in PostCondition's order
  Span span;
  std::vector<const Statement*> before;  ///< def, methods, imports: run before the pipeline
  std::vector<const Statement*> after;   ///< what stands behind the block
};

/// What a file says of its job, in parameters { }, triggers { } and options { } of its pipeline and
/// in calls of properties([...]) that are written as literals.
struct JobProperties {
  std::vector<BuildParameter> parameters;  ///< each name once; the pipeline's own come first
  std::vector<Trigger> triggers;
  std::optional<BuildDiscarder> build_discarder;
  std::optional<ConcurrentBuilds> disable_concurrent_builds;
  std::optional<std::uint32_t> preserve_stashes;
  std::optional<KeepMachine> keep_machine;
  /// Code may declare more parameters: by properties, or by a pipeline { } that stands inside it.
  bool open = false;
};

/// A Jenkinsfile, read and validated. Usable only if there is no error among the diagnostics.
struct Jenkinsfile {
  Script script;
  std::optional<Pipeline> pipeline;  ///< absent: a scripted pipeline
  JobProperties job;
  std::vector<Diagnostic> diagnostics;  ///< in the order of their positions
  bool valid() const;
};

/// Parses and validates, as `cupel lint` does: all mistakes in one go, each with its place.
Jenkinsfile read_jenkinsfile(const Source& source, const Vocabulary& vocabulary);

/// The second half of it: the model of the script's `pipeline { }`, if it has one.
std::optional<Pipeline> build_pipeline(const Script& script, const Vocabulary& vocabulary,
                                       Diagnostics& diagnostics, JobProperties& job);

/// The model of a `pipeline { }` with this body, which stands somewhere in code.
Pipeline build_pipeline(const Block& body, const Vocabulary& vocabulary, Diagnostics& diagnostics);

}  // namespace cupel::pipeline::syntax
