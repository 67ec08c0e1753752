// SPDX-License-Identifier: Apache-2.0
#include "guest/retained.hpp"

#include <gtest/gtest.h>

namespace cupel::guest {
namespace {

using From = wire::Output::From;

/// All that would be sent now, as "o:text" and "e:text".
std::string sent(Retained& retained) {
  std::string text;
  while (const auto output = retained.next())
    text += (output->from == From::out ? "o:" : "e:") + output->bytes;
  return text;
}

TEST(Retained, SendsBothOutputsInTheirOrderOnce) {
  Retained retained;
  retained.add({From::out, "a"});
  retained.add({From::err, "b"});
  retained.add({From::out, "c"});
  retained.add({From::out, "d"});

  EXPECT_FALSE(retained.all_sent());
  EXPECT_EQ(sent(retained), "o:ae:bo:cd");
  EXPECT_TRUE(retained.all_sent());
  retained.add({From::out, "e"});
  EXPECT_EQ(sent(retained), "o:e");
}

TEST(Retained, SendsAgainWhatTheHostDoesNotHave) {
  Retained retained;
  retained.add({From::out, "abc"});
  retained.add({From::err, "def"});
  sent(retained);
  retained.acknowledge(2);

  ASSERT_TRUE(retained.rewind(2));
  EXPECT_EQ(sent(retained), "o:ce:def");
  ASSERT_TRUE(retained.rewind(5)) << "it stored what it had not acknowledged yet";
  EXPECT_EQ(sent(retained), "e:f");
  ASSERT_TRUE(retained.rewind(6));
  EXPECT_EQ(sent(retained), "");
  EXPECT_TRUE(retained.all_sent());
}

TEST(Retained, HasOnlyWhatWasNotDroppedAndWasThere) {
  Retained retained;
  retained.add({From::out, "abc"});
  sent(retained);
  retained.acknowledge(2);

  EXPECT_FALSE(retained.rewind(1));
  EXPECT_FALSE(retained.rewind(4));
  EXPECT_FALSE(retained.rewind(~0ULL));
  EXPECT_TRUE(retained.rewind(3));
}

TEST(Retained, IsNotAcknowledgedBeyondWhatWasSent) {
  Retained retained;
  retained.add({From::out, "abc"});

  retained.acknowledge(100);

  EXPECT_EQ(sent(retained), "o:abc");
}

TEST(Retained, SendsNoMoreThanTheWindow) {
  Retained retained;
  const auto next_bytes = [&retained] {
    std::size_t count = 0;
    while (const auto output = retained.next()) count += output->bytes.size();
    return count;
  };
  while (!retained.full()) retained.add({From::out, std::string(retained.room() % 65536 + 1, 'x')});

  EXPECT_EQ(next_bytes(), wire::output_window);
  retained.acknowledge(100);
  EXPECT_EQ(next_bytes(), 100U);
}

}  // namespace
}  // namespace cupel::guest
