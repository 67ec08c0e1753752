// SPDX-License-Identifier: Apache-2.0
#include "fleet/topology.hpp"

#include <gtest/gtest.h>

namespace cupel::fleet {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view machines = R"([[machine]]
name = "r1"
box = "tiny"
[[machine]]
name = "r2"
box = "tiny"
)";

std::string error_of(const std::string& text) {
  const auto topology = read_topology(text, "lab.toml");
  return topology ? "no error" : topology.error().text();
}

/// Behind the machines, whose lines are 1 to 6.
std::string error_behind(std::string_view text) {
  return error_of(std::string(machines) + std::string(text));
}

TEST(Topology, ReadsMachinesSwitchesAndLinks) {
  const auto topology = read_topology(R"(
seed = 7
[[machine]]
name = "r1"
box = "tiny"
cpus = 1
addresses = { eth2 = ["10.0.2.1/24", "fd00::1/64"], eth1 = "10.0.1.1/24" }
[[machine]]
name = "r2"
[[switch]]
name = "sw1"
[[link]]
name = "cable"
ends = ["r1:eth1", "r2:eth1"]
rate = "100Mbit"
delay = "5ms"
loss = "1%"
mtu = 1400
capture = true
[[link]]
ends = ["r1:eth2", "sw1"]
vlan = 10
[[link]]
ends = ["r2:wan", "sw1"]
trunk = [10, 20]
)",
                                      "lab.toml");

  ASSERT_TRUE(topology) << topology.error().text();
  EXPECT_EQ(topology->seed, 7U);
  ASSERT_EQ(topology->machines.size(), 2U);
  const auto& r1 = topology->machines[0];
  EXPECT_EQ(r1.node.box, "cupel/tiny");
  EXPECT_EQ(r1.node.cpus, 1U);
  EXPECT_EQ(r1.node.memory, mib(256));
  EXPECT_EQ(r1.interfaces,
            (std::vector<Interface>{{"eth1", "02:c0:00:00:01:01", {"10.0.1.1/24"}},
                                    {"eth2", "02:c0:00:00:01:02", {"10.0.2.1/24", "fd00::1/64"}}}));
  EXPECT_EQ(topology->machines[1].interfaces[1].name, "wan");
  const auto& plan = topology->plan;
  EXPECT_EQ(plan.switches, std::vector<std::string>{"sw1"});
  ASSERT_EQ(plan.links.size(), 3U);
  EXPECT_EQ(plan.links[0].settings.rate, 100'000'000U);
  EXPECT_EQ(plan.links[0].settings.delay, 5ms);
  EXPECT_EQ(plan.links[1].name, "r1-sw1");
  EXPECT_EQ(plan.links[1].vlans.vlans, std::vector<network::Vlan>{10});
  EXPECT_EQ(plan.links[2].vlans.kind, network::PortVlans::Kind::trunk);
  EXPECT_EQ(topology->captured, std::vector<std::string>{"cable"});
}

