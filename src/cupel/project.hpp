// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cupel/surroundings.hpp"
#include "fleet/catalog.hpp"
#include "fleet/settings.hpp"
#include "pipeline/interpreter/step.hpp"
#include "pipeline/syntax/declarative.hpp"

namespace cupel {

/// A project's pipeline, read and checked. The parts refer to each other: stays where it is.
struct Project {
  os::fs::path directory;  ///< absolute
  os::fs::path jenkinsfile;
  std::unique_ptr<pipeline::syntax::Source> source;
  pipeline::syntax::Jenkinsfile pipeline;
  /// Of the workspace, and the last word of JOB_NAME.
  std::string name() const;
};

/// The settings that hold for a project: its own, the user's, the host's.
Result<fleet::Settings> settings_of(const os::fs::path& directory,
                                    const std::optional<os::fs::path>& named,
                                    const Surroundings& surroundings);

/// cupel's steps, and those that these settings map.
Result<pipeline::StepTable> known_steps(const os::fs::path& directory,
                                        const Surroundings& surroundings);

/// Fails only if there is nothing to read. What is wrong in the text is in pipeline.diagnostics.
Result<Project> open_project(const os::fs::path& directory, const std::string& jenkinsfile,
                             const pipeline::StepTable& steps);

/// Every literal label of the pipeline that no node of the catalog has, as diagnostics.
std::vector<pipeline::syntax::Diagnostic> unknown_labels(const pipeline::syntax::Pipeline& pipeline,
                                                         const fleet::Catalog& catalog);

/// At most so many mistakes are shown where they are in the way; `cupel lint` shows all.
inline constexpr std::size_t shown_mistakes = 20;
std::string mistakes(const pipeline::syntax::Source& source,
                     const std::vector<pipeline::syntax::Diagnostic>& diagnostics);

}  // namespace cupel
