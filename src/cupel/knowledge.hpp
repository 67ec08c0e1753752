// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cupel/surroundings.hpp"
#include "fleet/settings.hpp"
#include "pipeline/interpreter/step.hpp"
#include "pipeline/syntax/declarative.hpp"

namespace cupel {

/// Which pipeline is read, to find the settings that hold for it.
struct Whereabouts {
  os::fs::path project = ".";              ///< -C
  os::fs::path file = "Jenkinsfile";       ///< relative to the project; need not be there
  std::optional<os::fs::path> named = {};  ///< --config
};

/// The settings that hold for a pipeline: --config, the cupel.toml found upwards from its
/// directory, the user's, the host's. Fails where the project is no directory.
Result<fleet::SettingsFiles> settings_files(const Whereabouts& where,
                                            const Surroundings& surroundings);
Result<fleet::Settings> settings_of(const Whereabouts& where, const Surroundings& surroundings);

/// What cupel.toml says, as far as reading and checking a pipeline needs it. Runs nothing, asks no
/// network. Immutable; vocabulary() borrows from it.
class Knowledge {
 public:
  static Result<Knowledge> of(fleet::Settings settings, const Surroundings& surroundings);

  const fleet::Settings& settings() const { return settings_; }
  const pipeline::StepTable& steps() const { return steps_; }
  const std::vector<pipeline::syntax::StepSignature>& signatures() const {
    return steps_.signatures();
  }
  pipeline::syntax::Vocabulary vocabulary() const;
  /// Directories whose files are names: vars of libraries.
  const std::vector<os::fs::path>& directories() const { return directories_; }

  /// The pipeline with all that can be said of it without running: mistakes as `cupel lint` finds
  /// them, agents that no node fits, libraries that nobody defines. The last two are errors where
  /// the settings name nodes or libraries, else warnings.
  pipeline::syntax::Jenkinsfile read(const pipeline::syntax::Source& source) const;

 private:
  Knowledge(fleet::Settings settings, pipeline::StepTable steps);
  void learn_libraries(const Surroundings& surroundings);

  fleet::Settings settings_;
  pipeline::StepTable steps_;
  std::vector<std::string> globals_;
  std::vector<os::fs::path> directories_;
  pipeline::syntax::Vocabulary::Others others_ = pipeline::syntax::Vocabulary::Others::unknown;
};

}  // namespace cupel
