// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/file_list.hpp"

#include <gtest/gtest.h>

namespace cupel::pipeline::steps {
namespace {

TEST(FileList, ReadsWhatFindPrints) {
  const auto files = parse_listing(
      "41ed 4096 1700000000 ./sub\n81a4 12 1700000001 ./a b.txt\n81a4 0 5 ./two\nlines\n");

  ASSERT_EQ(files.size(), 3U);
  EXPECT_EQ(files[0].path, "a b.txt");
  EXPECT_EQ(files[0].length, 12);
  EXPECT_EQ(files[0].modified_ms, 1700000001000);
  EXPECT_EQ(files[1].kind, ListedFile::Kind::directory);
  EXPECT_EQ(files[2].path, "two\nlines");
}

TEST(FileList, TakesNonsenseForTheRestOfAName) {
  EXPECT_TRUE(parse_listing("no list at all\n\n").empty());
  EXPECT_TRUE(parse_listing("zz 1 1 ./a\n").empty());
}

}  // namespace
}  // namespace cupel::pipeline::steps