TEST(Topology, SaysWhereAMistakeIs) {
  EXPECT_EQ(error_of(""), "lab.toml:1:1: a topology needs machines: add [[machine]]");
  EXPECT_EQ(error_behind("[[link]]\nends = [\"r1:eth1\", \"r2:eth1\"]\ndealy = \"1ms\"\n"),
            "lab.toml:9:1: unknown key 'dealy' in [[link]]: did you mean 'delay'?");
  EXPECT_EQ(error_behind("[[link]]\nends = [\"r1:eth1\"]\n"),
            "lab.toml:8:8: a [[link]] has two ends, as ends = [\"r1:eth1\", \"sw1\"]");
  EXPECT_EQ(error_behind("[[link]]\nends = [\"r1:eth1\", \"r3:eth1\"]\n"),
            "lab.toml:8:20: there is no machine 'r3'");
  EXPECT_EQ(error_behind("[[link]]\nends = [\"r1:eth1\", \"r2\"]\n"),
            "lab.toml:8:20: say which interface of 'r2', as \"r2:eth1\"");
  EXPECT_EQ(error_behind("[[link]]\nends = [\"r1:eth1\", \"r2:a/b\"]\n"),
            "lab.toml:8:20: 'a/b' cannot be an interface's name: take one as eth1");
  EXPECT_EQ(error_behind("[[link]]\nends = [\"r1:eth1\", \"r2:eth1\"]\nloss = \"lots\"\n"),
            "lab.toml:9:8: 'loss' must be a share from 0% to 100%, as \"1%\"");
  EXPECT_EQ(error_behind("[[link]]\nends = [\"r1:eth1\", \"r2:eth1\"]\nvlan = 4095\n"),
            "lab.toml:9:8: 'vlan' must be a number from 1 to 4094");
  EXPECT_EQ(error_behind("[[link]]\nends = [\"r1:eth1\", \"r1:eth1\"]\n"),
            "lab.toml:7:1: r1:eth1 is on the link 'r1-r1' already");
  EXPECT_EQ(error_behind("[[machine]]\nname = \"r1\"\n"),
            "lab.toml:8:8: a machine or switch 'r1' is there already: choose another name");
  EXPECT_EQ(error_behind("[[machine]]\nname = \"x y\"\n"),
            "lab.toml:8:8: 'name' must be a letter and up to 31 letters, digits, '-', '_', '.'");
}

TEST(Topology, KnowsItsBoxesAndAddresses) {
  EXPECT_EQ(error_of("[[machine]]\nname = \"a\"\nbox = \"tny\"\n"),
            "lab.toml:3:7: there is no box 'tny', did you mean 'cupel/tiny'?; known boxes: "
            "cupel/debian-12, cupel/tiny");
  EXPECT_EQ(error_of("[[machine]]\nname = \"a\"\naddresses = { eth1 = \"10.0.0.300/24\" }\n"),
            "lab.toml:3:22: '10.0.0.300/24' is no address with its prefix, as \"10.0.0.1/24\"");
  EXPECT_EQ(error_of("[[machine]]\nname = \"a\"\naddresses = { eth1 = \"10.0.0.3\" }\n"),
            "lab.toml:3:22: '10.0.0.3' is no address with its prefix, as \"10.0.0.1/24\"");
  EXPECT_EQ(error_of("[[machine]]\nname = \"a\"\naddresses = { eth1 = \"10.0.0.3/24\" }\n"),
            "lab.toml:3:15: no [[link]] ends at a:eth1");
}

TEST(Topology, AMachineSaysWhatItIsLikeAsANodeDoes) {
  EXPECT_EQ(error_of("[[machine]]\nname = \"a\"\nmemory = \"1MiB\"\n"),
            "lab.toml:3:10: 'memory' must be at least 128MiB");
  EXPECT_EQ(error_of("[[machine]]\nname = \"a\"\nprovision = [{ script = \"../x\" }]\n"),
            "lab.toml:3:25: a project may only name files of its own");
}

TEST(Topology, TheScriptNamesCardsByTheirSlots) {
  const auto script = interface_script(
      {{"eth1", "02:c0:00:00:01:01", {"10.0.0.1/24"}}, {"wan", "02:c0:00:00:01:02", {}}});

  EXPECT_NE(script.find("card=$(card 08)"), std::string::npos);
  EXPECT_NE(script.find("card=$(card 09)"), std::string::npos);
  EXPECT_NE(script.find("ip link set cupel0 address 02:c0:00:00:01:01\n"
                        "ip link set cupel0 name eth1\n"
                        "ip addr add 10.0.0.1/24 dev eth1\n"
                        "ip link set eth1 up\n"
                        "ip link set cupel1 address 02:c0:00:00:01:02\n"
                        "ip link set cupel1 name wan\n"
                        "ip link set wan up\n"),
            std::string::npos);
}

}  // namespace
}  // namespace cupel::fleet
