// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/syntax/declarative.hpp"
#include "pipeline/syntax/directive.hpp"
#include "pipeline/syntax/unsupported.hpp"

namespace cupel::pipeline::syntax {

/// The arguments of a checked call by the parameters' names.
using NamedArguments = std::map<std::string_view, const Expression*, std::less<>>;

/// Makes the model of a declarative pipeline and reports whatever is wrong with it on the way.
/// Its parts lie in builder_sections.cpp, builder_directives.cpp, builder_values.cpp (environment,
/// parameters) and builder_steps.cpp.
class PipelineBuilder {
 public:
  PipelineBuilder(std::span<const StepSignature> steps, Diagnostics& diagnostics)
      : steps_(steps), diagnostics_(diagnostics) {}

  /// Names that the script itself declares: calling them is no unknown step.
  void declare(const Script& script);

  Pipeline pipeline(const Directive& directive);

  /// A statement of a scripted pipeline, outside of any pipeline { }.
  void script_statement(const Statement& statement);

 private:
  enum class Inside { sequence, parallel };
  /// Which sections a block has had: each may come once.
  using Seen = std::map<std::string_view, Span, std::less<>>;

  // builder_sections.cpp
  void pipeline_section(const Directive& section, Pipeline& pipeline);
  void stage_section(const Directive& section, Stage& stage, Seen& bodies, Inside inside);
  std::vector<Stage> stages(const Directive& section, Inside inside);
  std::optional<Stage> stage(const Directive& directive, Inside inside);
  void check_stage(const Stage& stage, const Seen& seen, const Seen& bodies);
  void unknown_section(const Directive& section, Where where);
  bool first_of_its_kind(const Directive& section, Seen& seen);
  /// The block of `name { }`, or an error.
  const Block* block(const Directive& directive);
  /// Each statement of the block as a directive; what is none gives the error.
  std::vector<Directive> directives(const Block& block, std::string_view expected);

  // builder_directives.cpp
  Agent agent(const Directive& section);
  void agent_key(const Directive& key, Agent& agent);
  Options options(const Directive& section);
  Timeout timeout(const Directive& option);
  bool fail_fast(const Directive& section);
  std::vector<PostBlock> post(const Directive& section);

  // builder_values.cpp
  std::vector<EnvironmentEntry> environment(const Directive& section);
  std::optional<EnvironmentEntry> environment_entry(const Statement& statement);
  void environment_value(const Expression& value);
  void environment_call(const Expression& value, const Call& call);
  std::vector<BuildParameter> parameters(const Directive& section);
  std::optional<BuildParameter> parameter(const Directive& directive);
  std::vector<std::string> choices(const Expression& value);

  // builder_steps.cpp
  void steps(const Block& block);
  void step(const Directive& directive, std::size_t siblings);
  void script_step(const Directive& directive);
  void parallel_step(const Directive& directive, std::size_t siblings);
  void step_body(const Directive& directive, const StepSignature& signature);
  void unknown_step(const Directive& directive);
  /// Checks names, number and literal types against the signature.
  NamedArguments arguments(const Directive& directive, const StepSignature& signature);
  void named_argument(const Argument& argument, const StepSignature& signature,
                      NamedArguments& found);
  void argument_type(const Expression& value, const StepParameter& parameter);

  void unsupported(const Span& span, std::string_view what);
  void error(const Span& span, std::string message, std::string hint = {}) {
    diagnostics_.error(span, std::move(message), std::move(hint));
  }

  std::span<const StepSignature> steps_;
  Diagnostics& diagnostics_;
  std::set<std::string, std::less<>> declared_;
};

/// "did you mean 'x'?" for the candidate that is nearest, or nothing.
std::string suggestion(std::string_view word, std::span<const std::string> candidates);

}  // namespace cupel::pipeline::syntax
