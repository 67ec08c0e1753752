// SPDX-License-Identifier: Apache-2.0
#include "guest/refresh.hpp"

#include <gtest/gtest.h>

namespace cupel::guest {
namespace {

TEST(Refresh, RenamesTheMachineInItsOwnLineOfHosts) {
  const auto hosts =
      "127.0.0.1\tlocalhost box\n"
      "127.0.1.1\tbox.example  box\tboxer other\n"
      "10.0.0.1 box";
  EXPECT_EQ(rename_in_hosts(hosts, "box", "clone-7"),
            "127.0.0.1\tlocalhost box\n"
            "127.0.1.1\tclone-7.example  clone-7\tboxer other\n"
            "10.0.0.1 box");
}

TEST(Refresh, LeavesHostsAloneWithoutAnOldName) {
  EXPECT_EQ(rename_in_hosts("127.0.1.1 box\n\n", "", "new"), "127.0.1.1 box\n\n");
  EXPECT_EQ(rename_in_hosts("", "old", "new"), "");
}

TEST(Refresh, AnEmptyRefreshDoesNothing) { EXPECT_EQ(refresh({}), ""); }

}  // namespace
}  // namespace cupel::guest
