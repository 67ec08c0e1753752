// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "os/files.hpp"

namespace cupel {

/// BUILD_URL of a run without a server: its directory.
std::string url_of_run(const os::fs::path& directory);

/// JENKINS_URL, JOB_URL, BUILD_URL, RUN_DISPLAY_URL and the like: without a server files of the
/// run. `state` is where cupel keeps runs.
std::map<std::string, std::string> url_variables(const os::fs::path& run,
                                                 const os::fs::path& artifacts,
                                                 const os::fs::path& jenkinsfile,
                                                 const os::fs::path& state);

}  // namespace cupel
