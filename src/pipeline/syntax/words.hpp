// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/syntax/signature.hpp"

namespace cupel::pipeline::syntax {

// The words of declarative Pipeline, in tables for the validator, `cupel steps` and editors.

/// A section or directive that is a block or a word of its own.
struct Section {
  std::string name;
  std::string about;
};
/// What may stand in pipeline { }, in stage { }, in matrix { } and in when { } beside conditions.
std::span<const Section> pipeline_sections();
std::span<const Section> stage_sections();
std::span<const Section> matrix_sections();
std::span<const Section> when_flags();
/// always, changed, ...: in the order in which they run.
std::span<const Section> post_conditions();

/// Agents with their keys: docker's image, args, ...; `label` is the key of `agent { label 'x' }`.
std::span<const StepSignature> agent_types();
/// Keys of containerTemplate { } in an agent of kind kubernetes.
const StepSignature& container_template();
/// What machine { provision { } } consists of. `names` of packages may be several.
std::span<const StepSignature> provision_steps();
/// Options with their parameters; those that are steps with a body are marked as such.
std::span<const StepSignature> option_types();
/// Those that a stage may have, too.
bool is_stage_option(std::string_view name);
/// Known of Jenkins' plugins, without effect here.
bool is_foreign_option(std::string_view name);
/// Those that are properties of the job, so that properties([...]) may have them too.
bool is_job_property(std::string_view name);
std::span<const StepSignature> parameter_types();
bool is_foreign_parameter(std::string_view name);
std::span<const StepSignature> trigger_types();
bool is_foreign_trigger(std::string_view name);
/// Conditions of when { }; not, allOf and anyOf take a body.
std::span<const StepSignature> when_conditions();
/// The fields of input { }.
const StepSignature& input_fields();

/// The names in a table.
std::vector<std::string> names_of(std::span<const StepSignature> table);
std::vector<std::string> names_of(std::span<const Section> table);

}  // namespace cupel::pipeline::syntax
