// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pipeline/syntax/ast.hpp"
#include "pipeline/syntax/diagnostic.hpp"
#include "pipeline/syntax/label.hpp"
#include "pipeline/syntax/signature.hpp"

namespace cupel::pipeline::syntax {

// The model of a declarative pipeline. It borrows expressions and blocks from the Script that it
// was built from (never null unless said), which must outlive it; moving the Script is fine.

struct Agent {
  enum class Kind { any, none, label };
  Kind kind = Kind::any;
  const Expression* label_text = nullptr;  ///< of kind label; a GString is evaluated at run time
  std::optional<Label> label;              ///< parsed already, if the text is a literal
  Span span;
};

/// timeout(time: 30, unit: 'MINUTES'): the limit is time * unit.
struct Timeout {
  const Expression* time = nullptr;
  std::chrono::nanoseconds unit = std::chrono::minutes(1);
  bool activity = false;  ///< counts from the last output
  Span span;
};

struct Options {
  std::optional<Timeout> timeout;
  bool timestamps = false;
};

struct EnvironmentEntry {
  Name name;
  const Expression* value = nullptr;
};

/// A parameter of the build, in parameters { }.
struct BuildParameter {
  enum class Kind { text, flag, choice };
  Kind kind = Kind::text;
  Name name;
  const Expression* initial = nullptr;      ///< defaultValue; may be null; not for choices
  std::vector<std::string> choices;         ///< the first is the default
  const Expression* description = nullptr;  ///< may be null
  bool trim = false;
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

struct Stage {
  Name name;
  std::optional<Agent> agent;
  Options options;
  std::vector<EnvironmentEntry> environment;
  std::variant<Steps, Stages, Parallel> body;
  std::vector<PostBlock> post;  ///< in PostCondition's order
  Span span;
};

struct Pipeline {
  Agent agent;
  Options options;
  std::vector<EnvironmentEntry> environment;
  std::vector<BuildParameter> parameters;
  std::vector<Stage> stages;
  std::vector<PostBlock> post;  ///< in PostCondition's order
  Span span;
  std::vector<const Statement*> before;  ///< def, methods, imports: run before the pipeline
  std::vector<const Statement*> after;   ///< what stands behind the block
};

/// A Jenkinsfile, read and validated. Usable only if there is no error among the diagnostics.
struct Jenkinsfile {
  Script script;
  std::optional<Pipeline> pipeline;     ///< absent: a scripted pipeline
  std::vector<Diagnostic> diagnostics;  ///< in the order of their positions
  bool valid() const;
};

/// Parses and validates, as `cupel lint` does: all mistakes in one go, each with its place.
Jenkinsfile read_jenkinsfile(const Source& source, std::span<const StepSignature> steps);

/// The second half of it: the model of the script's `pipeline { }`, if it has one.
std::optional<Pipeline> build_pipeline(const Script& script, std::span<const StepSignature> steps,
                                       Diagnostics& diagnostics);

}  // namespace cupel::pipeline::syntax
