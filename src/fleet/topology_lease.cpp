// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "base/crew.hpp"
#include "base/digest.hpp"
#include "fleet/fleet.hpp"
#include "fleet/lease.hpp"
#include "fleet/topology.hpp"
#include "network/network.hpp"
#include "os/inside.hpp"

namespace cupel::fleet {
namespace {

constexpr auto longest_connection = std::chrono::seconds(30);

/// Lines that a network has told, until somebody asks.
using News = Locked<std::vector<std::string>>;

class RunningLinks final : public pipeline::Links {
 public:
  RunningLinks(std::shared_ptr<News> news, std::unique_ptr<network::Network> network,
               os::fs::path artifacts)
      : news_(std::move(news)), network_(std::move(network)), artifacts_(std::move(artifacts)) {}

  Result<> set_state(const std::string& link, State state) override {
    return network_->set_state(
        link, state == State::up ? network::Fabric::State::up : network::Fabric::State::down);
  }
  Result<> change(const std::string& link, const network::LinkChange& change) override {
    return network_->change(link, change);
  }
  Result<> capture(const std::string& link, const std::string& artifact) override {
    const os::fs::path named = artifact;
    if (named.empty() || !os::stays_inside(named) || !named.has_filename())
      return fail(Fault::invalid, "'{}' cannot be the name of an artifact", printable(artifact));
    const auto path = artifacts_ / named;
    TRY(os::make_directories(path.parent_path()));
    return network_->capture(link, path.string());
  }
  Result<> stop_capture(const std::string& link) override {
    const auto left_out = TRY(network_->stop_capture(link));
    if (left_out > 0)
      news_->lock()->push_back(fmt::format("{} frames on {} did not fit into its capture of {}",
                                           left_out, link, to_text(network::Capture::largest)));
    return {};
  }
  std::vector<std::string> news() override { return std::exchange(*news_->lock(), {}); }

 private:
  std::shared_ptr<News> news_;  // shared: the network's thread writes into it
  std::unique_ptr<network::Network> network_;
  os::fs::path artifacts_;
};

bool depends_on_chance(const network::Plan& plan) {
  return std::any_of(plan.links.begin(), plan.links.end(), [](const network::Link& link) {
    const auto& it = link.settings;
    return it.loss > 0 || it.duplicate > 0 || it.reorder > 0 || it.jitter > Duration::zero();
  });
}

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  for (const char byte : random_bytes(4)) seed = seed << 8 | static_cast<unsigned char>(byte);
  return seed;
}

Result<> set_interfaces_up(place::Place& place, const std::vector<Interface>& interfaces,
                           const Stop& stop) {
  if (interfaces.empty()) return {};
  place::Command command;
  command.argv = {"/bin/sh", "-c", interface_script(interfaces)};
  command.directory = "/";
  const auto output = TRY(place::run_captured(place, command, stop));
  if (output.exit.status == 0) return {};
  return fail(Fault::unavailable, "its interfaces could not be set up: {}", trim(output.err));
}

/// Lines that several machines tell are told once.
class OnceTold {
 public:
  explicit OnceTold(const Progress& progress) : progress_(progress) {}
  void operator()(std::string_view line) {
    auto told = told_.lock();
    if (told->insert(std::string(line)).second) progress_(line);
  }

 private:
  const Progress& progress_;
  Locked<std::set<std::string>> told_;
};

/// Another topology of this run may have a link of that name, or this one at its last start.
Result<std::string> capture_somewhere(pipeline::Links& links, const std::string& link) {
  for (unsigned number = 1;; ++number) {
    auto name = number == 1 ? link + ".pcap" : fmt::format("{}-{}.pcap", link, number);
    const auto begun = links.capture(link, name);
    if (begun) return name;
    if (begun.error().fault() != Fault::conflict) return tl::unexpected<Error>(begun.error());
  }
}

using Started = std::vector<std::unique_ptr<OwnedMachine>>;

/// Side by side; in the topology's order.
Result<Started> start_all(const Topology& topology, const std::vector<MachineOrder>& orders,
                          Machines& machines, const Progress& progress, const Stop& stop) {
  Started started(orders.size());
  OnceTold told(progress);
  Crew crew(stop);
  for (std::size_t i = 0; i < orders.size(); ++i) {
    const auto& [node, interfaces] = topology.machines[i];
    crew.add(node.name, [&, i](const Stop& its) -> Result<> {
      started[i] = TRY(machines.start(
          orders[i], [&](std::string_view line) { told(line); }, its));
      return set_interfaces_up(started[i]->place(), interfaces, its);
    });
  }
  TRY(crew.join());
  return started;
}

Result<> connect_all(network::Network& network, const Topology& topology, const Started& machines,
                     const Stop& stop) {
  for (std::size_t i = 0; i < machines.size(); ++i) {
    const auto& [node, interfaces] = topology.machines[i];
    for (std::size_t card = 0; card < interfaces.size(); ++card)
      TRY(network.attach({node.name, interfaces[card].name},
                         TRY(machines[i]->connect(card, stop), "machine {}", node.name)));
  }
  return {};
}

}  // namespace

Result<pipeline::TopologyLease> Fleet::acquire_topology(
    const std::string& file, const std::function<void(std::string_view)>& progress,
    const Stop& stop) {
  if (plan_.where == Where::host)
    return fail(Fault::invalid, "a topology needs machines: this run has this host only");
  auto topology = TRY(load_topology(plan_.sources, file));
  if (!topology.seed && depends_on_chance(topology.plan)) {
    topology.plan.seed = random_seed();
    progress(
        fmt::format("Chance on the links of {}: seed = {} repeats it", file, topology.plan.seed));
  }
  std::vector<MachineOrder> orders;
  for (const auto& [node, interfaces] : topology.machines) {
    auto order = order_of(node);
    order.interfaces = interfaces.size();
    order.outliving.reset();  // its network ends with us
    orders.push_back(std::move(order));
  }
  auto machines = TRY(start_all(topology, orders, machines_, progress, stop), "topology {}", file);

  pipeline::TopologyLease lease;
  auto news = std::make_shared<News>();
  auto network = TRY(network::Network::start(
      topology.plan, [news](std::string_view line) { news->lock()->emplace_back(line); }));
  auto& running = *network;
  lease.links = std::make_unique<RunningLinks>(news, std::move(network), plan_.artifacts);
  for (const auto& link : topology.captured)
    lease.artifacts.push_back(TRY(capture_somewhere(*lease.links, link)));
  TRY(connect_all(running, topology, machines, stop.within(longest_connection)), "topology {}",
      file);
  for (std::size_t i = 0; i < machines.size(); ++i) {
    const auto& [node, interfaces] = topology.machines[i];
    tell_given(node, *machines[i]);
    LeaseFacts facts{fmt::format("{} (machine {})", node.name, machines[i]->id()),
                     "/workspace/" + plan_.project,
                     environment_of(node),
                     {}};
    facts.after_reboot = [cards = interfaces](place::Place& place, const Stop& limit) {
      return set_interfaces_up(place, cards, limit);
    };
    lease.machines.push_back({node.name, lease_of(std::move(facts), std::move(machines[i]))});
  }
  return lease;
}

}  // namespace cupel::fleet
