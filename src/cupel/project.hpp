// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fleet/catalog.hpp"
#include "os/files.hpp"
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

/// Makes a tree of a text, with its mistakes.
using Reading = std::function<pipeline::syntax::Jenkinsfile(const pipeline::syntax::Source&)>;

/// Fails only if there is nothing to read. What is wrong in the text is in pipeline.diagnostics.
Result<Project> open_project(const os::fs::path& directory, const std::string& jenkinsfile,
                             const Reading& reading);

/// What a pipeline's agents name as literals and is not there, as diagnostics.
struct UnknownPlaces {
  std::vector<pipeline::syntax::Diagnostic> labels;  ///< that no node of the catalog has
  std::vector<pipeline::syntax::Diagnostic> boxes;   ///< of its machines, whatever the settings
};
UnknownPlaces unknown_places(const pipeline::syntax::Pipeline& pipeline,
                             const fleet::Catalog& catalog);

/// Adds what is wrong with the topologies that a pipeline's agents name as literals; files of the
/// project in `directory`, which are read.
void check_topologies(pipeline::syntax::Jenkinsfile& file, const os::fs::path& directory);

/// The labels of node('label') { } in code, as warnings: it may never be reached, or be node() of
/// something else.
std::vector<pipeline::syntax::Diagnostic> unknown_nodes(const pipeline::syntax::Script& script,
                                                        const fleet::Catalog& catalog);

/// At most so many mistakes are shown where they are in the way; `cupel lint` shows all.
inline constexpr std::size_t shown_mistakes = 20;
std::string mistakes(const pipeline::syntax::Source& source,
                     const std::vector<pipeline::syntax::Diagnostic>& diagnostics);

}  // namespace cupel
