// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/moment.hpp"

#include <gtest/gtest.h>

namespace cupel::pipeline {
namespace {

TEST(Moment, CountsDaysBothWays) {
  for (const std::int64_t second : {0L, 951'782'400L, 1'700'000'000L, -1L, -2'208'988'800L}) {
    const auto fields = fields_of({second, 0, 0});
    EXPECT_EQ(moment_of(fields)->second, second);
  }
  EXPECT_EQ(iso_date(Moment{951'782'400, 0, 0}), "2000-02-29");
  EXPECT_EQ(weekday_of(Moment{0, 0, 0}), 4);
}

TEST(Moment, RefusesWhatIsNoDate) {
  EXPECT_FALSE(moment_of({2026, 2, 29}));
  EXPECT_FALSE(moment_of({2026, 13, 1}));
  EXPECT_FALSE(parse_iso("2026-11-24T25:00"));
  EXPECT_FALSE(parse_iso("20261124"));
}

TEST(Moment, AddsMonthsToTheEndOfAMonth) {
  EXPECT_EQ(iso_date(*plus_months(*parse_iso("2026-01-31"), 1)), "2026-02-28");
  EXPECT_EQ(iso_date(*plus_months(*parse_iso("2024-03-31"), -1)), "2024-02-29");
}

TEST(Moment, WritesAndReadsPatterns) {
  const auto moment = *parse_iso("2026-11-24T15:04:05.120+02:00");

  EXPECT_EQ(*format_moment(moment, "EEE, dd MMM yyyy HH:mm:ss.SSS Z"),
            "Tue, 24 Nov 2026 15:04:05.120 +0200");
  EXPECT_EQ(*format_moment(moment, "yy/M/d h 'o''clock' a XXX"), "26/11/24 3 o'clock PM +02:00");
  EXPECT_EQ(parse_moment("24.11.2026 03:04 PM", "dd.MM.yyyy hh:mm a")->second, 1'795'532'640);
  EXPECT_FALSE(parse_moment("2026-11-2x", "yyyy-MM-dd"));
  EXPECT_FALSE(format_moment(moment, "yyyy'x"));
}

TEST(Moment, KnowsUtcAndOffsets) {
  EXPECT_EQ(*parse_zone("UTC"), 0);
  EXPECT_EQ(*parse_zone("GMT+2"), 7200);
  EXPECT_EQ(*parse_zone("-03:30"), -12600);
  EXPECT_FALSE(parse_zone("Europe/Paris"));
}

}  // namespace
}  // namespace cupel::pipeline
