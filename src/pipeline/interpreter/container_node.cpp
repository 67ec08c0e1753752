// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/container_node.hpp"

namespace cupel::pipeline {
namespace {

class ContainerLease final : public Lease {
 public:
  ContainerLease(std::shared_ptr<HeldNode> machine, std::unique_ptr<place::Container> container)
      : machine_(std::move(machine)), container_(std::move(container)) {}

  place::Place& place() override { return *container_; }
  std::string node_name() const override { return machine_->lease().node_name(); }
  std::string workspace() const override { return machine_->workspace(); }
  std::map<std::string, std::string> environment() const override {
    auto environment = machine_->variables();
    environment.erase("PATH");
    return environment;
  }
  std::optional<Trouble> trouble() const override { return machine_->lease().trouble(); }
  void set_outcome(Outcome outcome) override { machine_->lease().set_outcome(outcome); }

 private:
  std::shared_ptr<HeldNode> machine_;  // shared: the contexts around hold it too
  std::unique_ptr<place::Container> container_;
};

}  // namespace

std::shared_ptr<HeldNode> container_node(std::shared_ptr<HeldNode> machine,
                                         std::unique_ptr<place::Container> container) {
  auto lease = std::make_unique<ContainerLease>(machine, std::move(container));
  return std::make_shared<HeldNode>(std::move(lease), std::move(machine));
}

}  // namespace cupel::pipeline
