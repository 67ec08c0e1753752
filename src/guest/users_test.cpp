// SPDX-License-Identifier: Apache-2.0
#include "guest/users.hpp"

#include <gtest/gtest.h>

namespace cupel::guest {
namespace {

constexpr auto passwd =
    "root:x:0:0:root:/root:/bin/bash\n"
    "damaged line\n"
    "build:x:1000:100:Build,,,:/home/build:/bin/dash\n"
    "bare:x:1001:1001:::\n"
    "broken:x:many:1:::\n";
constexpr auto group =
    "root:x:0:\n"
    "users:x:100:\n"
    "docker:x:998:other,build\n"
    "kvm:x:104:build\n";

TEST(Users, FindsAUserWithTheGroupsThatListIt) {
  const User wanted{"build", 1000, 100, {100, 998, 104}, "/home/build", "/bin/dash"};
  EXPECT_EQ(*find_user("build", passwd, group), wanted);
  EXPECT_EQ(*find_user("1000", passwd, group), wanted);
}

TEST(Users, TakesAGroupByNameOrNumberAndThenNoOther) {
  EXPECT_EQ(find_user("build:docker", passwd, group)->groups, std::vector<unsigned>{998});
  EXPECT_EQ(find_user("1000:7", passwd, group)->gid, 7U);
  EXPECT_EQ(find_user("build:nope", passwd, group).error().text(),
            "there is no group nope in this machine");
}

TEST(Users, RootAndNumbersNeedNoFiles) {
  EXPECT_EQ(*find_user("root", "", ""), (User{"root", 0, 0, {0}, "/root", "/bin/sh"}));
  EXPECT_EQ(*find_user("0", "", ""), (User{"root", 0, 0, {0}, "/root", "/bin/sh"}));
  EXPECT_EQ(*find_user("77", "", ""), (User{"77", 77, 77, {77}, "/", "/bin/sh"}));
}

TEST(Users, AnEmptyHomeAndShellHaveDefaults) {
  EXPECT_EQ(*find_user("bare", passwd, group), (User{"bare", 1001, 1001, {1001}, "/", "/bin/sh"}));
}

TEST(Users, NamesWhatIsMissing) {
  EXPECT_EQ(find_user("nobody", passwd, group).error().fault(), Fault::not_found);
  EXPECT_EQ(find_user("nobody", passwd, group).error().text(),
            "there is no user nobody in this machine");
  EXPECT_EQ(find_user("broken", passwd, group).error().fault(), Fault::invalid);
}

}  // namespace
}  // namespace cupel::guest
