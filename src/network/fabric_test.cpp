// SPDX-License-Identifier: Apache-2.0
#include "network/fabric.hpp"

#include <gtest/gtest.h>

namespace cupel::network {
namespace {

using namespace std::chrono_literals;
using State = Fabric::State;

const SteadyTime start = SteadyTime(1h);

Frame frame(char to, char from, std::size_t payload = 50) {
  return std::string("\x02\0\0\0\0", 5) + to + std::string("\x02\0\0\0\0", 5) + from +
         std::string("\x08\0", 2) + std::string(payload, from);
}

LinkSettings delayed(Duration delay) {
  LinkSettings settings;
  settings.delay = delay;
  return settings;
}

/// a - s - b, and c on the same switch.
Plan star(Duration delay) {
  Plan plan{{"s"}, {}, 1};
  for (const auto* machine : {"a", "b", "c"})
    plan.links.push_back(
        {std::string(machine) + "-s", {End{machine, "eth1"}, End{"s"}}, delayed(delay), {}});
  return plan;
}

Plan cable(const LinkSettings& settings) {
  return {{}, {{"a-b", {End{"a", "eth1"}, End{"b", "eth1"}}, settings, {}}}, 1};
}

constexpr Plug at_a{0, 0}, at_b{1, 0}, at_c{2, 0};

/// What reached machines.
std::vector<std::pair<Plug, SteadyTime>> heard(Fabric& fabric, SteadyTime now) {
  std::vector<std::pair<Plug, SteadyTime>> result;
  for (const auto& one : fabric.arrivals(now))
    if (one.at.end == 0) result.emplace_back(one.at, one.time);
  return result;
}

TEST(Fabric, CarriesAFrameOverASwitchInTheTimeOfBothLinks) {
  Fabric fabric(star(2ms));
  fabric.take(at_a, frame('b', 'a'), start);

  EXPECT_EQ(fabric.next_due(), start + 2ms);
  EXPECT_TRUE(heard(fabric, start + 2ms).empty());
  EXPECT_EQ(fabric.next_due(), start + 4ms);
  EXPECT_EQ(heard(fabric, start + 4ms),
            (std::vector<std::pair<Plug, SteadyTime>>{{at_b, start + 4ms}, {at_c, start + 4ms}}));
  EXPECT_FALSE(fabric.next_due());
}

TEST(Fabric, LateTurnsDoNotAddUp) {
  Fabric fabric(star(2ms));
  fabric.take(at_a, frame('b', 'a'), start);

  const auto all = heard(fabric, start + 1s);

  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].second, start + 4ms) << "due times count, not when somebody looked";
}

TEST(Fabric, KnownAddressesGetTheirFramesAlone) {
  Fabric fabric(star(0ms));
  fabric.take(at_b, frame('x', 'b'), start);
  static_cast<void>(fabric.arrivals(start));

  fabric.take(at_a, frame('b', 'a'), start);

  EXPECT_EQ(heard(fabric, start), (std::vector<std::pair<Plug, SteadyTime>>{{at_b, start}}));
}

TEST(Fabric, ALinkThatIsDownSwallowsWhatIsUnderWayAndWhatComes) {
  Fabric fabric(cable(delayed(5ms)));
  fabric.take(at_a, frame('b', 'a'), start);

  fabric.set_state(0, State::down);
  fabric.take(at_a, frame('b', 'a'), start + 1ms);
  EXPECT_TRUE(fabric.arrivals(start + 10ms).empty());
  EXPECT_EQ(fabric.counters(at_a).down, 2U);

  fabric.set_state(0, State::up);
  fabric.take(at_a, frame('b', 'a'), start + 10ms);
  EXPECT_EQ(fabric.arrivals(start + 15ms).size(), 1U);
}

TEST(Fabric, WhatWasUnderWayWhenItWasCutStaysLostThoughTheLinkIsUpAgain) {
  Fabric fabric(cable(delayed(5ms)));
  fabric.take(at_a, frame('b', 'a'), start);

  fabric.set_state(0, State::down);
  fabric.set_state(0, State::up);

  EXPECT_TRUE(fabric.arrivals(start + 10ms).empty());
}

TEST(Fabric, ACutCableMakesItsSwitchForget) {
  Fabric fabric(star(0ms));
  fabric.take(at_b, frame('x', 'b'), start);
  static_cast<void>(fabric.arrivals(start));
  fabric.set_state(at_b.link, State::down);
  fabric.set_state(at_b.link, State::up);

  fabric.take(at_a, frame('b', 'a'), start);

  EXPECT_EQ(heard(fabric, start).size(), 2U);
}

TEST(Fabric, DirectionsAreApart) {
  LinkSettings settings;
  settings.rate = 8'000'000;
  Fabric fabric(cable(settings));
  fabric.take({0, 0}, frame('b', 'a', 986), start);
  fabric.take({0, 1}, frame('a', 'b', 986), start);

  EXPECT_EQ(fabric.arrivals(start + 1ms).size(), 2U);
  EXPECT_EQ(fabric.counters({0, 0}).arrived, 1U);
  EXPECT_EQ(fabric.counters({0, 1}).bytes, 1000U);
}

TEST(Fabric, WhatIsUnderWayIsBounded) {
  Fabric fabric(cable(delayed(1h)));
  const auto large = frame('b', 'a', 1400);
  const auto fits = Fabric::most_under_way.count / large.size();

  for (std::size_t i = 0; i < fits + 100; ++i) fabric.take({0, 0}, large, start);

  EXPECT_EQ(fabric.counters({0, 0}).queue_full, 100U);
  EXPECT_EQ(fabric.arrivals(start + 1h).size(), fits);
}

TEST(Fabric, CountsWhatItDrops) {
  LinkSettings settings;
  settings.loss = 1;
  Fabric fabric(cable(settings));
  fabric.take({0, 0}, frame('b', 'a'), start);
  fabric.take({0, 0}, frame('b', 'a', 2000), start);
  fabric.take({0, 0}, "short", start);

  EXPECT_EQ(fabric.counters({0, 0}), (Counters{0, 0, 1, 0, 0, 1, 0}));
}

}  // namespace
}  // namespace cupel::network
