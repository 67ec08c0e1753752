// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/unsupported.hpp"

#include <algorithm>
#include <array>

namespace cupel::pipeline::syntax {

namespace {

struct Word {
  Where where;
  std::string_view text;
  friend bool operator==(const Word&, const Word&) = default;
};

constexpr auto words = std::to_array<Word>({
    {Where::pipeline, "triggers"},
    {Where::pipeline, "tools"},
    {Where::pipeline, "libraries"},
    {Where::stage, "when"},
    {Where::stage, "tools"},
    {Where::stage, "input"},
    {Where::stage, "matrix"},
    {Where::agent, "node"},
    {Where::agent, "docker"},
    {Where::agent, "dockerfile"},
    {Where::agent, "dockerContainer"},
    {Where::agent, "kubernetes"},
    {Where::agent, "vagrantfile"},
    {Where::agent, "customWorkspace"},
    {Where::agent, "retries"},
    {Where::option, "ansiColor"},
    {Where::option, "authorizationMatrix"},
    {Where::option, "buildDiscarder"},
    {Where::option, "checkoutToSubdirectory"},
    {Where::option, "copyArtifactPermission"},
    {Where::option, "disableConcurrentBuilds"},
    {Where::option, "disableRestartFromStage"},
    {Where::option, "disableResume"},
    {Where::option, "durabilityHint"},
    {Where::option, "gitLabConnection"},
    {Where::option, "githubProjectProperty"},
    {Where::option, "lock"},
    {Where::option, "newContainerPerStage"},
    {Where::option, "overrideIndexTriggers"},
    {Where::option, "parallelsAlwaysFailFast"},
    {Where::option, "preserveStashes"},
    {Where::option, "quietPeriod"},
    {Where::option, "rateLimitBuilds"},
    {Where::option, "retry"},
    {Where::option, "skipDefaultCheckout"},
    {Where::option, "skipStagesAfterUnstable"},
    {Where::option, "throttleJobProperty"},
    {Where::parameter, "credentials"},
    {Where::parameter, "file"},
    {Where::parameter, "gitParameter"},
    {Where::parameter, "password"},
    {Where::parameter, "run"},
    {Where::parameter, "text"},
    {Where::environment, "credentials"},
    {Where::script, "node"},
    {Where::script, "stage"},
    {Where::script, "parallel"},
    {Where::script, "properties"},
    {Where::script, "podTemplate"},
    {Where::script, "library"},
    {Where::script, "load"},
    {Where::script, "evaluate"},
    {Where::annotation, "Library"},
});

}  // namespace

bool is_unsupported(Where where, std::string_view word) {
  return std::ranges::find(words, Word{where, word}) != words.end();
}

}  // namespace cupel::pipeline::syntax
