// SPDX-License-Identifier: Apache-2.0
#include "machine/use.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

namespace cupel::machine {
namespace {

using namespace std::chrono_literals;

constexpr auto stat =
    "4711 (qemu) x) S 1 4711 4711 0 -1 4194560 9 0 0 0 150 50 0 0 20 0 5 0 12345 1 2 3\n";
constexpr auto status =
    "Name:\tqemu\nVmPeak:\t  900000 kB\nVmHWM:\t  210000 kB\nVmRSS:\t  180000 kB\n"
    "RssAnon:\t   60000 kB\nRssFile:\t  120000 kB\n";

TEST(Use, ReadsWhatTheKernelSaysOfAProcess) {
  const auto use = process_use(stat, status);

  ASSERT_TRUE(use);
  const auto tick = 1000ms / ::sysconf(_SC_CLK_TCK);
  EXPECT_EQ(use->cpu, 200 * tick);
  EXPECT_EQ(use->memory, kib(180000));
  EXPECT_EQ(use->own, kib(60000));
  EXPECT_EQ(use->peak, kib(210000));
}

TEST(Use, OfWhatHasEndedThereIsNone) {
  EXPECT_EQ(process_use("", ""), std::nullopt);
  EXPECT_EQ(process_use(stat, "Name:\tqemu\n"), std::nullopt);
  EXPECT_EQ(process_use("4711 (x) S 1", status), std::nullopt);
  EXPECT_EQ(process_use(stat, "VmRSS: -3 kB\nRssAnon: 1 kB\nVmHWM: 1 kB\n"), std::nullopt);
  const auto me = process_use(::getpid());
  ASSERT_TRUE(me);
  EXPECT_GE(me->peak, me->memory);
  EXPECT_GE(me->memory, me->own);
}

UseSample sample(std::chrono::milliseconds time, std::uint64_t n) {
  return {time, std::chrono::milliseconds(n), Bytes{n}, Bytes{n}, Bytes{n}, {}, Bytes{n}, {}, {}};
}

TEST(Use, ReadsWhatItWrote) {
  const UseSample all{1764567890123ms, 1007ms,   mib(200), mib(60), mib(210),
                      Bytes{4096},     Bytes{0}, Bytes{1}, Bytes{2}};
  EXPECT_EQ(use_line(all), "1764567890.123,1.007,209715200,62914560,220200960,4096,0,1,2\n");
  const auto text = std::string(use_header) + use_line(all) + use_line(sample(5ms, 3));

  EXPECT_THAT(parse_use(text), testing::ElementsAre(all, sample(5ms, 3)));
}

TEST(Use, OfADamagedFileTheWholeLinesAreRead) {
  const auto one = use_line(sample(1ms, 1));
  const auto head = std::string(use_header);
  EXPECT_EQ(parse_use(head + one + one.substr(0, 9)).size(), 1U);
  EXPECT_EQ(parse_use(head + one + "1,2,3\n" + one).size(), 1U);
  EXPECT_EQ(parse_use(head + "1.0000,1.000,1,1,1,,,,\n").size(), 0U);
  EXPECT_EQ(parse_use(head + "1.000,1.000,-1,1,1,,,,\n").size(), 0U);
  EXPECT_EQ(parse_use(head + "99999999999999999999.000,1.000,1,1,1,,,,\n").size(), 0U);
  EXPECT_EQ(parse_use(one).size(), 0U);
  EXPECT_EQ(parse_use("").size(), 0U);
}

TEST(Use, HalvingKeepsSumsAndPeaks) {
  std::vector<UseSample> samples = {sample(1s, 5), sample(2s, 3), sample(3s, 9)};
  samples[1].received = Bytes{4};
  const auto before = total(samples);
  EXPECT_EQ(before, (UseTotal{17ms, Bytes{9}, 2s}));

  halve(samples);

  ASSERT_EQ(samples.size(), 2U);
  EXPECT_EQ(samples[0].time, 2s);
  EXPECT_EQ(samples[0].memory, Bytes{5});
  EXPECT_EQ(samples[0].disk_written, Bytes{8});
  EXPECT_EQ(samples[0].disk_read, std::nullopt);
  EXPECT_EQ(samples[0].received, Bytes{4});
  EXPECT_EQ(total(samples).cpu, before.cpu);
  EXPECT_EQ(total(samples).peak, before.peak);
  EXPECT_EQ(total({}), UseTotal{});
}

}  // namespace
}  // namespace cupel::machine
