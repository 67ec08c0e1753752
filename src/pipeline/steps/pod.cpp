// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/pod.hpp"

#include "pipeline/groovy/map.hpp"
#include "pipeline/steps/makers.hpp"

namespace cupel::pipeline::steps {
namespace {

using Kind = syntax::ParameterKind;

/// container('maven') { ... }
class InContainer final : public SignedStep {
 public:
  InContainer()
      : SignedStep({.name = "container",
                    .parameters = {{.name = "name",
                                    .kind = Kind::text,
                                    .required = true,
                                    .about = "of a container of the pod; jnlp: the machine"},
                                   {.name = "shell", .kind = Kind::text, .about = "ignored"}},
                    .default_parameter = "name",
                    .takes_body = true,
                    .about = "Runs the body in a container of the pod around."}) {}
  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    return in_pod_container(TRY(Outcome<std::string>(arguments.text("name"))), context.outer(),
                            [&](Context& inner) { return context.run_body(inner); });
  }
};

/// containerTemplate(name: 'maven', image: 'maven:3', command: 'sleep', args: '9d')
class ContainerTemplate final : public SignedStep {
 public:
  ContainerTemplate()
      : SignedStep({.name = "containerTemplate",
                    .parameters = {{.name = "name",
                                    .kind = Kind::text,
                                    .required = true,
                                    .about = "of the container, for container(...)"},
                                   {.name = "image", .kind = Kind::text, .about = "what it runs"}},
                    .about = "Describes a container, for podTemplate.",
                    .open = true}) {}
  Outcome<Value> run(const Arguments& arguments, StepContext&) const override {
    auto map = std::make_shared<Map>();
    for (const auto& [name, value] : arguments.all())
      TRY(Outcome<void>(map->put(Value(name), value)));
    return Value(std::move(map));
  }
};

/// podTemplate(containers: [...], yaml: '...') { node(POD_LABEL) { ... } }
class PodTemplate final : public SignedStep {
 public:
  PodTemplate()
      : SignedStep(
            {.name = "podTemplate",
             .parameters =
                 {{.name = "label", .kind = Kind::text, .about = "what POD_LABEL is in the body"},
                  {.name = "yaml", .kind = Kind::text, .about = "the pod as Kubernetes writes it"},
                  {.name = "containers",
                   .kind = Kind::list,
                   .about = "containerTemplate(...) each"},
                  {.name = "defaultContainer",
                   .kind = Kind::text,
                   .about = "where steps run outside of container(...)"}},
             .takes_body = true,
             .about = "Gives node(POD_LABEL) in its body a pod of containers.",
             .open = true}) {}
  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    auto plan = std::make_shared<PodPlan>();
    plan->label = TRY(Outcome<std::string>(
        arguments.text("label", "pod-" + std::to_string(context.id().ordinal))));
    plan->default_container = TRY(Outcome<std::string>(arguments.text("defaultContainer", "")));
    if (arguments.has("yaml"))
      plan->containers = TRY(Outcome<std::vector<PodContainer>>(
          pod_containers(TRY(Outcome<std::string>(arguments.text("yaml"))))));
    if (const auto* written = arguments.find("containers"))
      for (const auto& one : TRY(Outcome<std::vector<Value>>(elements(*written))))
        merge(plan->containers, {TRY(container(one))});
    auto inner = context.inner();
    inner.overrides["POD_LABEL"] = plan->label;
    inner.pod_plan = std::move(plan);
    return context.run_body(inner);
  }

 private:
  static Outcome<PodContainer> container(const Value& written) {
    std::vector<std::pair<std::string, Value>> settings;
    if (const auto map = written.as_map())
      for (const auto& [name, value] : map->entries())
        settings.emplace_back(TRY(Outcome<std::string>(to_text(name))), value);
    return Outcome<PodContainer>(pod_container(settings));
  }
};

}  // namespace

std::unique_ptr<Step> make_container() { return std::make_unique<InContainer>(); }
std::unique_ptr<Step> make_container_template() { return std::make_unique<ContainerTemplate>(); }
std::unique_ptr<Step> make_pod_template() { return std::make_unique<PodTemplate>(); }

}  // namespace cupel::pipeline::steps
