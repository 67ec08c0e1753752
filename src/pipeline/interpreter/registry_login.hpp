// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "pipeline/interpreter/context.hpp"

namespace cupel::pipeline {

/// Where a login to a registry is kept, for a block of the pipeline: a file beside the workspace,
/// not in the home directory, readable by its owner alone.
struct RegistryKey {
  std::string url;
  std::string credentials;  ///< an id: a username with password
  std::string directory;    ///< of the file; absolute
};

/// One for a login that is the same when the run is resumed.
Outcome<RegistryKey> registry_key(const std::string& url, const std::string& credentials,
                                  Context& context);

/// The file itself, which podman, and docker below DOCKER_CONFIG, reads.
std::string auth_file(const std::string& directory);

/// Logs in. Blocks. The password, and what the file holds of it, is hidden in the log.
Outcome<void> log_in(const RegistryKey& key, Context& context);

/// Removes the file, also when the run is being stopped.
void log_out(const std::string& directory, const Context& context);

}  // namespace cupel::pipeline
