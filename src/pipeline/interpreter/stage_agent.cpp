// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/map.hpp"
#include "pipeline/interpreter/machine_wish.hpp"
#include "pipeline/interpreter/pod.hpp"
#include "pipeline/interpreter/services.hpp"
#include "pipeline/interpreter/stage_runner.hpp"
#include "pipeline/interpreter/with_container.hpp"
#include "pipeline/interpreter/with_node.hpp"
#include "pipeline/interpreter/with_topology.hpp"

namespace cupel::pipeline {
namespace {

using Kind = syntax::Agent::Kind;

Outcome<std::string> text_of(const syntax::Expression* expression, Context& context,
                             const std::string& otherwise = "") {
  if (!expression) return otherwise;
  return context.run.interpreter.evaluate_text(*expression, context);
}

Outcome<bool> flag_of(const syntax::Expression* expression, Context& context) {
  if (!expression) return false;
  const auto value = TRY(context.run.interpreter.evaluate(*expression, context));
  const auto* text = value.as_text();
  return text ? *text == "true" : truth(value);
}

const syntax::Expression* reuse_node(const syntax::Agent& agent) {
  if (const auto* docker = std::get_if<syntax::DockerAgent>(&agent.container))
    return docker->reuse_node;
  if (const auto* file = std::get_if<syntax::DockerfileAgent>(&agent.container))
    return file->reuse_node;
  return nullptr;
}

/// A step of provision { } as scripts write it: [shell: '...', name: '...'].
Outcome<Value> provisioning_of(const syntax::Provisioning& step, Context& context) {
  const auto evaluate = [&](const syntax::Expression& expression) {
    return context.run.interpreter.evaluate(expression, context);
  };
  auto map = std::make_shared<Map>();
  if (step.kind.text == "packages") {
    auto names = std::make_shared<List>();
    for (const auto* value : step.values) {
      auto one = TRY(evaluate(*value));
      if (const auto list = one.as_list())
        names->items.insert(names->items.end(), list->items.begin(), list->items.end());
      else
        names->items.push_back(std::move(one));
    }
    TRY(Outcome<void>(map->put(Value(step.kind.text), Value(std::move(names)))));
  } else {
    TRY(Outcome<void>(map->put(Value(step.kind.text), TRY(evaluate(*step.values.front())))));
  }
  for (const auto& setting : step.settings)
    TRY(Outcome<void>(map->put(Value(setting.name.text), TRY(evaluate(*setting.value)))));
  return Value(std::move(map));
}

Outcome<MachineWish> wish_of(const syntax::MachineAgent& machine, Context& context) {
  std::vector<std::pair<std::string, Value>> keys;
  for (const auto& [name, value] :
       {std::pair("box", machine.box), std::pair("cpus", machine.cpus),
        std::pair("cpu", machine.cpu), std::pair("memory", machine.memory),
        std::pair("disk", machine.disk)})
    if (value) keys.emplace_back(name, TRY(context.run.interpreter.evaluate(*value, context)));
  auto steps = std::make_shared<List>();
  for (const auto& step : machine.provision)
    steps->items.push_back(TRY(provisioning_of(step, context)));
  keys.emplace_back("provision", Value(std::move(steps)));
  auto wish = machine_wish(keys);
  if (!wish) return raise("hudson.AbortException", "agent machine: {}", wish.error().text());
  return std::move(*wish);
}

/// A small file of the workspace.
Outcome<std::string> read_text(const std::string& path, Context& context) {
  place::Command command;
  command.argv = {"cat", "--", path};
  command.directory = context.directory;
  auto output = place::run_captured(context.node->place(), command, context.stop, 1U << 20);
  if (!output) return tl::unexpected(failure_of(std::move(output.error()), context));
  if (output->exit.status != 0)
    return raise("hudson.AbortException", "there is no file {} in the workspace", path);
  return std::move(output->out);
}

}  // namespace

bool StageRunner::containers_per_stage() const {
  const auto kind = pipeline_->agent.kind;
  return pipeline_->options.new_container_per_stage &&
         (kind == Kind::docker || kind == Kind::dockerfile);
}

Outcome<Value> StageRunner::synthetic(const std::string& name, Context& context, const Body& body) {
  if (!context.path.empty()) return body(context);
  return in_stage(name, Observer::StageKind::stage, context, [&](Context& inner) {
    inner.overrides["STAGE_NAME"] = name;
    auto result = body(inner);
    if (!result) report(result.error(), inner);
    return result;
  });
}

Outcome<Value> StageRunner::with_agent(const syntax::Agent& agent, const syntax::Options& options,
                                       Context& context, const Body& body) {
  if (agent.kind == Kind::none) return body(context);
  if (agent.kind == Kind::topology) return in_topology(agent, options, context, body);
  const bool of_pipeline = &agent == &pipeline_->agent;
  const auto inside = [&](Context& on_node) -> Outcome<Value> {
    if (agent.kind == Kind::kubernetes)
      return in_pod(std::get<syntax::KubernetesAgent>(agent.container), on_node, body);
    const bool container = agent.kind == Kind::docker || agent.kind == Kind::dockerfile;
    if (!container || (of_pipeline && containers_per_stage())) return body(on_node);
    return in_container(agent, on_node, body);
  };
  if (context.node && TRY(flag_of(reuse_node(agent), context))) return inside(context);
  return on_machine(agent, options, context, inside);
}

Outcome<Value> StageRunner::on_machine(const syntax::Agent& agent, const syntax::Options& options,
                                       Context& context, const Body& body) {
  NodeWish wish;
  // A pod's label is its own name, not that of a machine.
  if (agent.kind != Kind::kubernetes) wish.label = TRY(text_of(agent.label_text, context));
  if (agent.machine) wish.machine = TRY(wish_of(*agent.machine, context));
  wish.workspace = TRY(text_of(agent.custom_workspace, context));
  const auto retries = TRY(text_of(agent.retries, context, "1"));
  const auto attempts = std::max<std::int64_t>(parse_integer(retries).value_or(1), 1);
  for (std::int64_t attempt = 1;; ++attempt) {
    bool lost = false;
    ShownBlock shown(context, "node");
    auto result = with_node(wish, context, [&](Context& on_node) -> Outcome<Value> {
      shown.enter();
      const auto known = on_node.overrides.size();
      TRY(check_out(options, on_node));
      std::optional<ShownBlock> variables;
      if (on_node.overrides.size() > known) variables.emplace(on_node, "withEnv").enter();
      auto done = body(on_node);
      const auto exception = done ? nullptr : done.error().exception();
      lost = exception && exception->infrastructure;
      return done;
    });
    if (result || !lost || attempt >= attempts) return result;
    context.note("The agent was lost; trying again");
  }
}

Outcome<Value> StageRunner::in_topology(const syntax::Agent& agent, const syntax::Options& options,
                                        Context& context, const Body& body) {
  const auto file = TRY(text_of(agent.topology, context));
  return with_topology(file, context, [&](Context& inside) -> Outcome<Value> {
    if (!inside.run.scm || !checks_out(options)) return body(inside);
    auto variables = inside.overrides;
    TRY(synthetic("Declarative: Checkout SCM", inside, [&](Context& here) -> Outcome<Value> {
      for (const auto& name : here.topology->names())
        TRY(pipeline::on_machine(name, here, [&](Context& on_node) -> Outcome<Value> {
          TRY(check_out(options, on_node));
          for (const auto& [variable, value] : on_node.overrides)
            if (variable != "STAGE_NAME") variables[variable] = value;
          return Value();
        }));
      return Value();
    }));
    inside.overrides = std::move(variables);
    return body(inside);
  });
}

bool StageRunner::checks_out(const syntax::Options& options) const {
  const auto skip = options.skip_default_checkout ? options.skip_default_checkout
                                                  : pipeline_->options.skip_default_checkout;
  return !skip.value_or(false);
}

Outcome<void> StageRunner::check_out(const syntax::Options& options, Context& context) {
  if (!context.run.scm || !checks_out(options)) return {};
  const auto below = TRY(text_of(pipeline_->options.checkout_directory, context));
  auto directory = context.directory;
  if (!below.empty()) directory = (os::fs::path(directory) / below).lexically_normal().string();
  if (!(directory + "/").starts_with(context.directory + "/"))
    return raise("hudson.AbortException",
                 "checkoutToSubdirectory: '{}' is outside of the workspace", below);
  TRY(synthetic("Declarative: Checkout SCM", context, [&](Context& here) -> Outcome<Value> {
    here.run.observer.block(here.path, {BlockEvent::Edge::called, "checkout"});
    for (auto& [name, value] : TRY(check_out_project(here, directory)))
      if (name != "BRANCH_NAME" || !here.run.base.contains(name))
        context.overrides[name] = std::move(value);
    return Value();
  }));
  return {};
}

Outcome<std::string> StageRunner::image_of(const syntax::Agent& agent, Context& context) {
  if (const auto* docker = std::get_if<syntax::DockerAgent>(&agent.container)) {
    ImageWish wish;
    wish.image = TRY(text_of(docker->image, context));
    wish.registry_url = TRY(text_of(docker->registry_url, context));
    wish.registry_credentials = TRY(text_of(docker->registry_credentials, context));
    if (TRY(flag_of(docker->always_pull, context))) wish.pull = place::Pull::always;
    return provide(wish, context);
  }
  const auto& file = std::get<syntax::DockerfileAgent>(agent.container);
  BuildWish wish;
  wish.registry_url = TRY(text_of(file.registry_url, context));
  wish.registry_credentials = TRY(text_of(file.registry_credentials, context));
  wish.file = TRY(text_of(file.filename, context, "Dockerfile"));
  const auto below = TRY(text_of(file.directory, context));
  wish.directory = (os::fs::path(context.directory) / below).lexically_normal().string();
  while (wish.directory.size() > 1 && wish.directory.ends_with('/')) wish.directory.pop_back();
  for (const auto& [file_or_directory, written] :
       {std::pair(wish.directory, below), std::pair(wish.directory + "/" + wish.file, wish.file)}) {
    const auto path = os::fs::path(file_or_directory).lexically_normal().string();
    if (!(path + "/").starts_with(context.directory + "/"))
      return raise("hudson.AbortException", "dockerfile: '{}' is outside of the workspace",
                   written);
  }
  wish.arguments = TRY(Outcome<std::vector<std::string>>(
      place::shell_words(TRY(text_of(file.build_args, context)))));
  return build(wish, context);
}

Outcome<Value> StageRunner::in_pod(const syntax::KubernetesAgent& agent, Context& context,
                                   const Body& body) {
  PodPlan plan;
  auto yaml = TRY(text_of(agent.yaml, context));
  if (agent.yaml_file) yaml = TRY(read_text(TRY(text_of(agent.yaml_file, context)), context));
  if (!yaml.empty())
    plan.containers = TRY(Outcome<std::vector<PodContainer>>(pod_containers(yaml)));
  for (const auto& written : agent.containers) {
    std::vector<std::pair<std::string, Value>> settings;
    for (const auto& setting : written.settings)
      settings.emplace_back(setting.name.text,
                            TRY(context.run.interpreter.evaluate(*setting.value, context)));
    merge(plan.containers, {TRY(Outcome<PodContainer>(pod_container(settings)))});
  }
  plan.default_container = TRY(text_of(agent.default_container, context));
  return with_pod(plan, context, body);
}

Outcome<Value> StageRunner::in_container(const syntax::Agent& agent, Context& context,
                                         const Body& body) {
  std::string image;
  TRY(synthetic("Declarative: Agent Setup", context, [&](Context& here) -> Outcome<Value> {
    image = TRY(image_of(agent, here));
    return Value();
  }));
  const auto* docker = std::get_if<syntax::DockerAgent>(&agent.container);
  const auto* args =
      docker ? docker->args : std::get<syntax::DockerfileAgent>(agent.container).args;
  return with_container(image, TRY(text_of(args, context)), context, body);
}

}  // namespace cupel::pipeline
