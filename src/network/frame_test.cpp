// SPDX-License-Identifier: Apache-2.0
#include "network/frame.hpp"

#include <gtest/gtest.h>

namespace cupel::network {
namespace {

using namespace std::string_literals;

const Frame plain = "\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01\x08\x00payload"s;
const Frame tagged =
    "\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01\x81\x00\x00\x0a\x08\x00payload"s;

TEST(Frame, HeadHasAddressesAndTheTag) {
  const auto head = head_of(plain);

  ASSERT_TRUE(head);
  EXPECT_EQ(to_text(head->to), "02:00:00:00:00:02");
  EXPECT_EQ(to_text(head->from), "02:00:00:00:00:01");
  EXPECT_FALSE(head->vlan);
  EXPECT_EQ(head_of(tagged)->vlan, Vlan{10});
}

TEST(Frame, TooShortIsNoFrame) {
  EXPECT_FALSE(head_of(""));
  EXPECT_FALSE(head_of(plain.substr(0, 13)));
  EXPECT_TRUE(head_of(plain.substr(0, 14)));
}

TEST(Frame, ATagComesAndGoes) {
  EXPECT_EQ(with_tag(plain, 10), tagged);
  EXPECT_EQ(without_tag(tagged), plain);
  EXPECT_EQ(without_tag(plain), plain);
}

TEST(Frame, ATagThatIsCutOffIsNone) {
  const auto cut = tagged.substr(0, 15);

  EXPECT_FALSE(head_of(cut)->vlan);
  EXPECT_EQ(without_tag(cut), cut);
}

TEST(FrameReader, TakesFramesApartWhereverBytesAreCut) {
  const auto stream = framed(plain) + framed(tagged);
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    FrameReader reader;
    std::vector<Frame> frames;
    const auto take = [&](std::string_view bytes) {
      reader.feed(bytes);
      for (;;) {
        auto next = reader.next();
        ASSERT_TRUE(next);
        if (!*next) return;
        frames.push_back(**next);
      }
    };

    take(std::string_view(stream).substr(0, cut));
    take(std::string_view(stream).substr(cut));

    EXPECT_EQ(frames, (std::vector{plain, tagged})) << "cut at " << cut;
  }
}

TEST(FrameReader, RefusesALengthThatNoFrameHas) {
  for (const auto& length : {"\x00\x00\x00\x00"s, "\xff\xff\xff\xff"s, "\x00\x01\x10\x01"s}) {
    FrameReader reader;
    reader.feed(length);
    const auto next = reader.next();
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().fault(), Fault::invalid);
  }
}

}  // namespace
}  // namespace cupel::network
