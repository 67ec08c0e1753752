// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "fleet/catalog.hpp"
#include "fleet/machine_node.hpp"
#include "fleet/toml_reader.hpp"
#include "fleet/topology.hpp"

namespace cupel::fleet {
namespace {

constexpr std::size_t most_switches = 64;
constexpr std::size_t most_links = 1024;
constexpr std::size_t longest_name = 32;
constexpr std::size_t longest_interface = 15;  // the kernel's IFNAMSIZ

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Of a machine, a switch, a link or an interface: a letter, then letters, digits, '-', '_', '.'.
bool is_name(std::string_view text, std::size_t longest) {
  const auto fits = [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  };
  return !text.empty() && text.size() <= longest && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), fits);
}

/// "10.0.0.1/24", "fd00::1/64"
bool is_address(const std::string& text) {
  const auto slash = text.find('/');
  if (slash == std::string::npos) return false;
  const auto prefix = parse_integer(text.substr(slash + 1));
  const auto address = text.substr(0, slash);
  std::array<unsigned char, 16> bytes{};
  if (::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1)
    return prefix && *prefix >= 0 && *prefix <= 32;
  return ::inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1 && prefix && *prefix >= 0 &&
         *prefix <= 128;
}

/// The addresses of one interface, and where they are written.
struct Addressed {
  std::string interface;
  std::vector<std::string> addresses;
  toml::source_region at;
};

/// A topology.toml while it is read.
class TopologyReader {
 public:
  explicit TopologyReader(const std::string& file)
      : reader_(file), source_{os::fs::path(file).parent_path(), SettingsOrigin::project} {}

  Result<Topology> read(std::string_view text) {
    root_ = TRY(reader_.parse(text));
    TRY(reader_.only(root_, "the file", {"seed", "machine", "switch", "link"}));
    if (const auto* seed = root_.get("seed")) {
      const auto* number = seed->as_integer();
      if (!number || number->get() < 0)
        return reader_.wrong(seed->source(), "'seed' must be a number that is not negative");
      made_.seed = static_cast<std::uint64_t>(number->get());
      made_.plan.seed = *made_.seed;
    }
    TRY(each("machine", most_machines, [&](const auto& table) { return machine(table); }));
    if (made_.machines.empty())
      return reader_.wrong(root_.source(), "a topology needs machines: add [[machine]]");
    TRY(each("switch", most_switches, [&](const auto& table) { return add_switch(table); }));
    TRY(each("link", most_links, [&](const auto& table) { return link(table); }));
    TRY(give_addresses());
    if (const auto objection = network::objection_to(made_.plan))
      return reader_.wrong(links_[objection->link], "{}", printable(objection->text));
    return std::move(made_);
  }

 private:
  template <typename Take>
  Result<> each(const char* key, std::size_t most, Take take) {
    const auto* node = root_.get(key);
    if (!node) return {};
    if (!node->is_array_of_tables())
      return reader_.wrong(node->source(), "'{}' must be written [[{}]], one for each", key, key);
    if (node->as_array()->size() > most)
      return reader_.wrong(node->source(), "there can be {} of [[{}]] at the most", most, key);
    for (const auto& item : *node->as_array()) TRY(take(*item.as_table()));
    return {};
  }

  Result<std::string> name(const toml::table& table, std::string_view where) {
    const auto* node = table.get("name");
    if (!node)
      return reader_.wrong(table.source(), "a [[{}]] needs a name: add name = \"...\"", where);
    auto text = TRY(reader_.text(*node, "name"));
    if (!is_name(text, longest_name))
      return reader_.wrong(node->source(),
                           "'name' must be a letter and up to {} letters, digits, '-', '_', '.'",
                           longest_name - 1);
    return text;
  }

  Result<std::string> device_name(const toml::table& table, std::string_view where) {
    auto text = TRY(name(table, where));
    if (find_machine(text) != nullptr || is_switch(text))
      return reader_.wrong(table.get("name")->source(),
                           "a machine or switch '{}' is there already: choose another name", text);
    return text;
  }

