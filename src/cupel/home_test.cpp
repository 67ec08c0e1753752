// SPDX-License-Identifier: Apache-2.0
#include "cupel/home.hpp"

#include <gtest/gtest.h>

#include <map>

namespace cupel {
namespace {

Variable from(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    if (found == values.end() || found->second.empty()) return std::nullopt;
    return found->second;
  };
}

TEST(Home, FollowsTheUsualDirectories) {
  const auto home = find_home(from({{"HOME", "/home/ann"}, {"XDG_CACHE_HOME", "/big"}}));

  ASSERT_TRUE(home);
  EXPECT_EQ(home->cache, "/big/cupel");
  EXPECT_EQ(home->runs(), "/home/ann/.local/state/cupel/runs");
  EXPECT_EQ(home->user_settings, "/home/ann/.config/cupel/cupel.toml");
}

TEST(Home, CupelHomeOverridesAll) {
  const auto home = find_home(from({{"CUPEL_HOME", "/x"}, {"XDG_CACHE_HOME", "/big"}}));

  ASSERT_TRUE(home);
  EXPECT_EQ(home->cache, "/x/cache");
  EXPECT_EQ(home->state, "/x/state");
}

TEST(Home, WithoutAnyItSaysWhatToSet) {
  EXPECT_EQ(find_home(from({})).error().text(),
            "neither HOME nor XDG_CACHE_HOME is set: set one, or CUPEL_HOME");
}

}  // namespace
}  // namespace cupel
