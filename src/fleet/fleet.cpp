// SPDX-License-Identifier: Apache-2.0
#include "fleet/fleet.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "fleet/lease.hpp"
#include "fleet/machine_node.hpp"
#include "place/host.hpp"
#include "place/recorded_files.hpp"

namespace cupel::fleet {
namespace {

constexpr std::string_view machine_ticket = "machine ";

/// A node's name as the beginning of a directory's.
std::string file_name_of(std::string_view node) {
  constexpr std::size_t longest = 100;
  std::string name(node.substr(0, longest));
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  std::replace_if(
      name.begin(), name.end(), [&](char c) { return !fits(c); }, '_');
  if (name.empty() || name.front() == '.') name.insert(name.begin(), '_');
  return name;
}

}  // namespace

std::map<std::string, std::string> environment_of(const NodeSettings& node) {
  auto environment = node.environment;
  environment.try_emplace("NODE_LABELS", join(node.labels, " "));
  return environment;
}

Fleet::Fleet(const Catalog& catalog, Machines& machines, Plan plan)
    : catalog_(catalog),
      machines_(machines),
      plan_(std::move(plan)),
      ledger_(std::make_shared<Ledger>()) {}

std::vector<Kept> Fleet::kept() const { return ledger_->entries.lock()->kept; }
std::vector<std::string> Fleet::complaints() const { return ledger_->entries.lock()->complaints; }

Result<std::unique_ptr<pipeline::Lease>> Fleet::acquire(
    const std::string& label, const std::function<void(std::string_view)>& progress,
    const Stop& stop) {
  auto node = catalog_.choose(label);
  if (plan_.where == Where::host) {
    // Every agent is this host; a label that no node has asks for nothing more.
    if (!node && node.error().fault() != Fault::not_found)
      return tl::unexpected<Error>(node.error());
    return acquire_host(node && node->kind == NodeSettings::Kind::host ? *node : NodeSettings{});
  }
  if (!node) return tl::unexpected<Error>(node.error());
  if (node->kind == NodeSettings::Kind::host) return acquire_host(*node);
  return start_machine(*node, progress, stop);
}

Result<std::vector<std::string>> Fleet::named_by(const std::string& label) {
  return catalog_.named_by(label);
}

Result<std::unique_ptr<pipeline::Lease>> Fleet::acquire_machine(
    const std::string& label, const pipeline::MachineWish& wish,
    const std::function<void(std::string_view)>& progress, const Stop& stop) {
  const auto node = TRY(node_of(catalog_, label, wish, plan_.sources));
  if (plan_.where == Where::host) {
    progress("This host takes the machine's place: its box and its provisioning are left out");
    return acquire_host({});
  }
  return start_machine(node, progress, stop);
}

MachineOrder Fleet::order_of(const NodeSettings& node) const {
  MachineOrder order;
  order.box = node.box;
  order.cpus = node.cpus;
  order.memory = node.memory;
  order.disk = node.disk;
  order.cpu = node.cpu;
  order.provision = node.provision;
  order.panic_on = node.panic_on;
  if (node.vmcore == NodeSettings::Vmcore::yes) order.vmcores = plan_.artifacts;
  if (plan_.recording != Recording::none)
    order.recording = plan_.artifacts / place::recordings_directory / file_name_of(node.name);
  order.run = plan_.run;
  order.outliving = plan_.outliving;
  order.ahead = plan_.ahead;
  if (plan_.snapshots) order.snapshots = *plan_.snapshots;
  return order;
}

void Fleet::tell_given(const NodeSettings& node, const OwnedMachine& machine) const {
  if (plan_.given)
    plan_.given(
        {fmt::format("{}-{}", file_name_of(node.name), machine.id()), node.cpus, node.memory});
}

Result<std::unique_ptr<pipeline::Lease>> Fleet::start_machine(const NodeSettings& node,
                                                              const Progress& progress,
                                                              const Stop& stop) {
  auto machine = TRY(machines_.start(order_of(node), progress, stop), "node {}", node.name);
  tell_given(node, *machine);
  const auto workspace = "/workspace/" + plan_.project;
  auto environment = environment_of(node);
  auto name = fmt::format("{} (machine {})", node.name, machine->id());
  return lease_machine(std::move(name), workspace, std::move(environment), std::move(machine));
}

std::unique_ptr<pipeline::Lease> Fleet::lease_machine(
    std::string node, std::string workspace, std::map<std::string, std::string> environment,
    std::unique_ptr<OwnedMachine> machine) {
  LeaseFacts lease{std::move(node), std::move(workspace), std::move(environment), {}};
  if (plan_.outliving)
    lease.ticket =
        fmt::format("{}{} {} {}", machine_ticket, machine->id(), lease.workspace, lease.node_name);
  return lease_of(std::move(lease), std::move(machine));
}

std::unique_ptr<pipeline::Lease> Fleet::lease_of(LeaseFacts facts,
                                                 std::unique_ptr<OwnedMachine> machine) {
  return machine_lease(
      std::move(facts), {plan_.keep, plan_.keep_time, plan_.recording}, std::move(machine),
      [ledger = ledger_](Kept kept) { ledger->entries.lock()->kept.push_back(std::move(kept)); },
      [ledger = ledger_](std::string text) {
        ledger->entries.lock()->complaints.push_back(std::move(text));
      });
}

Result<std::unique_ptr<pipeline::Lease>> Fleet::acquire_host(const NodeSettings& node) {
  std::error_code ignored;
  os::fs::path workspace;
  do {
    // An earlier process of this run may have given out some.
    const auto number = ++ledger_->entries.lock()->host_workspaces;
    workspace = plan_.host_workspaces /
                (number == 1 ? plan_.project : fmt::format("{}@{}", plan_.project, number));
  } while (os::fs::exists(workspace, ignored));
  TRY(os::make_directories(workspace));
  return lease_host(node.name.empty() ? "host" : node.name, workspace.string(),
                    environment_of(node), to_hex(random_bytes(16)) + "-");
}

std::unique_ptr<pipeline::Lease> Fleet::lease_host(std::string node, std::string workspace,
                                                   std::map<std::string, std::string> environment,
                                                   std::string cookie) {
  auto seen = place::host_environment();
  seen["CUPEL_RUN"] = plan_.host_mark;  // of everything here, whatever a step does to its own
  auto place = std::make_unique<place::HostPlace>(std::move(seen), std::move(cookie));
  return host_lease({std::move(node), std::move(workspace), std::move(environment), {}},
                    std::move(place), [ledger = ledger_](std::string text) {
                      ledger->entries.lock()->complaints.push_back(std::move(text));
                    });
}

/// The ticket of a machine, behind the word: its id, workspace and node.
Result<std::unique_ptr<pipeline::Lease>> Fleet::attach_machine(std::string_view ticket,
                                                               const Stop& stop) {
  const auto id_end = ticket.find(' ');
  const auto workspace_end = id_end == ticket.npos ? id_end : ticket.find(' ', id_end + 1);
  if (workspace_end == ticket.npos) return fail(Fault::invalid, "no machine's ticket");
  const std::string id(ticket.substr(0, id_end));
  auto machine = TRY(machines_.take_up(id, plan_.run, stop), "machine {}", id);
  return lease_machine(std::string(ticket.substr(workspace_end + 1)),
                       std::string(ticket.substr(id_end + 1, workspace_end - id_end - 1)), {},
                       std::move(machine));
}

Result<std::unique_ptr<pipeline::Lease>> Fleet::attach(const std::string& ticket,
                                                       const Stop& stop) {
  if (ticket.starts_with(machine_ticket))
    return attach_machine(std::string_view(ticket).substr(machine_ticket.size()), stop);
  const auto space = ticket.find(' ');
  if (ticket.empty() || space == ticket.npos)
    return fail(Fault::not_found, "a machine ends with the cupel that started it");
  const os::fs::path workspace = ticket.substr(space + 1);
  std::error_code ignored;
  if (workspace.parent_path() != plan_.host_workspaces)
    return fail(Fault::invalid, "{} is no workspace of this run", workspace.string());
  if (!os::fs::is_directory(workspace, ignored))
    return fail(Fault::not_found, "{} is not there any more", workspace.string());
  return lease_host("host", workspace.string(), {}, ticket.substr(0, space));
}

}  // namespace cupel::fleet
