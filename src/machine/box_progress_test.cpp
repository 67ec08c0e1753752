// SPDX-License-Identifier: Apache-2.0
#include "machine/box_progress.hpp"

#include <gtest/gtest.h>

namespace cupel::machine {
namespace {

TEST(BoxProgressReader, ReadsTheSteps) {
  BoxProgressReader reader;

  EXPECT_TRUE(reader.read_script("step 3/7: fetching packages: all of them"));

  EXPECT_EQ(reader.now(), (BoxProgress{3, 7, "fetching packages: all of them", std::nullopt, {}}));
}

TEST(BoxProgressReader, PassesOverForeignLines) {
  BoxProgressReader reader;
  for (const auto* line : {"", "step", "step 1: x", "step /: x", "step 3/2: x", "step 0/2: x",
                           "step a/b: x", "stepping 1/2: x", "expect", "expect -4", "step : 1/2"})
    EXPECT_FALSE(reader.read_script(line)) << line;
  EXPECT_EQ(reader.now(), BoxProgress{});
}

TEST(BoxProgressReader, TakesThePercentagesOfDownloads) {
  BoxProgressReader reader;
  reader.read_script("step 1/2: fetching");

  EXPECT_TRUE(reader.read_status("dlstatus:1:26.25:Retrieving file 1 of 3 (1min: remaining)"));
  EXPECT_FALSE(reader.read_status("dlstatus:2:20.0:an earlier one"));
  EXPECT_FALSE(reader.read_status("dlstatus:2:900:x"));
  EXPECT_FALSE(reader.read_status("dlstatus:2:nan:x"));
  EXPECT_FALSE(reader.read_status("pmstatus:bash:50:x"));

  EXPECT_EQ(reader.now().percent, 26.25);
}

TEST(BoxProgressReader, CountsWhatIsInstalled) {
  BoxProgressReader reader;
  reader.read_script("step 1/2: installing");
  EXPECT_FALSE(reader.read_words("Unpacking early (1) ..."));
  reader.read_script("expect 4");

  EXPECT_TRUE(reader.read_words("Unpacking a (1) ..."));
  EXPECT_FALSE(reader.read_words("Selecting previously unselected package b."));
  EXPECT_TRUE(reader.read_words("Setting up a (1) ..."));
  EXPECT_EQ(reader.now().percent, 50.0);

  for (int i = 0; i < 9; ++i) reader.read_words("Setting up b (1) ...");
  EXPECT_EQ(reader.now().percent, 99.0);
}

TEST(BoxProgressReader, StartsEachStepWithoutAPercentage) {
  BoxProgressReader reader;
  reader.read_script("step 1/2: fetching");
  reader.read_status("dlstatus:1:80:x");

  reader.read_script("step 2/2: unpacking");

  EXPECT_EQ(reader.now().percent, std::nullopt);
}

}  // namespace
}  // namespace cupel::machine
