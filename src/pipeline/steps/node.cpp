// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/machine_wish.hpp"
#include "pipeline/interpreter/pod.hpp"
#include "pipeline/interpreter/with_node.hpp"
#include "pipeline/interpreter/with_topology.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/place_files.hpp"
#include "pipeline/syntax/words.hpp"

namespace cupel::pipeline::steps {
namespace {

using Kind = syntax::ParameterKind;

/// node('linux && x86') { ... }  |  node { ... }
class Node final : public SignedStep {
 public:
  Node()
      : SignedStep({.name = "node",
                    .parameters = {{.name = "label",
                                    .kind = Kind::text,
                                    .about = "names, joined by && || ! and parentheses",
                                    .otherwise = "any node"}},
                    .default_parameter = "label",
                    .takes_body = true,
                    .about = "Takes a node for the body, with an empty workspace."}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const NodeWish wish{.label = TRY(arguments.text("label", ""))};
    const auto plan = context.here().pod_plan;
    if (!plan || wish.label != plan->label)
      return with_node(wish, context.outer(),
                       [&](Context& inner) { return context.run_body(inner); });
    return with_node({}, context.outer(), [&](Context& inner) {
      return with_pod(*plan, inner, [&](Context& in_pod) { return context.run_body(in_pod); });
    });
  }
};

/// machine(box: 'cupel/tiny', provision: [[shell: 'x']]) { ... }: as agent { machine { ... } }.
/// machine('r1') { ... }: the one of that name in the topology around.
class MachineStep final : public SignedStep {
 public:
  MachineStep()
      : SignedStep({.name = "machine",
                    .parameters = parameters(),
                    .default_parameter = "name",
                    .takes_body = true,
                    .about =
                        "Takes a machine of its own for the body, with an empty workspace; or, "
                        "with a name, runs it on that machine of the topology around."}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    if (arguments.has("name")) {
      if (arguments.all().size() > 1)
        return refuse(
            "machine: the topology says what the machine '{}' is like: leave out the rest",
            TRY(arguments.text("name")));
      return on_machine(TRY(arguments.text("name")), context.outer(),
                        [&](Context& inner) { return context.run_body(inner); });
    }
    NodeWish wish{.label = TRY(arguments.text("label", ""))};
    std::vector<std::pair<std::string, Value>> keys;
    for (const auto& [name, value] : arguments.all())
      if (name != "label") keys.emplace_back(name, value);
    wish.machine = TRY(machine_wish(keys), "machine");
    return with_node(wish, context.outer(),
                     [&](Context& inner) { return context.run_body(inner); });
  }

 private:
  /// Those of the agent; a step that wants another workspace has ws.
  static std::vector<syntax::StepParameter> parameters() {
    auto all = syntax::find_signature(syntax::agent_types(), "machine")->parameters;
    std::erase_if(all, [](const auto& one) {
      return one.name == "customWorkspace" || one.name == "retries";
    });
    all.insert(all.begin(),
               {.name = "name",
                .kind = Kind::text,
                .about = "a machine of the topology around; then nothing else is said"});
    for (auto& one : all)
      if (one.name == "provision") {
        one.kind = Kind::list;
        one.about =
            "What is done to the box first: [[packages: ['x']], [shell: 'y', name: 'z'], "
            "[file: 'a', to: '/b'], [script: 'c', environment: [D: 'e']]].";
      }
    return all;
  }
};

/// ws('dir') { ... }: another directory of this node as the workspace.
class Ws final : public SignedStep {
 public:
  Ws()
      : SignedStep({.name = "ws",
                    .parameters = {{.name = "dir",
                                    .kind = Kind::text,
                                    .required = true,
                                    .about = "absolute, or beside the workspace"}},
                    .default_parameter = "dir",
                    .takes_body = true,
                    .about = "Runs the body in another workspace of this node."}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    auto* node = TRY(context.node());
    const os::fs::path asked = TRY(arguments.text("dir"));
    const auto base = os::fs::path(node->workspace()).parent_path();
    auto directory = (asked.is_absolute() ? asked : base / asked).lexically_normal().string();
    while (directory.size() > 1 && directory.ends_with('/')) directory.pop_back();
    auto made = make_directory(node->place(), directory, context.stop());
    if (!made) return tl::unexpected(context.failure(std::move(made.error())));
    auto inner = context.inner();
    inner.directory = directory;
    inner.overrides["WORKSPACE"] = directory;
    inner.overrides["WORKSPACE_TMP"] = directory + "@tmp";
    context.note("Running in " + directory);
    return context.run_body(inner);
  }
};

/// script { ... }: in a declarative pipeline the way into free Groovy; elsewhere it changes
/// nothing.
class Script final : public SignedStep {
 public:
  Script()
      : SignedStep({.name = "script",
                    .takes_body = true,
                    .about = "Runs its body as a piece of scripted pipeline."}) {}

  Outcome<Value> run(const Arguments&, StepContext& context) const override {
    auto inner = context.inner();
    return context.run_body(inner);
  }
};

}  // namespace

std::unique_ptr<Step> make_node() { return std::make_unique<Node>(); }
std::unique_ptr<Step> make_machine() { return std::make_unique<MachineStep>(); }
std::unique_ptr<Step> make_ws() { return std::make_unique<Ws>(); }
std::unique_ptr<Step> make_script() { return std::make_unique<Script>(); }

}  // namespace cupel::pipeline::steps
