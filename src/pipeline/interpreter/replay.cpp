// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "pipeline/interpreter/step.hpp"

namespace cupel::pipeline {
namespace {

// clang-format off
// Steps that change nothing outside of the run.
constexpr auto reading = std::to_array<std::string_view>({
    "bat", "compareVersions", "docker.port", "echo", "error", "fileExists", "fingerprint",
    "getContext", "isUnix", "libraryResource", "md5", "nodesByLabel", "powershell",
    "println", "pwd", "readFile", "readJSON", "readManifest", "readProperties",
    "readYaml", "recordIssues", "sha1", "sha256", "sha512", "tool", "unstable",
    "waitForQualityGate"});
// Steps that leave the same when they run once more.
constexpr auto repeatable = std::to_array<std::string_view>({
    "allure", "archive", "archiveArtifacts", "checkout", "cleanWs", "clover", "cobertura",
    "copyArtifacts", "deleteDir", "docker.build", "docker.login", "docker.logout",
    "docker.pull", "docker.push", "docker.run", "docker.stop", "docker.tag", "git", "jacoco",
    "milestone", "perfReport", "plot", "publishCoverage", "publishHTML", "reboot", "recordCoverage",
    "resolveScm", "stash", "tar", "touch", "unarchive", "unstash", "untar", "unzip", "writeCSV",
    "writeFile", "writeJSON", "writeYaml", "xunit", "zip"});
// Steps that only arrange for their body.
constexpr auto arranging = std::to_array<std::string_view>({
    "ansiColor", "buildDescription", "buildName", "catchError", "dir", "link", "machine", "node", "onMachines", "parallel",
    "properties", "retry", "script", "stage", "timeout", "timestamps", "topology", "warnError", "withEnv",
    "wrap"});
// Steps that find what they began.
constexpr auto going_on = std::to_array<std::string_view>({
    "sh", "sleep"});
// Steps without a body that bring code, or objects of what they record.
constexpr auto bringing = std::to_array<std::string_view>({
    "build", "evaluate", "findFiles", "input", "junit", "library", "load", "readCSV",
    "readMavenPom"});
// clang-format on

template <std::size_t N>
bool in(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Replay replay_of(const syntax::StepSignature& signature) {
  const std::string_view name = signature.name;
  if (in(reading, name)) return Replay::reads;
  if (in(repeatable, name)) return Replay::repeatable;
  if (in(arranging, name)) return Replay::code;
  if (in(going_on, name)) return Replay::goes_on;
  if (in(bringing, name) || signature.takes_body) return Replay::acquires;
  return Replay::once;
}

}  // namespace cupel::pipeline
