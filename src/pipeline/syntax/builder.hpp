// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pipeline/syntax/declarative.hpp"
#include "pipeline/syntax/directive.hpp"

namespace cupel::pipeline::syntax {

/// The arguments of a checked call by the parameters' names.
class NamedArguments {
 public:
  /// False if it is there already.
  bool add(std::string_view name, const Expression* value) {
    return values_.emplace(name, value).second;
  }
  bool has(std::string_view name) const { return values_.contains(name); }
  bool empty() const { return values_.empty(); }
  /// Null if it was not given.
  const Expression* find(std::string_view name) const;
  /// The text of a literal, or null.
  const std::string* text(std::string_view name) const;
  /// Whether it is the literal true (or what holds otherwise, if it is no literal).
  bool flag(std::string_view name, bool otherwise = false) const;

 private:
  std::map<std::string_view, const Expression*, std::less<>> values_;
};

/// Makes the model of a declarative pipeline and reports whatever is wrong with it on the way.
/// Each group of methods lies in the file of its name.
class PipelineBuilder {
 public:
  PipelineBuilder(const Vocabulary& vocabulary, Diagnostics& diagnostics);

  /// Names that the script itself declares: calling them is no unknown step. Finds out whether
  /// the script loads libraries, which may declare any name.
  void declare(const Script& script);

  Pipeline pipeline(const Directive& directive);
  /// That of its block; `name` is where to point at for what is missing.
  Pipeline pipeline(const Block& body, const Span& name);

  /// A statement outside of any pipeline { }.
  void script_statement(const Statement& statement);

  /// What the pipeline, if there is one, and the code that was seen say of the job.
  JobProperties job(const std::optional<Pipeline>& pipeline) const;

 private:
  enum class Inside { sequence, parallel, matrix };
  enum class Of { pipeline, stage };
  /// Which sections a block has had: each may come once.
  using Seen = std::map<std::string_view, Span, std::less<>>;
  using Siblings = std::vector<const Directive*>;

  // builder_sections.cpp
  void pipeline_section(const Directive& section, Pipeline& pipeline);
  void unknown_section(const Directive& section);
  bool first_of_its_kind(const Directive& section, Seen& seen);
  /// The block of `name { }`, or an error.
  const Block* block(const Directive& directive);
  /// The same, which must not be empty.
  const Block* filled_block(const Directive& directive);
  /// Each statement of the block as a directive; what is none gives the error.
  std::vector<Directive> directives(const Block& block, std::string_view expected);
  std::vector<PostBlock> post(const Directive& section);
  std::vector<Tool> tools(const Directive& section);
  std::vector<LibraryUse> libraries(const Directive& section);

  // builder_stages.cpp
  std::vector<Stage> stages(const Directive& section, Inside inside);
  std::optional<Stage> stage(const Directive& directive, Inside inside);
  /// What stages and matrices have in common; false: it is none of these.
  bool common_section(const Directive& section, StageSections& sections);
  void stage_section(const Directive& section, Stage& stage, Seen& bodies, Inside inside);
  void unknown_stage_section(const Directive& section);
  void check_bodies(const Stage& stage, const Seen& bodies);
  void check_sections(const Stage& stage, const Seen& seen, const Seen& bodies);
  bool fail_fast(const Directive& section);

  // builder_matrix.cpp
  Matrix matrix(const Directive& section);
  void matrix_section(const Directive& section, Matrix& matrix);
  std::vector<Axis> axes(const Directive& section);
  std::optional<Axis> axis(const Directive& directive);
  std::vector<Exclude> excludes(const Directive& section);
  Exclude exclude(const Directive& directive);
  std::optional<ExcludedAxis> excluded_axis(const Directive& directive);
  Name axis_name(const Directive& key);
  std::vector<Name> axis_values(const Directive& key);
  void check_matrix(const Directive& section, const Matrix& matrix, const Seen& seen);

  // builder_agent.cpp
  Agent agent(const Directive& section);
  void agent_type(const Directive& type, Agent& agent);
  /// The keys of `type { key value ... }`, or of `type 'value'`.
  NamedArguments agent_keys(const Directive& type, const StepSignature& signature);
  void agent_label(const Expression& value, Agent& agent);
  KubernetesAgent kubernetes(const Directive& type, const NamedArguments& given);
  ContainerTemplate container(const Directive& directive);
  std::vector<ContainerTemplate> containers(const Expression& list);

  // builder_machine.cpp
  MachineAgent machine(const Directive& type, const NamedArguments& given);
  void machine_literals(const MachineAgent& machine);
  std::vector<Provisioning> provision(const Directive& section);
  std::optional<Provisioning> provisioning(const Directive& directive);
  void provisioning_values(const Provisioning& step, const StepSignature& signature);
  void provisioning_setting(const Argument& argument, const StepSignature& signature,
                            Provisioning& step);
  void project_file(const Expression& value);

