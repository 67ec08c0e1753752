// SPDX-License-Identifier: Apache-2.0
#include "machine/box_needs.hpp"

#include <gtest/gtest.h>

#include "os/files.hpp"

namespace cupel::machine {
namespace {

TEST(GrantsIds, FindsTheUserByNameOrNumber) {
  constexpr std::string_view text = "# comment\nroot:0:1\nann:100000:65536\n1002:165536:65536\n";
  EXPECT_TRUE(grants_ids(text, "ann", 1001));
  EXPECT_TRUE(grants_ids(text, "bob", 1002));
  EXPECT_FALSE(grants_ids(text, "bob", 1003));
  EXPECT_FALSE(grants_ids(text, "an", 1003));
}

TEST(GrantsIds, WantsEnoughOfThem) {
  EXPECT_FALSE(grants_ids("ann:100000:1000", "ann", 1001));
  EXPECT_FALSE(grants_ids("ann:100000:", "ann", 1001));
  EXPECT_TRUE(grants_ids("ann:1:10\nann:100000:65536", "ann", 1001));
}

TEST(CheckSpace, NamesThePlaceAndTheAmount) {
  const auto directory = os::TempDir::make("box-space");
  ASSERT_TRUE(directory);

  EXPECT_TRUE(check_space(directory->path(), kib(1)));
  const auto refused = check_space(directory->path(), gib(1U << 20));

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault(), Fault::unavailable);
  EXPECT_TRUE(refused.error().text().starts_with(
      fmt::format("not enough space in {}: ", directory->path().string())))
      << refused.error().text();
}

TEST(CheckPrograms, NamesThePackageOfWhatIsMissing) {
  const BoxKind kind{"cupel/test", "test", kib(1), BoxKind::Owners::one};
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", "/nonexistent", 1);

  const auto checked = check_programs(kind);

  ::setenv("PATH", path.c_str(), 1);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().fault(), Fault::unavailable);
  EXPECT_EQ(checked.error().text(),
            "no program apt-get, which the build of cupel/test needs: apt install apt");
}

}  // namespace
}  // namespace cupel::machine
