// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/interpreter/context.hpp"
#include "pipeline/interpreter/stage_frame.hpp"

namespace cupel::pipeline {

/// A container of a pod, as a pod's YAML or a containerTemplate describes it. What is not here
/// (resources, volumes, probes) has no meaning in a machine of its own.
struct PodContainer {
  std::string name, image;
  std::vector<std::string> command;    ///< in place of the image's entry point; empty: that
  std::vector<std::string> arguments;  ///< in place of the image's command; empty: that
  Variables environment;
  std::string directory;  ///< of the main process
  bool always_pull = false;
};

/// What makes a pod: `podTemplate` gives it to `node(POD_LABEL)`.
struct PodPlan {
  std::string label;
  std::string default_container;  ///< empty: steps run in the machine itself
  std::vector<PodContainer> containers;
};

/// spec.containers of a pod's YAML. invalid: it is no YAML, or no pod; the text says where.
Result<std::vector<PodContainer>> pod_containers(std::string_view yaml);

/// A container by the settings of a containerTemplate: name, image, command, args, envVars, ...
Result<PodContainer> pod_container(const std::vector<std::pair<std::string, Value>>& settings);

/// Those of `more` are added; one that has the name of another takes its place.
void merge(std::vector<PodContainer>& containers, std::vector<PodContainer> more);

/// Runs `body` with the containers on the machine of `context`, which share its workspace and one
/// network; removes them at the end.
Outcome<Value> with_pod(const PodPlan& plan, Context& context, const ContextBody& body);

/// Runs `body` in a container of the pod around. The error names those that there are.
Outcome<Value> in_pod_container(const std::string& name, Context& context, const ContextBody& body);

}  // namespace cupel::pipeline
