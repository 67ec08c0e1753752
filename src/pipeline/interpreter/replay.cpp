// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "pipeline/interpreter/step.hpp"

namespace cupel::pipeline {
namespace {

// Steps that change nothing outside of the run.
constexpr std::array<std::string_view, 27> reading = {
    "compareVersions", "echo",         "error",        "fileExists",      "findFiles",
    "fingerprint",     "isUnix",       "junit",        "libraryResource", "md5",
    "nodesByLabel",    "println",      "pwd",          "readCSV",         "readFile",
    "readJSON",        "readManifest", "readMavenPom", "readProperties",  "readYaml",
    "recordIssues",    "sha1",         "sha256",       "sha512",          "tool",
    "unstable",        "getContext"};
// Steps that leave the same when they run once more.
constexpr std::array<std::string_view, 28> repeatable = {"archive",      "archiveArtifacts",
                                                         "checkout",     "cleanWs",
                                                         "deleteDir",    "docker.build",
                                                         "docker.login", "docker.logout",
                                                         "docker.pull",  "docker.push",
                                                         "docker.run",   "docker.stop",
                                                         "docker.tag",   "git",
                                                         "publishHTML",  "resolveScm",
                                                         "stash",        "tar",
                                                         "touch",        "unarchive",
                                                         "unstash",      "untar",
                                                         "unzip",        "writeCSV",
                                                         "writeFile",    "writeJSON",
                                                         "writeYaml",    "zip"};
// Steps that only arrange for their body.
constexpr std::array<std::string_view, 15> arranging = {
    "ansiColor", "buildDescription", "buildName", "catchError", "dir",
    "node",      "parallel",         "retry",     "script",     "stage",
    "timeout",   "timestamps",       "warnError", "withEnv",    "wrap"};
// Steps that find what they began.
constexpr std::array<std::string_view, 2> going_on = {"sh", "sleep"};
// Steps without a body that bring code.
constexpr std::array<std::string_view, 3> bringing = {"evaluate", "library", "load"};

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
