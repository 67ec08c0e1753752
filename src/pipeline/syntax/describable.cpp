// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/describable.hpp"

#include <algorithm>
#include <array>

namespace cupel::pipeline::syntax {
namespace {

// In the order of their names.
constexpr std::array known = {
    Describable{"GenericTrigger", ""},
    Describable{"acuCobol", ""},
    Describable{"agent", ""},
    Describable{"allBranchesSame", ""},
    Describable{"always", ""},
    Describable{"ansibleLint", ""},
    Describable{"antFromApache", "id"},
    Describable{"booleanParam", ""},
    Describable{"brakeman", ""},
    Describable{"buildDiscarder", "strategy"},
    Describable{"buildParameter", "parameterName"},
    Describable{"cargo", ""},
    Describable{"certificate", ""},
    Describable{"checkStyle", ""},
    Describable{"choice", ""},
    Describable{"clang", ""},
    Describable{"clangAnalyzer", ""},
    Describable{"clangTidy", ""},
    Describable{"cmake", ""},
    Describable{"configFile", ""},
    Describable{"cppCheck", ""},
    Describable{"cppLint", ""},
    Describable{"credentials", ""},
    Describable{"cron", "spec"},
    Describable{"culprits", ""},
    Describable{"developers", ""},
    Describable{"disableConcurrentBuilds", ""},
    Describable{"disableResume", ""},
    Describable{"dockerCert", ""},
    Describable{"doxygen", ""},
    Describable{"durabilityHint", "hint"},
    Describable{"esLint", ""},
    Describable{"file", ""},
    Describable{"findBugs", ""},
    Describable{"flake8", ""},
    Describable{"gcc", ""},
    Describable{"gcc3", ""},
    Describable{"gcc4", ""},
    Describable{"gnat", ""},
    Describable{"goLint", ""},
    Describable{"goVet", ""},
    Describable{"hadoLint", ""},
    Describable{"issueCommentTrigger", "commentPattern"},
    Describable{"java", ""},
    Describable{"javaDoc", ""},
    Describable{"kotlin", ""},
    Describable{"kubernetesAgent", ""},
    Describable{"lastCompleted", ""},
    Describable{"lastSuccessful", ""},
    Describable{"lastWithArtifacts", ""},
    Describable{"latestSavedBuild", ""},
    Describable{"logRotator", ""},
    Describable{"mavenConsole", ""},
    Describable{"msBuild", ""},
    Describable{"myPy", ""},
    Describable{"nonresumable", ""},
    Describable{"overrideIndexTriggers", "enableTriggers"},
    Describable{"parameters", "parameterDefinitions"},
    Describable{"password", ""},
    Describable{"pep8", ""},
    Describable{"permalink", "id"},
    Describable{"phpCodeSniffer", ""},
    Describable{"pipelineTriggers", "triggers"},
    Describable{"pmdParser", ""},
    Describable{"pollSCM", "scmpoll_spec"},
    Describable{"preserveStashes", ""},
    Describable{"pyDocStyle", ""},
    Describable{"pyLint", ""},
    Describable{"rateLimitBuilds", "throttle"},
    Describable{"requestor", ""},
    Describable{"rspec", ""},
    Describable{"run", ""},
    Describable{"rustAnalyzer", ""},
    Describable{"sarif", ""},
    Describable{"shellCheck", ""},
    Describable{"specific", "buildNumber"},
    Describable{"spotBugs", ""},
    Describable{"sshUserPrivateKey", ""},
    Describable{"string", ""},
    Describable{"taskScanner", ""},
    Describable{"text", ""},
    Describable{"throttle", ""},
    Describable{"throttleJobProperty", ""},
    Describable{"tsLint", ""},
    Describable{"upstream", ""},
    Describable{"usernameColonPassword", ""},
    Describable{"usernamePassword", ""},
    Describable{"vault", ""},
    Describable{"workspace", ""},
    Describable{"yamlLint", ""},
};
static_assert(std::ranges::is_sorted(known, {}, &Describable::name));

}  // namespace

const Describable* find_describable(std::string_view name) {
  const auto found = std::ranges::lower_bound(known, name, {}, &Describable::name);
  return found != known.end() && found->name == name ? &*found : nullptr;
}

}  // namespace cupel::pipeline::syntax
