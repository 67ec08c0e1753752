// SPDX-License-Identifier: Apache-2.0
#include "network/learning_switch.hpp"

#include <gtest/gtest.h>

namespace cupel::network {
namespace {

using namespace std::chrono_literals;
using Kind = PortVlans::Kind;
using Ports = std::vector<std::size_t>;

const SteadyTime start = SteadyTime(1h);

Frame frame(char to, char from) {
  return std::string("\x02\0\0\0\0", 5) + to + std::string("\x02\0\0\0\0", 5) + from +
         std::string("\x08\0", 2) + "payload";
}

Frame broadcast(char from) { return std::string(6, '\xff') + frame(0, from).substr(6); }

Ports ports_of(const std::vector<LearningSwitch::Outgoing>& outgoing) {
  Ports ports;
  for (const auto& one : outgoing) ports.push_back(one.port);
  return ports;
}

std::vector<PortVlans> plain(std::size_t count) { return std::vector<PortVlans>(count); }

TEST(LearningSwitch, FloodsWhatItDoesNotKnowAndLearns) {
  LearningSwitch device(plain(3));

  EXPECT_EQ(ports_of(device.forward(0, frame('b', 'a'), start)), (Ports{1, 2}));
  EXPECT_EQ(ports_of(device.forward(1, frame('a', 'b'), start)), Ports{0});
  EXPECT_EQ(ports_of(device.forward(0, frame('b', 'a'), start)), Ports{1});
  EXPECT_EQ(ports_of(device.forward(0, broadcast('a'), start)), (Ports{1, 2}));
}

TEST(LearningSwitch, SendsNothingBackWhereItCameFrom) {
  LearningSwitch device(plain(3));
  static_cast<void>(device.forward(0, frame('x', 'a'), start));

  EXPECT_TRUE(device.forward(0, frame('a', 'b'), start).empty());
}

TEST(LearningSwitch, FollowsAnAddressThatMoves) {
  LearningSwitch device(plain(3));
  static_cast<void>(device.forward(0, frame('x', 'a'), start));
  static_cast<void>(device.forward(1, frame('x', 'a'), start));

  EXPECT_EQ(ports_of(device.forward(2, frame('a', 'b'), start)), Ports{1});
}

TEST(LearningSwitch, ForgetsWithTimeAndWhenACableIsCut) {
  LearningSwitch device(plain(3), 10s);
  static_cast<void>(device.forward(0, frame('x', 'a'), start));
  EXPECT_EQ(ports_of(device.forward(1, frame('a', 'b'), start + 10s)), Ports{0});
  EXPECT_EQ(ports_of(device.forward(1, frame('a', 'b'), start + 11s)), (Ports{0, 2}));

  static_cast<void>(device.forward(0, frame('x', 'a'), start + 12s));
  device.forget(0);
  EXPECT_EQ(ports_of(device.forward(1, frame('a', 'b'), start + 12s)), (Ports{0, 2}));
}

TEST(LearningSwitch, FloodsWhatItHasNoRoomToLearn) {
  LearningSwitch device(plain(3), 10s);
  for (std::size_t i = 0; i < LearningSwitch::most_addresses; ++i) {
    auto one = frame('x', 'a');
    one[8] = static_cast<char>(i >> 8);
    one[9] = static_cast<char>(i & 0xff);
    one[7] = 1;
    static_cast<void>(device.forward(0, one, start));
  }
  static_cast<void>(device.forward(1, frame('x', 'z'), start));

  EXPECT_EQ(ports_of(device.forward(2, frame('z', 'y'), start)), (Ports{0, 1}));
  static_cast<void>(device.forward(1, frame('x', 'z'), start + 11s));
  EXPECT_EQ(ports_of(device.forward(2, frame('z', 'y'), start + 11s)), Ports{1})
      << "the old ones made room";
}

TEST(LearningSwitch, KeepsVlansApart) {
  const PortVlans ten{Kind::access, {10}}, twenty{Kind::access, {20}}, both{Kind::trunk, {10, 20}};
  LearningSwitch device({ten, twenty, both, ten});

  const auto from_ten = device.forward(0, broadcast('a'), start);
  EXPECT_EQ(ports_of(from_ten), (Ports{2, 3}));
  EXPECT_EQ(from_ten[0].frame, with_tag(broadcast('a'), 10));
  EXPECT_EQ(from_ten[1].frame, broadcast('a'));

  const auto from_trunk = device.forward(2, with_tag(broadcast('b'), 20), start);
  EXPECT_EQ(from_trunk, (std::vector{LearningSwitch::Outgoing{1, broadcast('b')}}));
}

TEST(LearningSwitch, LetsInOnlyWhatBelongsToThePort) {
  LearningSwitch device({{Kind::access, {10}}, {Kind::trunk, {10}}, {Kind::access, {10}}});

  EXPECT_TRUE(device.forward(0, with_tag(broadcast('a'), 10), start).empty());
  EXPECT_TRUE(device.forward(1, broadcast('a'), start).empty());
  EXPECT_TRUE(device.forward(1, with_tag(broadcast('a'), 11), start).empty());
}

TEST(LearningSwitch, WithoutVlansLeavesTagsAlone) {
  LearningSwitch device(plain(2));
  const auto tagged = with_tag(broadcast('a'), 7);

  EXPECT_EQ(device.forward(0, tagged, start), (std::vector{LearningSwitch::Outgoing{1, tagged}}));
}

TEST(LearningSwitch, KeepsTheSpanningTreesFramesToTheirCable) {
  LearningSwitch device(plain(2));
  auto bridge = frame(0, 'a');
  bridge.replace(0, 6, std::string("\x01\x80\xc2\0\0\0", 6));

  EXPECT_TRUE(device.forward(0, bridge, start).empty());
  EXPECT_TRUE(device.forward(0, "short", start).empty());
}

}  // namespace
}  // namespace cupel::network