  TopologyMachine* find_machine(std::string_view name) {
    const auto found = std::find_if(made_.machines.begin(), made_.machines.end(),
                                    [&](const auto& one) { return one.node.name == name; });
    return found == made_.machines.end() ? nullptr : &*found;
  }
  bool is_switch(std::string_view name) const {
    const auto& all = made_.plan.switches;
    return std::find(all.begin(), all.end(), name) != all.end();
  }

  Result<> machine(const toml::table& table) {
    TRY(reader_.only(table, "[[machine]]",
                     TomlReader::with_machine_keys({"name"}, {"environment", "addresses"})));
    const auto called = TRY(device_name(table, "machine"));
    std::string box(default_box);
    if (const auto* value = table.get("box")) {
      auto known = box_named(TRY(reader_.text(*value, "box")));
      if (!known) return reader_.wrong(value->source(), "{}", printable(known.error().text()));
      box = std::move(*known);
    }
    auto node = Catalog::plain_node(box);
    node.name = called;
    node.labels = {called};
    TRY(reader_.machine_keys(table, source_, node));
    node.box = box;
    if (const auto* value = table.get("environment"))
      node.environment = TRY(reader_.variables(*value));
    made_.machines.push_back({std::move(node), {}});
    addressed_.push_back(TRY(addresses(table)));
    return {};
  }

  /// addresses = { eth1 = "10.0.0.1/24", eth2 = ["10.0.1.1/24", "fd00::1/64"] }
  Result<std::vector<Addressed>> addresses(const toml::table& table) {
    std::vector<Addressed> all;
    const auto* node = table.get("addresses");
    if (!node) return all;
    if (!node->is_table())
      return reader_.wrong(node->source(),
                           "'addresses' must be a table, as {{ eth1 = \"10.0.0.1/24\" }}");
    for (const auto& [key, value] : *node->as_table()) {
      Addressed one{std::string(key.str()), {}, key.source()};
      if (value.is_string())
        one.addresses.push_back(TRY(reader_.text(value, key.str())));
      else
        one.addresses = TRY(reader_.texts(value, printable(key.str())));
      for (const auto& address : one.addresses)
        if (!is_address(address))
          return reader_.wrong(value.source(),
                               "'{}' is no address with its prefix, as \"10.0.0.1/24\"",
                               printable(address));
      all.push_back(std::move(one));
    }
    return all;
  }

  Result<> add_switch(const toml::table& table) {
    TRY(reader_.only(table, "[[switch]]", {"name"}));
    made_.plan.switches.push_back(TRY(device_name(table, "switch")));
    return {};
  }

  Result<network::End> end(const toml::node& node) {
    const auto text = TRY(reader_.text(node, "ends"));
    const auto colon = text.find(':');
    const auto device = text.substr(0, colon);
    if (colon == std::string::npos) {
      if (find_machine(device) != nullptr)
        return reader_.wrong(node.source(), "say which interface of '{}', as \"{}:eth1\"", device,
                             device);
      if (!is_switch(device))
        return reader_.wrong(node.source(), "there is no machine or switch '{}'",
                             printable(device));
      return network::End{device};
    }
    const auto interface = text.substr(colon + 1);
    auto* machine = find_machine(device);
    if (is_switch(device))
      return reader_.wrong(node.source(), "a switch has ports without names: write \"{}\"", device);
    if (machine == nullptr)
      return reader_.wrong(node.source(), "there is no machine '{}'", printable(device));
    if (!is_name(interface, longest_interface) || interface == "lo" || interface == "enp0s3")
      return reader_.wrong(node.source(), "'{}' cannot be an interface's name: take one as eth1",
                           printable(interface));
    auto& all = machine->interfaces;
    const auto same = [&](const Interface& one) { return one.name == interface; };
    if (std::none_of(all.begin(), all.end(), same)) {
      if (all.size() == most_interfaces)
        return reader_.wrong(node.source(), "a machine can have {} interfaces at the most",
                             most_interfaces);
      const auto number = machine - made_.machines.data() + 1;
      all.push_back(
          {interface, fmt::format("02:c0:00:00:{:02x}:{:02x}", number, all.size() + 1), {}});
    }
    return network::End{device, interface};
  }

