// SPDX-License-Identifier: Apache-2.0
#include "network/link_model.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace cupel::network {
namespace {

using namespace std::chrono_literals;
using Kind = Fate::Kind;

const SteadyTime start = SteadyTime(1h);

Fate arrives(Duration after, unsigned copies = 1) { return {Kind::arrives, start + after, copies}; }

TEST(LinkModel, WithoutSettingsEverythingArrivesAtOnce) {
  LinkModel link({}, 1);

  EXPECT_EQ(link.offer(60, start), arrives(0s));
  EXPECT_EQ(link.offer(1514, start), arrives(0s));
}

TEST(LinkModel, RateIsTheTimeThatAFrameOccupiesTheWire) {
  LinkSettings settings;
  settings.rate = 8'000'000;  // a byte a microsecond
  LinkModel link(settings, 1);

  EXPECT_EQ(link.offer(1000, start), arrives(1ms));
  EXPECT_EQ(link.offer(500, start), arrives(1500us)) << "behind the first";
  EXPECT_EQ(link.offer(500, start + 10ms), arrives(10500us)) << "idle time is not saved up";
}

TEST(LinkModel, WhatFindsTheQueueFullIsDropped) {
  LinkSettings settings;
  settings.rate = 8'000'000;
  settings.queue = Bytes{2000};
  LinkModel link(settings, 1);
  std::vector<Kind> kinds;

  for (int i = 0; i < 5; ++i) kinds.push_back(link.offer(1000, start).kind);

  EXPECT_EQ(kinds, (std::vector{Kind::arrives, Kind::arrives, Kind::arrives, Kind::queue_full,
                                Kind::queue_full}));
  EXPECT_EQ(link.offer(1000, start + 1ms), arrives(4ms)) << "there is room again";
}

TEST(LinkModel, DelayIsAddedToTheWire) {
  LinkSettings settings;
  settings.rate = 8'000'000;
  settings.delay = 5ms;
  LinkModel link(settings, 1);

  EXPECT_EQ(link.offer(1000, start), arrives(6ms));
  EXPECT_EQ(link.offer(1000, start), arrives(7ms));
}

TEST(LinkModel, JitterSpreadsTheDelayAndKeepsTheOrder) {
  LinkSettings settings;
  settings.delay = 10ms;
  settings.jitter = 4ms;
  LinkModel link(settings, 1);
  auto before = start;
  Duration least = 1h, most = 0s;

  for (int i = 0; i < 2000; ++i) {
    const auto now = start + i * 10ms;
    const auto fate = link.offer(100, now);
    least = std::min(least, fate.at - now);
    most = std::max(most, fate.at - now);
    EXPECT_GE(fate.at, before);
    before = fate.at;
  }

  EXPECT_GE(least, 6ms);
  EXPECT_LE(least, 6100us);
  EXPECT_LE(most, 14ms);
  EXPECT_GE(most, 13900us);
}

TEST(LinkModel, LossDuplicationAndReorderingAreShares) {
  LinkSettings settings;
  settings.delay = 10ms;
  settings.loss = 0.1;
  settings.duplicate = 0.2;
  settings.reorder = 0.3;
  LinkModel link(settings, 1);
  const int frames = 20000;
  int lost = 0, twice = 0, early = 0;

  for (int i = 0; i < frames; ++i) {
    const auto now = start + i * 100ms;
    const auto fate = link.offer(100, now);
    if (fate.kind == Kind::lost) ++lost;
    if (fate.copies == 2) ++twice;
    if (fate.kind == Kind::arrives && fate.at == now) ++early;
  }

  EXPECT_NEAR(lost, 0.1 * frames, 200);
  EXPECT_NEAR(twice, 0.2 * 0.9 * frames, 300);
  EXPECT_NEAR(early, 0.3 * 0.9 * frames, 300);
}

TEST(LinkModel, LossOfAllIsAll) {
  LinkSettings settings;
  settings.loss = 1;
  LinkModel link(settings, 1);

  for (int i = 0; i < 1000; ++i) EXPECT_EQ(link.offer(100, start).kind, Kind::lost);
}

TEST(LinkModel, ASeedRepeatsAllFates) {
  LinkSettings settings;
  settings.delay = 10ms;
  settings.jitter = 5ms;
  settings.loss = 0.5;
  LinkModel one(settings, 42), same(settings, 42), other(settings, 43);
  int differences = 0;

  for (int i = 0; i < 100; ++i) {
    const auto fate = one.offer(100, start + i * 1s);
    EXPECT_EQ(same.offer(100, start + i * 1s), fate);
    if (other.offer(100, start + i * 1s) != fate) ++differences;
  }

  EXPECT_GT(differences, 50);
}

TEST(LinkModel, TheMtuIsOfThePayload) {
  LinkSettings settings;
  settings.mtu = 1400;
  LinkModel link(settings, 1);

  EXPECT_EQ(link.offer(1400 + 14, start).kind, Kind::arrives);
  EXPECT_EQ(link.offer(1400 + 18, start).kind, Kind::arrives) << "with a tag";
  EXPECT_EQ(link.offer(1400 + 19, start).kind, Kind::too_long);
}

TEST(LinkModel, AChangeHoldsForTheNextFrame) {
  LinkModel link({}, 1);
  LinkSettings settings;
  settings.delay = 1ms;

  link.change(settings);

  EXPECT_EQ(link.offer(60, start), arrives(1ms));
}

TEST(Chance, HasKnownNumbers) {
  // splitmix64's first output for seed 0 is 0xe220a8397b1dcdaf.
  Chance chance(0);
  EXPECT_DOUBLE_EQ(chance.next(), static_cast<double>(0xe220a8397b1dcdafU >> 11) * 0x1.0p-53);
}

std::string error_of(std::string_view key, std::string_view text) {
  LinkChange change;
  const auto done = set(change, key, text);
  return done ? "no error" : done.error().text();
}

TEST(LinkChange, ReadsWhatPeopleWrite) {
  LinkChange change;
  for (const auto& [key, text] :
       {std::pair("rate", "1.5Mbit"), std::pair("delay", "250us"), std::pair("jitter", "2 ms"),
        std::pair("loss", "0.5%"), std::pair("duplicate", "5"), std::pair("reorder", "100%"),
        std::pair("mtu", "1400"), std::pair("queue", "64KiB")})
    EXPECT_TRUE(set(change, key, text)) << key;

  const auto settings = changed({}, change);

  EXPECT_EQ(settings.rate, 1'500'000U);
  EXPECT_EQ(settings.delay, 250us);
  EXPECT_EQ(settings.jitter, 2ms);
  EXPECT_DOUBLE_EQ(settings.loss, 0.005);
  EXPECT_DOUBLE_EQ(settings.duplicate, 0.05);
  EXPECT_DOUBLE_EQ(settings.reorder, 1);
  EXPECT_EQ(settings.mtu, 1400U);
  EXPECT_EQ(settings.queue, kib(64));
}

TEST(LinkChange, LeavesTheRest) {
  LinkSettings before;
  before.rate = 1000;
  before.delay = 1ms;
  LinkChange change;
  ASSERT_TRUE(set(change, "rate", "none"));

  const auto after = changed(before, change);

  EXPECT_EQ(after.rate, std::nullopt);
  EXPECT_EQ(after.delay, 1ms);
}

TEST(LinkChange, SaysWhatIsExpected) {
  EXPECT_EQ(error_of("rate", "100"), "'rate' must be bits a second, as \"100Mbit\", or \"none\"");
  EXPECT_EQ(error_of("rate", "0Mbit"), "'rate' must be bits a second, as \"100Mbit\", or \"none\"");
  EXPECT_EQ(error_of("delay", "-5ms"),
            "'delay' must be a time up to an hour, as \"5ms\" or \"250us\"");
  EXPECT_EQ(error_of("delay", "2000000s"),
            "'delay' must be a time up to an hour, as \"5ms\" or \"250us\"");
  EXPECT_EQ(error_of("loss", "101%"), "'loss' must be a share from 0% to 100%, as \"1%\"");
  EXPECT_EQ(error_of("loss", "nan"), "'loss' must be a share from 0% to 100%, as \"1%\"");
  EXPECT_EQ(error_of("mtu", "67"), "'mtu' must be a number from 68 to 65535");
  EXPECT_EQ(error_of("queue", "1GiB"), "'queue' must be a size up to 64MiB, as \"64KiB\"");
  EXPECT_EQ(error_of("latency", "1ms"),
            "a link has no 'latency'; it has rate, delay, jitter, loss, duplicate, reorder, mtu, "
            "queue");
}

}  // namespace
}  // namespace cupel::network
