// SPDX-License-Identifier: Apache-2.0
#include "network/plan.hpp"

#include <gtest/gtest.h>

namespace cupel::network {
namespace {

using Kind = PortVlans::Kind;

Link link(std::string name, End one, End other, PortVlans vlans = {}) {
  return {std::move(name), {std::move(one), std::move(other)}, {}, std::move(vlans)};
}

std::string objection(const Plan& plan) {
  const auto found = objection_to(plan);
  return found ? fmt::format("{}: {}", found->link, found->text) : "none";
}

TEST(Plan, ASoundOneHasNoObjection) {
  EXPECT_EQ(objection({{"sw1", "sw2"},
                       {link("a", {"r1", "eth1"}, {"sw1"}), link("b", {"r2", "eth1"}, {"sw1"}),
                        link("c", {"sw1"}, {"sw2"}), link("d", {"r1", "eth2"}, {"r2", "eth2"})},
                       1}),
            "none");
}

TEST(Plan, AnInterfaceTakesOneCable) {
  EXPECT_EQ(objection({{},
                       {link("a", {"r1", "eth1"}, {"r2", "eth1"}),
                        link("b", {"r3", "eth1"}, {"r1", "eth1"})}}),
            "1: r1:eth1 is on the link 'a' already");
  EXPECT_EQ(objection({{}, {link("a", {"r1", "eth1"}, {"r1", "eth1"})}}),
            "0: r1:eth1 is on the link 'a' already");
}

TEST(Plan, LinksHaveNamesOfTheirOwnAndSwitchesExist) {
  EXPECT_EQ(objection({{},
                       {link("a", {"r1", "eth1"}, {"r2", "eth1"}),
                        link("a", {"r1", "eth2"}, {"r2", "eth2"})}}),
            "1: there are two links 'a'");
  EXPECT_EQ(objection({{}, {link("a", {"r1", "eth1"}, {"sw1"})}}), "0: there is no switch 'sw1'");
}

TEST(Plan, SwitchesMakeNoLoop) {
  EXPECT_EQ(objection({{"s1", "s2", "s3"},
                       {link("a", {"s1"}, {"s2"}), link("b", {"s2"}, {"s3"}),
                        link("c", {"s3"}, {"s1"})}}),
            "2: the switches 's3' and 's1' are in a loop: frames would circle for ever");
  EXPECT_EQ(objection({{"s1"}, {link("a", {"s1"}, {"s1"})}}),
            "0: the switches 's1' and 's1' are in a loop: frames would circle for ever");
}

TEST(Plan, VlansAreForAllPortsOfASwitchOrForNone) {
  EXPECT_EQ(objection({{"s1"},
                       {link("a", {"r1", "eth1"}, {"s1"}, {Kind::access, {10}}),
                        link("b", {"r2", "eth1"}, {"s1"})}}),
            "1: the switch 's1' has links with and without VLANs: say 'vlan' or 'trunk' for all "
            "of them or for none");
  EXPECT_EQ(objection({{}, {link("a", {"r1", "eth1"}, {"r2", "eth1"}, {Kind::access, {10}})}}),
            "0: VLANs are a switch's: a link between two machines has none of its own");
}

}  // namespace
}  // namespace cupel::network
