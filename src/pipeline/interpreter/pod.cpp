// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/pod.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "pipeline/groovy/map.hpp"
#include "pipeline/groovy/yaml_text.hpp"
#include "pipeline/interpreter/container_node.hpp"
#include "pipeline/interpreter/with_container.hpp"

namespace cupel::pipeline {

/// The containers that run, by their names, and the machine below them.
class Pod {
 public:
  std::shared_ptr<HeldNode> machine;  // shared: as contexts hold it
  /// In the order of their start: the first has the network of the others.
  std::vector<std::pair<std::string, HeldContainer>> containers;

  const HeldContainer* find(const std::string& name) const {
    for (const auto& [known, container] : containers)
      if (known == name) return &container;
    return nullptr;
  }
  ~Pod() {
    while (!containers.empty()) containers.pop_back();
  }
};

namespace {

/// The machine itself: what runs Jenkins' agent in a pod.
constexpr std::string_view agent_container = "jnlp";

const Value* field(const Value& map, std::string_view name) {
  const auto held = map.as_map();
  return held ? std::as_const(*held).find(name) : nullptr;
}

Result<std::string> text_field(const Value& map, std::string_view name) {
  const auto* value = field(map, name);
  return value && !value->is_null() ? to_text(*value) : Result<std::string>(std::string());
}

Result<std::vector<std::string>> list_field(const Value& map, std::string_view name) {
  std::vector<std::string> texts;
  const auto* value = field(map, name);
  if (!value || value->is_null()) return texts;
  for (const auto& item : TRY(elements(*value))) texts.push_back(TRY(to_text(item)));
  return texts;
}

Result<PodContainer> container_of(const Value& written) {
  PodContainer made;
  made.name = TRY(text_field(written, "name"));
  made.image = TRY(text_field(written, "image"));
  made.command = TRY(list_field(written, "command"));
  made.arguments = TRY(list_field(written, "args"));
  made.directory = TRY(text_field(written, "workingDir"));
  made.always_pull = TRY(text_field(written, "imagePullPolicy")) == "Always";
  if (const auto* environment = field(written, "env"); environment && environment->as_list())
    for (const auto& one : environment->as_list()->items)
      made.environment[TRY(text_field(one, "name"))] = TRY(text_field(one, "value"));
  if (made.name.empty()) return fail(Fault::invalid, "a container of the pod has no name");
  if (made.image.empty() && made.name != agent_container)
    return fail(Fault::invalid, "the pod's container '{}' has no image", made.name);
  return made;
}

}  // namespace

Result<std::vector<PodContainer>> pod_containers(std::string_view yaml) {
  std::vector<PodContainer> made;
  for (const auto& document : TRY(parse_yaml(yaml), "the pod's YAML")) {
    const auto* spec = field(document, "spec");
    const auto* containers = spec ? field(*spec, "containers") : nullptr;
    if (!containers || !containers->as_list())
      return fail(Fault::invalid, "the pod's YAML has no spec.containers");
    for (const auto& one : containers->as_list()->items) made.push_back(TRY(container_of(one)));
  }
  return made;
}

Result<PodContainer> pod_container(const std::vector<std::pair<std::string, Value>>& settings) {
  PodContainer made;
  for (const auto& [name, value] : settings) {
    if (name == "envVars") {
      for (const auto& one : TRY(elements(value)))
        made.environment[TRY(text_field(one, "key"))] = TRY(text_field(one, "value"));
      continue;
    }
    const auto text = TRY(to_text(value));
    if (name == "name") made.name = text;
    if (name == "image") made.image = text;
    if (name == "workingDir") made.directory = text;
    if (name == "alwaysPullImage") made.always_pull = text == "true";
    if (name == "command") made.command = TRY(place::shell_words(text));
    if (name == "args") made.arguments = TRY(place::shell_words(text));
  }
  if (made.name.empty()) return fail(Fault::invalid, "a containerTemplate has no name");
  if (made.image.empty() && made.name != agent_container)
    return fail(Fault::invalid, "the containerTemplate '{}' has no image", made.name);
  return made;
}

void merge(std::vector<PodContainer>& containers, std::vector<PodContainer> more) {
  for (auto& one : more) {
    const auto known = std::find_if(containers.begin(), containers.end(),
                                    [&](const auto& other) { return other.name == one.name; });
    if (known == containers.end())
      containers.push_back(std::move(one));
    else
      *known = std::move(one);
  }
}

namespace {

Outcome<HeldContainer> start(const PodContainer& wanted, const std::string& network,
                             Context& context) {
  const auto machine = TRY(require_machine(context));
  ImageWish wish{wanted.image};
  if (wanted.always_pull) wish.pull = place::Pull::always;
  place::ContainerOrder order;
  order.image = TRY(provide(wish, context));
  order.name = TRY(container_name(context));
  order.mark = container_mark(context);
  order.mounts = {machine->workspace(), machine->workspace_tmp()};
  order.directory = wanted.directory;
  order.entry_point = wanted.command;
  order.command = wanted.arguments;
  order.environment = wanted.environment;
  if (!network.empty()) order.arguments = {"--network", "container:" + network};
  return HeldContainer::start(machine, order, context);
}

Outcome<void> start_all(const PodPlan& plan, Pod& pod, Context& context) {
  for (const auto& wanted : plan.containers) {
    if (wanted.name == agent_container) continue;
    const auto network = pod.containers.empty() ? "" : pod.containers.front().second.name();
    pod.containers.emplace_back(wanted.name, TRY(start(wanted, network, context)));
    context.note("Started the container " + wanted.name + " of " + wanted.image);
  }
  return {};
}

}  // namespace

Outcome<Value> with_pod(const PodPlan& plan, Context& context, const ContextBody& body) {
  const auto pod = std::make_shared<Pod>();  // shared: contexts hold it
  pod->machine = TRY(require_machine(context));
  const auto run = [&]() -> Outcome<Value> {
    TRY(start_all(plan, *pod, context));
    auto inner = context;
    inner.pod = pod;
    if (plan.default_container.empty()) return body(inner);
    return in_pod_container(plan.default_container, inner, body);
  };
  auto result = run();
  for (auto it = pod->containers.rbegin(); it != pod->containers.rend(); ++it)
    it->second.remove(context);
  return result;
}

Outcome<Value> in_pod_container(const std::string& name, Context& context,
                                const ContextBody& body) {
  if (!context.pod)
    return raise("hudson.AbortException",
                 "there is no pod here for the container '{}': agent {{ kubernetes }} or "
                 "podTemplate makes one",
                 name);
  auto inner = context;
  inner.overrides.erase("PATH");
  if (const auto* found = context.pod->find(name)) {
    inner.node = found->node();
    return body(inner);
  }
  if (name == agent_container) {
    inner.node = context.pod->machine;
    return body(inner);
  }
  std::vector<std::string> known = {std::string(agent_container)};
  for (const auto& [one, _] : context.pod->containers) known.push_back(one);
  return raise("hudson.AbortException", "the pod has no container '{}'; it has: {}", name,
               join(known, ", "));
}

}  // namespace cupel::pipeline
