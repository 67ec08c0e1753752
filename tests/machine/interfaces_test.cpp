// SPDX-License-Identifier: Apache-2.0
#include "fleet/machines.hpp"
#include "fleet/topology.hpp"
#include "machine/machines.hpp"
#include "network/network.hpp"
#include "os/socket.hpp"

namespace cupel::machine {
namespace {

/// Machines that are clones of one snapshot with a network card to spare.
class Interfaces : public Machines {
 protected:
  void SetUp() override {
    Machines::SetUp();
    recipe_.shape.devices = interface_devices(1, fleet::first_interface_slot);
  }
  std::unique_ptr<Machine> machine(const std::string& mac, const std::string& address) {
    auto made = clone();
    if (!made) return nullptr;
    const auto said = output(made->place(), fleet::interface_script({{"eth1", mac, {address}}}));
    EXPECT_EQ(said, "");
    return made;
  }
  static void attach(network::Network& network, const std::string& name, const Machine& machine) {
    auto socket = os::connect_unix(interface_socket(machine.directory(), 0).string(), stop());
    ASSERT_TRUE(socket) << socket.error().text();
    ASSERT_TRUE(network.attach({name, "eth1"}, std::move(*socket)));
  }
  static network::Plan cable() {
    return {{}, {{"a-b", {network::End{"a", "eth1"}, network::End{"b", "eth1"}}, {}, {}}}, 1};
  }
};

constexpr auto ping_b = "ping -c 1 -W 10 10.9.0.2 >/dev/null && echo there";

TEST_F(Interfaces, OfClonesHaveAddressesOfTheirOwnAndReachEachOther) {
  const auto a = machine("02:c0:00:00:01:01", "10.9.0.1/24");
  const auto b = machine("02:c0:00:00:02:01", "10.9.0.2/24");
  ASSERT_TRUE(a && b);
  EXPECT_EQ(output(a->place(), "cat /sys/class/net/eth1/address"), "02:c0:00:00:01:01\n");
  auto network = network::Network::start(cable(), {}).value();
  attach(*network, "a", *a);
  attach(*network, "b", *b);

  EXPECT_EQ(output(a->place(), ping_b), "there\n");
  EXPECT_EQ(output(a->place(), "ip neigh show 10.9.0.2 | sed 's/.*lladdr \\([^ ]*\\) .*/\\1/'"),
            "02:c0:00:00:02:01\n");
  EXPECT_EQ(output(a->place(), "ping -c 1 -W 10 10.0.2.2 >/dev/null && echo there"), "there\n")
      << "the network of every machine is still there";
}

TEST_F(Interfaces, AreTakenUpByAnotherNetworkAfterTheFirst) {
  const auto a = machine("02:c0:00:00:01:01", "10.9.0.1/24");
  const auto b = machine("02:c0:00:00:02:01", "10.9.0.2/24");
  ASSERT_TRUE(a && b);
  for (int i = 0; i < 2; ++i) {
    auto network = network::Network::start(cable(), {}).value();
    attach(*network, "a", *a);
    attach(*network, "b", *b);
    EXPECT_EQ(output(a->place(), ping_b), "there\n");
  }
}

TEST_F(Interfaces, SayNothingWithAnAddressThatTheirSiblingsHave) {
  const auto a = machine("02:c0:00:00:01:01", "10.9.0.1/24");
  const auto b = machine("02:c0:00:00:02:01", "10.9.0.2/24");
  ASSERT_TRUE(a && b);
  const auto capture = a->directory() / "all.pcap";
  auto network = network::Network::start(cable(), {}).value();
  ASSERT_TRUE(network->capture("a-b", capture.string()));
  attach(*network, "a", *a);
  attach(*network, "b", *b);
  EXPECT_EQ(output(a->place(), ping_b), "there\n");

  ASSERT_TRUE(network->stop_capture("a-b"));

  const auto bytes = os::read_file(capture).value();
  EXPECT_NE(bytes.find(std::string("\x02\xc0\0\0\x01\x01", 6)), std::string::npos);
  EXPECT_EQ(bytes.find("\x52\x54"), std::string::npos) << "a MAC address as QEMU gives it";
}

}  // namespace
}  // namespace cupel::machine
