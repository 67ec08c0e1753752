// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "pipeline/syntax/words.hpp"

namespace cupel::pipeline::syntax {

namespace {

using Kind = ParameterKind;

bool among(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

StepParameter key(std::string name, Kind kind, std::string about, std::string otherwise = {}) {
  return {std::move(name), kind, false, std::move(about), std::move(otherwise)};
}

StepParameter required(std::string name, Kind kind, std::string about) {
  return {std::move(name), kind, true, std::move(about), {}};
}

const StepParameter& label_key() {
  static const auto made = key("label", Kind::text, "Which nodes will do: 'linux && kvm'.");
  return made;
}
const StepParameter& workspace_key() {
  static const auto made =
      key("customWorkspace", Kind::text, "The directory to work in, absolute or below the node's.");
  return made;
}
const StepParameter& retries_key() {
  static const auto made =
      key("retries", Kind::number, "How often to try again when the node is lost.", "1");
  return made;
}

std::vector<StepParameter> registry_keys() {
  return {
      key("args", Kind::text, "More arguments for running the container."),
      label_key(),
      key("registryUrl", Kind::text, "The registry that has the image."),
      key("registryCredentialsId", Kind::text, "What to log in there with."),
      key("reuseNode", Kind::flag, "Run on the node and in the workspace of the parent.", "false"),
      workspace_key(),
      retries_key()};
}

std::vector<StepParameter> together(std::vector<StepParameter> first,
                                    const std::vector<StepParameter>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

std::span<const StepSignature> agent_types() {
  static const std::vector<StepSignature> types{
      {"label",
       {required("label", Kind::text, "Which nodes will do.")},
       "label",
       false,
       "A node with this label."},
      {"node",
       {label_key(), workspace_key(), retries_key()},
       "",
       false,
       "A node, with more to say about it than its label."},
      {"docker",
       together({required("image", Kind::text, "The image."),
                 key("alwaysPull", Kind::flag, "Pull the image even if it is there.", "false")},
                registry_keys()),
       "image", false, "A container of an image, on a node."},
      {"dockerfile",
       together({key("filename", Kind::text, "The file to build from.", "Dockerfile"),
                 key("dir", Kind::text, "The directory to build in."),
                 key("additionalBuildArgs", Kind::text, "More arguments for building.")},
                registry_keys()),
       "", false, "A container of an image that is built from a Dockerfile of the project."},
      {"kubernetes",
       {key("yaml", Kind::text, "The pod."),
        key("yamlFile", Kind::text, "The file with the pod."),
        key("defaultContainer", Kind::text, "The container that steps run in."),
        label_key(),
        key("containerTemplate", Kind::any, "A container of the pod."),
        key("containerTemplates", Kind::list, "Containers of the pod."),
        key("cloud", Kind::text, "Not used by cupel."),
        key("inheritFrom", Kind::text, "Not used by cupel."),
        key("namespace", Kind::text, "Not used by cupel."),
        key("serviceAccount", Kind::text, "Not used by cupel."),
        key("nodeSelector", Kind::text, "Not used by cupel."),
        key("workingDir", Kind::text, "Not used by cupel."),
        key("activeDeadlineSeconds", Kind::number, "Not used by cupel."),
        key("idleMinutes", Kind::number, "Not used by cupel."),
        key("instanceCap", Kind::number, "Not used by cupel."),
        key("slaveConnectTimeout", Kind::number, "Not used by cupel."),
        key("podRetention", Kind::any, "Not used by cupel."),
        key("supplementalGroups", Kind::text, "Not used by cupel."),
        key("showRawYaml", Kind::flag, "Not used by cupel."),
        key("hostNetwork", Kind::flag, "Not used by cupel."),
        key("runAsUser", Kind::text, "Not used by cupel."),
        key("runAsGroup", Kind::text, "Not used by cupel."),
        key("workspaceVolume", Kind::any, "Not used by cupel."),
        key("yamlMergeStrategy", Kind::any, "Not used by cupel."),
        workspace_key(),
        retries_key()},
       "",
       false,
       "The containers of a pod, in one machine."},
      {"machine",
       {key("box", Kind::text, "The box that it is made of.", "cupel/debian-12"),
        key("cpus", Kind::any, "How many processors it has.", "2"),
        key("memory", Kind::text, "How much memory: '2GiB'.", "1GiB"),
        key("disk", Kind::text, "How large its disk is: '20GiB'.", "as the box has it"),
        key("cpu", Kind::text, "QEMU's -cpu where processors are emulated."),
        key("provision", Kind::any, "What is done to the box first, each step once."),
        key("label", Kind::text, "The node whose settings it starts from."), workspace_key(),
        retries_key()},
       "box",
       false,
       "A machine of its own, as its box and its provisioning say."},
      {"topology",
       {required("file", Kind::text, "A topology.toml of the project.")},
       "file",
       false,
       "Machines with links between them; steps run in `machine('name') { }`."}};
  return types;
}

std::span<const StepSignature> provision_steps() {
  const auto step_name = key("name", Kind::text, "What it is called in the output.");
  const auto environment = key("environment", Kind::map, "More variables: [NAME: 'value'].");
  static const std::vector<StepSignature> steps{
      {"packages",
       {required("names", Kind::any, "Debian packages."), step_name},
       "names",
       false,
       "Installs packages with all they depend on."},
      {"file",
       {required("source", Kind::text, "A file or a directory of the project."),
        required("to", Kind::text, "Where it goes: an absolute path in the machine."), step_name},
       "source",
       false,
       "Copies a file or a directory."},
      {"shell",
       {required("script", Kind::text, "Run by /bin/sh -e, or by its #! line."), step_name,
        environment},
       "script",
       false,
       "Runs a script as root."},
      {"script",
       {required("source", Kind::text, "A file of the project."), step_name, environment},
       "source",
       false,
       "Runs the text of a file as root."}};
  return steps;
}

const StepSignature& container_template() {
  static const StepSignature made{
      "containerTemplate",
      {key("name", Kind::text, "What container() calls it."),
       key("image", Kind::text, "The image."), key("command", Kind::text, "What it runs."),
       key("args", Kind::text, "The arguments of the command."),
       key("ttyEnabled", Kind::flag, "Whether it has a terminal.", "false"),
       key("workingDir", Kind::text, "The directory to work in."),
       key("alwaysPullImage", Kind::flag, "Pull the image even if it is there.", "false"),
       key("privileged", Kind::flag, "Whether it may do everything.", "false"),
       key("envVars", Kind::list, "Variables of its environment."),
       key("ports", Kind::list, "Not used by cupel."),
       key("livenessProbe", Kind::any, "Not used by cupel."),
       key("runAsUser", Kind::text, "The user that it runs as."),
       key("runAsGroup", Kind::text, "The group that it runs as."),
       key("resourceRequestCpu", Kind::text, "Not used by cupel."),
       key("resourceRequestMemory", Kind::text, "Not used by cupel."),
       key("resourceLimitCpu", Kind::text, "Not used by cupel."),
       key("resourceLimitMemory", Kind::text, "Not used by cupel.")},
      "",
      false,
      "A container of the pod."};
  return made;
}

std::span<const StepSignature> option_types() {
  const auto flag = [](std::string about) {
    return std::vector{key("value", Kind::flag, std::move(about), "true")};
  };
  static const std::vector<StepSignature> types{
      {"ansiColor",
       {key("colorMapName", Kind::text, "Not used by cupel.", "xterm")},
       "colorMapName",
       true,
       "Colours of the output are kept."},
      {"buildDiscarder",
       {required("strategy", Kind::any, "logRotator(numToKeepStr: '10', ...)")},
       "strategy",
       false,
       "How many old runs are kept."},
      {"checkoutToSubdirectory",
       {required("directory", Kind::text, "Below the workspace.")},
       "directory",
       false,
       "Where the automatic checkout goes."},
      {"disableConcurrentBuilds",
       {key("abortPrevious", Kind::flag, "Abort the run that is running instead of waiting.",
            "false")},
       "",
       false,
       "One run of the pipeline at a time."},
      {"disableRestartFromStage", {}, "", false, "No run is started from a stage of another."},
      {"disableResume", {}, "", false, "A run does not go on after the server was restarted."},
      {"durabilityHint",
       {required("hint", Kind::text,
                 "MAX_SURVIVABILITY, SURVIVABLE_NONATOMIC or PERFORMANCE_OPTIMIZED")},
       "hint",
       false,
       "How much is kept for going on after a restart."},
      {"keepMachine",
       {key("onFailure", Kind::flag, "Only of a run that did not succeed.", "true"),
        key("time", Kind::number, "How long it stays.", "60"),
        key("unit", Kind::text, "SECONDS, MINUTES, HOURS or DAYS", "MINUTES")},
       "",
       false,
       "Machines stay for a while after the run, paused, to be looked into: cupel ssh RUN."},
      {"lock",
       {key("resource", Kind::text, "The name of the lock."),
        key("label", Kind::text, "Locks with this label."),
        key("quantity", Kind::number, "How many of them.", "all"),
        key("variable", Kind::text, "The variable that gets the name of the lock."),
        key("inversePrecedence", Kind::flag, "The newest run comes first.", "false"),
        key("skipIfLocked", Kind::flag, "Leave out the body if it is locked.", "false"),
        key("priority", Kind::number, "The highest comes first.", "0"),
        key("resourceSelectStrategy", Kind::text, "sequential or random", "sequential"),
        key("extra", Kind::list, "More locks.")},
       "resource",
       true,
       "Holds a lock meanwhile."},
      {"newContainerPerStage", {}, "", false, "Each stage gets a container of its own."},
      {"overrideIndexTriggers",
       {required("value", Kind::flag, "Whether branches are built.")},
       "value",
       false,
       "Whether finding a new branch starts it."},
      {"parallelsAlwaysFailFast", flag("Whether they do."), "value", false,
       "Each parallel and matrix has failFast true."},
      {"preserveStashes",
       {key("buildCount", Kind::number, "Of so many runs, 1 to 50.", "1")},
       "buildCount",
       false,
       "Stashes are kept for runs that are started from a stage."},
      {"quietPeriod",
       {required("quietPeriod", Kind::number, "In seconds.")},
       "quietPeriod",
       false,
       "How long a trigger waits before the run starts."},
      {"rateLimitBuilds",
       {required("throttle", Kind::any, "[count: 3, durationName: 'hour']")},
       "throttle",
       false,
       "No more than so many runs in a time."},
      {"retry",
       {required("count", Kind::number, "How often to try."),
        key("conditions", Kind::list, "What is tried again: agent(), nonresumable().")},
       "count",
       true,
       "Runs the body again when it fails."},
      {"skipDefaultCheckout", flag("Whether it is skipped."), "value", false,
       "No automatic checkout of the project."},
      {"skipStagesAfterUnstable", flag("Whether they are skipped."), "value", false,
       "Stages are skipped once the run is unstable."},
      {"timeout",
       {required("time", Kind::number, "How long, in units."),
        key("unit", Kind::text,
            "NANOSECONDS, MICROSECONDS, MILLISECONDS, SECONDS, MINUTES, HOURS or DAYS", "MINUTES"),
        key("activity", Kind::flag, "Count from the last output.", "false")},
       "time",
       true,
       "Interrupts the body when it takes too long."},
      {"timestamps", {}, "", true, "The time stands before each line of the log."}};
  return types;
}

bool is_stage_option(std::string_view name) {
  static constexpr auto pipeline_only = std::to_array<std::string_view>(
      {"buildDiscarder", "checkoutToSubdirectory", "disableConcurrentBuilds",
       "disableRestartFromStage", "disableResume", "durabilityHint", "keepMachine",
       "newContainerPerStage", "overrideIndexTriggers", "parallelsAlwaysFailFast",
       "preserveStashes", "quietPeriod", "rateLimitBuilds", "skipStagesAfterUnstable"});
  return !among(pipeline_only, name) && !is_foreign_option(name);
}

bool is_foreign_option(std::string_view name) {
  static constexpr auto words = std::to_array<std::string_view>(
      {"authorizationMatrix", "buildBlocker", "copyArtifactPermission", "datadog",
       "disableConcurrentBuildsExtension", "gitLabConnection", "giteaConnection", "github",
       "githubProjectProperty", "jiraProjectProperty", "logstash", "office365ConnectorWebhooks",
       "pipelineTriggers", "rebuildSettings", "sidebarLinks", "throttleJobProperty"});
  return among(words, name);
}

bool is_foreign_parameter(std::string_view name) {
  static constexpr auto words = std::to_array<std::string_view>(
      {"activeChoice", "activeChoiceHtml", "activeChoiceReactiveParam", "buildSelector",
       "checkboxParameter", "extendedChoice", "gitParameter", "hidden", "imageTag",
       "listGitBranches", "persistentBoolean", "persistentChoice", "persistentString",
       "persistentText", "reactiveChoice", "separator", "validatingString"});
  return among(words, name);
}

bool is_foreign_trigger(std::string_view name) {
  static constexpr auto words = std::to_array<std::string_view>(
      {"GenericTrigger", "bitbucketPush", "bitBucketTrigger", "eventTrigger", "gerrit", "giteaPush",
       "githubPullRequests", "githubPush", "githubBranches", "gitlab", "issueCommentTrigger",
       "jiraTrigger", "pullRequestReview", "dockerHubTrigger", "snapshotDependencies", "urlTrigger",
       "ciBuildTrigger", "rabbitMQSubscriber"});
  return among(words, name);
}

std::span<const StepSignature> parameter_types() {
  const auto name = required("name", Kind::text, "The parameter's name.");
  const auto description = key("description", Kind::text, "What people are told about it.");
  const auto initial = [](Kind kind) {
    return key("defaultValue", kind, "What holds if nothing else is given.");
  };
  const auto trimmed = key("trim", Kind::flag, "Leave out blanks at both ends.", "false");
  static const std::vector<StepSignature> types{
      {"string", {name, description, initial(Kind::text), trimmed}, "", false, "A text."},
      {"text", {name, description, initial(Kind::text), trimmed}, "", false, "Lines of text."},
      {"booleanParam", {name, description, initial(Kind::flag)}, "", false, "true or false."},
      {"choice",
       {name, description, required("choices", Kind::any, "A list; the first is the default.")},
       "",
       false,
       "One of several texts."},
      {"password",
       {name, description, initial(Kind::text), key("defaultValueAsSecret", Kind::any, "")},
       "",
       false,
       "A secret text."},
      {"credentials",
       {name, description, initial(Kind::text), key("credentialType", Kind::text, "Which kind."),
        key("required", Kind::flag, "Whether one must be given.", "false")},
       "",
       false,
       "The id of credentials."},
      {"file", {name, description}, "", false, "A file; unstash gets it."},
      {"stashedFile", {name, description}, "name", false, "A file; unstash gets it."},
      {"base64File", {name, description}, "name", false, "A file as Base64."},
      {"run",
       {name, description, required("projectName", Kind::text, "The pipeline."),
        key("filter", Kind::text, "ALL, STABLE, SUCCESSFUL or COMPLETED", "ALL")},
       "",
       false,
       "A run of a pipeline."}};
  return types;
}

std::span<const StepSignature> trigger_types() {
  static const std::vector<StepSignature> types{
      {"cron",
       {required("spec", Kind::text, "Minute, hour, day of month, month, day of week.")},
       "spec",
       false,
       "At times."},
      {"pollSCM",
       {required("scmpoll_spec", Kind::text, "When to look."),
        key("ignorePostCommitHooks", Kind::flag, "Do not listen to the repository.", "false")},
       "scmpoll_spec",
       false,
       "When something was pushed; looks at times."},
      {"upstream",
       {required("upstreamProjects", Kind::text, "Pipelines, with commas."),
        key("threshold", Kind::any, "How they must have ended.", "SUCCESS")},
       "upstreamProjects",
       false,
       "When another pipeline ended."},
      {"parameterizedCron",
       {required("parameterizedSpecification", Kind::text, "Lines of times % NAME=value;...")},
       "parameterizedSpecification",
       false,
       "At times, with parameters."}};
  return types;
}

std::span<const StepSignature> when_conditions() {
  const auto pattern = [](bool must) {
    return StepParameter{"pattern", Kind::text, must, "What it must match.", {}};
  };
  const auto comparator = [](std::string otherwise) {
    return key("comparator", Kind::text, "GLOB, REGEXP or EQUALS", std::move(otherwise));
  };
  static const std::vector<StepSignature> types{
      {"allOf", {}, "", true, "All conditions in the block hold."},
      {"anyOf", {}, "", true, "One condition in the block holds."},
      {"branch", {pattern(true), comparator("GLOB")}, "pattern", false, "The branch is this one."},
      {"buildingTag", {}, "", false, "A tag is built."},
      {"changelog",
       {pattern(true)},
       "pattern",
       false,
       "A message of the new commits matches the regular expression."},
      {"changeRequest",
       {key("id", Kind::text, ""), key("target", Kind::text, ""), key("branch", Kind::text, ""),
        key("fork", Kind::text, ""), key("url", Kind::text, ""), key("title", Kind::text, ""),
        key("author", Kind::text, ""), key("authorDisplayName", Kind::text, ""),
        key("authorEmail", Kind::text, ""), comparator("EQUALS")},
       "",
       false,
       "A change request is built, and its fields are these."},
      {"changeset",
       {pattern(false), comparator("GLOB"), key("glob", Kind::text, "The same as pattern."),
        key("caseSensitive", Kind::flag, "Tell capital letters from small ones.", "false")},
       "pattern",
       false,
       "A file of the new commits matches."},
      {"environment",
       {required("name", Kind::text, "The variable."), required("value", Kind::text, "Its value."),
        key("ignoreCase", Kind::flag, "Take capital and small letters for the same.", "false")},
       "",
       false,
       "A variable of the environment has this value."},
      {"equals",
       {required("expected", Kind::any, "What it must be."),
        required("actual", Kind::any, "What is looked at.")},
       "",
       false,
       "Both are the same."},
      {"expression", {}, "", true, "The Groovy code in the block gives something that is true."},
      {"isRestartedRun", {}, "", false, "The run was started from a stage of another one."},
      {"not", {}, "", true, "The condition in the block does not hold."},
      {"tag", {pattern(false), comparator("GLOB")}, "pattern", false, "The tag is this one."},
      {"triggeredBy",
       {required("cause", Kind::text, "TimerTrigger, SCMTrigger, UserIdCause, ..."),
        key("detail", Kind::text, "The user's id, for UserIdCause.")},
       "cause",
       false,
       "This started the run."}};
  return types;
}

const StepSignature& input_fields() {
  static const StepSignature made{
      "input",
      {required("message", Kind::text, "What is asked."),
       key("id", Kind::text, "What --answer and the interface call it."),
       key("ok", Kind::text, "What the button says.", "Proceed"),
       key("submitter", Kind::text, "Who may answer, with commas."),
       key("submitterParameter", Kind::text, "The variable that gets the name of who answered."),
       key("parameters", Kind::any, "What is asked for.")},
      "message",
      false,
      "Asks a person before the stage goes on."};
  return made;
}

}  // namespace cupel::pipeline::syntax