  // builder_options.cpp
  Options options(const Directive& section, Of of);
  void option(const Directive& directive, Of of, Options& options);
  void wrapper(const Directive& directive, const NamedArguments& given, Options& options);
  void job_option(const Directive& directive, const NamedArguments& given, Options& options);
  void unknown_option(const Directive& directive, Of of);
  Timeout timeout(const Directive& option, const NamedArguments& given);
  KeepMachine keep_machine(const Directive& option, const NamedArguments& given);
  BuildDiscarder build_discarder(const Directive& option, const Expression& strategy);
  RateLimit rate_limit(const Expression& throttle);

  // builder_when.cpp
  When when(const Directive& section);
  std::optional<Condition> condition(const Directive& directive);
  std::optional<Condition> nested_condition(const Directive& directive);
  std::vector<Condition> conditions(const Block& block);
  Condition::Kind simple_condition(const Directive& directive, const NamedArguments& given);
  Comparator comparator(const NamedArguments& given, Comparator otherwise);

  // builder_values.cpp
  std::vector<EnvironmentEntry> environment(const Directive& section);
  std::optional<EnvironmentEntry> environment_entry(const Statement& statement);
  void environment_value(EnvironmentEntry& entry);
  void environment_call(EnvironmentEntry& entry, const Call& call);

  // builder_parameters.cpp
  std::vector<BuildParameter> parameters(const Directive& section);
  std::optional<BuildParameter> parameter(const Directive& directive);
  BuildParameter foreign_parameter(const Directive& directive);
  void choices(const Expression& value, BuildParameter& parameter);
  std::vector<Trigger> triggers(const Directive& section);
  std::optional<Trigger> trigger(const Directive& directive);
  void check_cron(const Expression* spec, Trigger::Kind kind);
  Input input(const Directive& section);

  // builder_properties.cpp
  /// properties([...]) in code: false if what it is given is known at run time only.
  bool properties(const Directive& directive);
  void job_property(const Expression& value);
  void class_property(const MapLiteral& map);
  void unknown_property(const Directive& directive);
  void job_parameters(const Expression* list);
  std::optional<BuildParameter> job_parameter(const Expression& value);
  std::optional<BuildParameter> class_parameter(const MapLiteral& map);
  void job_triggers(const Expression* list);
  /// A name that cupel does not know may be a function of the file's own, or of a library's.
  bool may_be_declared(std::string_view name) const;

  // builder_steps.cpp
  void steps(const Block& block);
  void step(const Directive& directive, std::size_t siblings);
  void script_step(const Directive& directive);
  void parallel_step(const Directive& directive, std::size_t siblings);
  void step_body(const Directive& directive, const StepSignature& signature);
  /// Any name may be a variable of a library, also that of a step.
  bool may_be_of_library() const;
  void unknown_step(const Directive& directive);
  void credential_bindings(const Directive& directive);
  const StepSignature* find_step(std::string_view name) const;

  // builder_script.cpp
  class ScriptWalk;
  /// Groovy code: only what is certain about it is checked.
  void script_block(const Block& block);
  void script_value(const Expression& value);
  /// Of calls whose arguments are no ordinary code: properties and pipeline. Checks them.
  bool takes_over(const Directive& directive);
  /// A call that may be one of these, where it is not certain what it calls.
  void may_declare(std::string_view name);
  void script_call(const Directive& directive);
  void script_arguments(const Directive& directive, const StepSignature& signature);

  // builder_arguments.cpp
  /// Checks names, number and literal types against the signature.
  NamedArguments arguments(const Directive& directive, const StepSignature& signature);
  void named_argument(const Argument& argument, const StepSignature& signature,
                      NamedArguments& found);
  void argument_type(const Expression& value, const StepParameter& parameter);

  void error(const Span& span, std::string message, std::string hint = {}) {
    diagnostics_.error(span, std::move(message), std::move(hint));
  }
  void warning(const Span& span, std::string message, std::string hint = {}) {
    diagnostics_.warning(span, std::move(message), std::move(hint));
  }

  const Vocabulary& vocabulary_;
  Diagnostics& diagnostics_;
  std::unordered_map<std::string_view, const StepSignature*> steps_;
  std::set<std::string, std::less<>> declared_;
  bool has_libraries_ = false;
  JobProperties job_;  ///< by calls of properties
};

/// "did you mean 'x'?" for the candidate that is nearest, or nothing.
std::string suggestion(std::string_view word, std::span<const std::string> candidates);
/// The names in brackets, as Jenkins lists what is possible.
std::string bracketed(std::span<const std::string> names);

}  // namespace cupel::pipeline::syntax
