// SPDX-License-Identifier: Apache-2.0
#include "cupel/run_urls.hpp"

#include <fmt/format.h>

#include <cctype>
#include <string_view>

namespace cupel {
namespace {

bool stands_for_itself(unsigned char c) {
  return std::isalnum(c) != 0 ||
         std::string_view("-._~/+@,:=").find(static_cast<char>(c)) != std::string_view::npos;
}

std::string url_of(const os::fs::path& path) {
  std::string url = "file://";
  for (const char c : path.string()) {
    const auto byte = static_cast<unsigned char>(c);
    url += stands_for_itself(byte) ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return url;
}

}  // namespace

std::string url_of_run(const os::fs::path& directory) { return url_of(directory) + "/"; }

std::map<std::string, std::string> url_variables(const os::fs::path& run,
                                                 const os::fs::path& artifacts,
                                                 const os::fs::path& jenkinsfile,
                                                 const os::fs::path& state) {
  return {{"JENKINS_URL", url_of(state) + "/"},
          {"HUDSON_URL", url_of(state) + "/"},
          {"JENKINS_HOME", state.string()},
          {"HUDSON_HOME", state.string()},
          {"JOB_URL", url_of(jenkinsfile)},
          {"JOB_DISPLAY_URL", url_of(jenkinsfile)},
          {"BUILD_URL", url_of_run(run)},
          {"RUN_DISPLAY_URL", url_of_run(run)},
          {"RUN_ARTIFACTS_DISPLAY_URL", url_of_run(artifacts)},
          {"RUN_CHANGES_DISPLAY_URL", url_of(run / "log")},
          {"RUN_TESTS_DISPLAY_URL", url_of(run / "record.json")}};
}

}  // namespace cupel
