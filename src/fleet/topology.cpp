// SPDX-License-Identifier: Apache-2.0
#include "fleet/topology.hpp"

#include "fleet/machines.hpp"
#include "os/inside.hpp"

namespace cupel::fleet {
namespace {

constexpr std::size_t most_text = std::size_t{1} << 20;

}  // namespace

Result<Topology> load_topology(const os::fs::path& project, const std::string& file) {
  const os::fs::path named = file;
  if (file.empty() || !os::stays_inside(named))
    return fail(Fault::invalid, "topology '{}': only files of the project can be named",
                printable(file));
  const auto path = project / named;
  const auto text = TRY(os::read_file(path, most_text), "read the topology");
  return read_topology(text, path.string());
}

// Names go by way of others, so that eth1 and eth2 can change places; a card may have had its name
// from somebody who came before.
std::string interface_script(const std::vector<Interface>& interfaces) {
  std::string script =
      "set -e\n"
      "card() { for path in /sys/bus/pci/devices/0000:00:$1.0/virtio*/net/*; do\n"
      "  [ -e \"$path\" ] && echo \"${path##*/}\" && return; done\n"
      "  echo \"no network card in slot $1\" >&2; return 1; }\n";
  for (std::size_t i = 0; i < interfaces.size(); ++i)
    script += fmt::format(
        "card=$(card {:02x}); ip link set \"$card\" down; ip link set \"$card\" name cupel{}\n",
        first_interface_slot + i, i);
  for (std::size_t i = 0; i < interfaces.size(); ++i) {
    const auto& [name, mac, addresses] = interfaces[i];
    script += fmt::format("ip link set cupel{} address {}\nip link set cupel{} name {}\n", i, mac,
                          i, name);
    for (const auto& address : addresses)
      script += fmt::format("ip addr add {} dev {}\n", address, name);
    script += fmt::format("ip link set {} up\n", name);
  }
  return script;
}

}  // namespace cupel::fleet