  Result<network::Vlan> vlan(const toml::node& node, std::string_view key) {
    return static_cast<network::Vlan>(TRY(reader_.count(node, key, 1, network::highest_vlan)));
  }

  Result<network::PortVlans> vlans(const toml::table& table) {
    using Kind = network::PortVlans::Kind;
    network::PortVlans vlans;
    const auto* access = table.get("vlan");
    const auto* trunk = table.get("trunk");
    if (access && trunk)
      return reader_.wrong(trunk->source(), "a link has either a 'vlan' or a 'trunk'");
    if (access) return network::PortVlans{Kind::access, {TRY(vlan(*access, "vlan"))}};
    if (!trunk) return vlans;
    const auto* list = trunk->as_array();
    if (!list || list->empty())
      return reader_.wrong(trunk->source(), "'trunk' must be a list of VLANs, as [10, 20]");
    vlans.kind = Kind::trunk;
    for (const auto& item : *list) vlans.vlans.push_back(TRY(vlan(item, "trunk")));
    return vlans;
  }

  /// As text: a number may be written without quotes.
  Result<std::string> plain(const toml::node& node, std::string_view key) {
    if (const auto* number = node.as_integer()) return std::to_string(number->get());
    if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
    return reader_.text(node, key);
  }

  Result<> link(const toml::table& table) {
    auto known = network::link_keys();
    for (const auto* key : {"name", "ends", "vlan", "trunk", "capture"}) known.emplace_back(key);
    TRY(reader_.only(table, "[[link]]", known));
    network::Link made;
    const auto* ends = table.get("ends");
    const auto* list = ends ? ends->as_array() : nullptr;
    if (!list || list->size() != 2)
      return reader_.wrong(ends ? ends->source() : table.source(),
                           "a [[link]] has two ends, as ends = [\"r1:eth1\", \"sw1\"]");
    for (std::size_t i = 0; i < 2; ++i) made.ends.at(i) = TRY(end(*list->get(i)));
    made.name = table.contains("name") ? TRY(name(table, "link"))
                                       : made.ends[0].device + "-" + made.ends[1].device;
    network::LinkChange change;
    for (const auto& key : network::link_keys())
      if (const auto* value = table.get(key))
        if (const auto set = network::set(change, key, TRY(plain(*value, key))); !set)
          return reader_.wrong(value->source(), "{}", set.error().text());
    made.settings = network::changed({}, change);
    made.vlans = TRY(vlans(table));
    if (const auto* value = table.get("capture"))
      if (TRY(reader_.flag(*value, "capture"))) made_.captured.push_back(made.name);
    made_.plan.links.push_back(std::move(made));
    links_.push_back(table.source());
    return {};
  }

  Result<> give_addresses() {
    for (std::size_t i = 0; i < addressed_.size(); ++i)
      for (auto& one : addressed_[i]) {
        auto& machine = made_.machines[i];
        const auto found =
            std::find_if(machine.interfaces.begin(), machine.interfaces.end(),
                         [&](const Interface& it) { return it.name == one.interface; });
        if (found == machine.interfaces.end())
          return reader_.wrong(one.at, "no [[link]] ends at {}:{}", machine.node.name,
                               printable(one.interface));
        found->addresses = std::move(one.addresses);
      }
    return {};
  }

  TomlReader reader_;
  TomlSource source_;
  toml::table root_;
  Topology made_;
  std::vector<std::vector<Addressed>> addressed_;  // by machine
  std::vector<toml::source_region> links_;         // where each is written
};

}  // namespace

Result<Topology> read_topology(std::string_view text, const std::string& file) {
  return TopologyReader(file).read(text);
}

}  // namespace cupel::fleet
