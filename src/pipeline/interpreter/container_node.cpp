// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/container_node.hpp"

#include "base/locked.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/late_place.hpp"
#include "pipeline/interpreter/rebootable.hpp"
#include "pipeline/interpreter/with_container.hpp"
#include "place/podman.hpp"

namespace cupel::pipeline {

using namespace std::chrono_literals;

namespace {
constexpr auto removal_patience = 30s;
}

/// The container as it is, or as an earlier process knew it.
class HeldContainer::Place final : public LatePlace {
 public:
  Place(std::shared_ptr<HeldNode> machine, const Turns& turns, std::string name,
        std::vector<std::string> mounts, std::unique_ptr<place::Container> container)
      : machine_(std::move(machine)),
        turns_(turns),
        name_(std::move(name)),
        mounts_(std::move(mounts)),
        container_(std::move(container)) {}
  ~Place() override {
    // When the journal does not fit, everything stays as it is.
    auto container = container_.lock();
    if (*container && turns_.broken()) (*container)->leave();
  }

  Result<> remove(const Stop& stop) {
    auto container = container_.lock();
    if (*container) return (*container)->remove(stop);
    TRY(place::podman(machine_->place(), {"rm", "-f", "-i", "-v", "-t", "0", name_}, stop),
        "remove the container {}", name_);
    return {};
  }

  std::string describe() const override {
    return fmt::format("container {} in {}", name_, machine_->place().describe());
  }
  bool keeps_commands() const override { return machine_->place().keeps_commands(); }

 private:
  Result<place::Place*> there(const Stop& stop) override {
    auto container = container_.lock();
    if (!*container)
      *container = TRY(place::Container::take_up(machine_->place(), name_, mounts_, stop));
    return container->get();
  }

  std::shared_ptr<HeldNode> machine_;  // shared: the contexts around hold it too
  const Turns& turns_;
  const std::string name_;
  const std::vector<std::string> mounts_;
  Locked<std::unique_ptr<place::Container>> container_;
};

namespace {

class ContainerLease final : public Lease, public Rebootable {
 public:
  ContainerLease(std::shared_ptr<HeldNode> machine, std::shared_ptr<place::Place> place)
      : machine_(std::move(machine)), place_(std::move(place)) {}

  place::Place& place() override { return *place_; }
  std::string node_name() const override { return machine_->lease().node_name(); }
  std::string workspace() const override { return machine_->workspace(); }
  std::map<std::string, std::string> environment() const override {
    auto environment = machine_->variables();
    environment.erase("PATH");
    return environment;
  }
  std::optional<Trouble> trouble() const override { return machine_->lease().trouble(); }
  void set_outcome(Outcome outcome) override { machine_->lease().set_outcome(outcome); }
  Result<> reboot(const place::RebootOrder&, const place::OutputSink&, const Stop&) override {
    return fail(Fault::denied,
                "reboot: this is a container, which would end: call it outside of it");
  }
  std::string reason_of_failure() override {
    return pipeline::reason_of_failure(machine_->lease());
  }
  // Whoever looks into it enters the machine: the workspace is there at the same path.
  void note_failed(place::FailedCommand command) override {
    machine_->lease().note_failed(std::move(command));
  }

 private:
  std::shared_ptr<HeldNode> machine_;    // shared: the contexts around hold it too
  std::shared_ptr<place::Place> place_;  // shared with its HeldContainer
};

}  // namespace

HeldContainer::HeldContainer(const std::shared_ptr<HeldNode>& machine, std::shared_ptr<Place> place,
                             std::string name)
    : name_(std::move(name)),
      place_(std::move(place)),
      node_(
          std::make_shared<HeldNode>(std::make_unique<ContainerLease>(machine, place_), machine)) {}

Outcome<HeldContainer> HeldContainer::start(const std::shared_ptr<HeldNode>& machine,
                                            const place::ContainerOrder& order, Context& context) {
  std::unique_ptr<place::Container> fresh;
  const auto live = [&](const StepId&, Attempt&) -> Outcome<Value> {
    auto started = place::Container::start(machine->place(), order, context.stop);
    if (!started) return tl::unexpected(failure_of(std::move(started.error()), context));
    fresh = std::move(*started);
    return Value(fresh->name());
  };
  const auto value =
      TRY(context.run.interpreter.perform({"container of " + order.image, ""}, context, live));
  const auto name = TRY(Outcome<std::string>(to_text(value)));
  return HeldContainer(machine,
                       std::make_shared<Place>(machine, context.run.interpreter.turns(), name,
                                               order.mounts, std::move(fresh)),
                       name);
}

void HeldContainer::remove(const Context& context) {
  auto here = context;
  here.stop = Stop{}.within(removal_patience);
  const auto live = [&](const StepId&, Attempt&) -> Outcome<Value> {
    if (const auto removed = place_->remove(here.stop); !removed)
      here.note("Warning: " + removed.error().text());
    return Value();
  };
  // It fails only where the journal does; then the run is over.
  static_cast<void>(here.run.interpreter.perform({"remove a container", ""}, here, live));
}

}  // namespace cupel::pipeline
