// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

/// nodesByLabel 'linux'  |  nodesByLabel label: 'linux && kvm', offline: true
class NodesByLabel final : public SignedStep {
 public:
  NodesByLabel()
      : SignedStep(step("nodesByLabel", "label", "The names of the nodes that a label fits",
                        {needs("label", Kind::text, "Names, joined by && || ! and parentheses"),
                         takes("offline", Kind::flag, "false",
                               "Whether nodes that are off are told too; here none is")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto label = TRY(arguments.text("label"));
    const auto names = context.run().nodes.named_by(label);
    if (!names) return raise("hudson.AbortException", "nodesByLabel: {}", names.error().text());
    context.print(
        fmt::format("Found a total of {} nodes with the '{}' label", names->size(), label));
    std::vector<Value> all;
    for (const auto& name : *names) all.emplace_back(name);
    return Value::list(std::move(all));
  }
};

}  // namespace

std::unique_ptr<Step> make_nodes_by_label() { return std::make_unique<NodesByLabel>(); }

}  // namespace cupel::pipeline::steps
