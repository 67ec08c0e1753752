// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"

#include <gtest/gtest.h>

namespace cupel {
namespace {

TEST(Digest, IsSha256) {
  EXPECT_EQ(digest_of("abc").hex,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Hasher, PartsDoNotRunIntoEachOther) {
  EXPECT_NE(Hasher().feed_part("ab").feed_part("c").finish(),
            Hasher().feed_part("a").feed_part("bc").finish());
}

TEST(RandomBytes, AreNotTheSameTwice) { EXPECT_NE(random_bytes(16), random_bytes(16)); }

}  // namespace
}  // namespace cupel
