// SPDX-License-Identifier: Apache-2.0
#include "machine/kept_output.hpp"

#include <gtest/gtest.h>

#include "os/files.hpp"

namespace cupel::machine {
namespace {

using place::Stream;

class KeptOutputs : public testing::Test {
 protected:
  KeptOutput open() { return KeptOutput::open(directory()).value(); }
  os::fs::path directory() const { return root_.path() / "kept"; }
  /// As "o:text" and "e:text".
  static std::string told(KeptOutput& kept) {
    std::string text;
    const auto sink = [&text](Stream stream, std::string_view bytes) {
      text += stream == Stream::out ? "o:" : "e:";
      text += bytes;
    };
    EXPECT_TRUE(kept.replay(sink, Stop{}));
    return text;
  }
  os::TempDir root_ = os::TempDir::make("kept").value();
};

TEST_F(KeptOutputs, AreToldAgainInTheirOrder) {
  {
    auto kept = open();
    EXPECT_TRUE(kept.fresh());
    ASSERT_TRUE(kept.add(Stream::out, "a\n"));
    ASSERT_TRUE(kept.add(Stream::err, std::string("\0b", 2)));
    ASSERT_TRUE(kept.add(Stream::out, "c"));
    EXPECT_EQ(told(kept), "") << "what this one added was told already";
  }
  auto again = open();

  EXPECT_FALSE(again.fresh());
  EXPECT_EQ(again.size(), 5U);
  EXPECT_FALSE(again.exit());
  EXPECT_EQ(told(again), std::string("o:a\ne:\0bo:c", 11));
}

TEST_F(KeptOutputs, KnowTheEnd) {
  {
    auto kept = open();
    ASSERT_TRUE(kept.end({137, 9}));
  }
  EXPECT_EQ(open().exit(), (os::Exit{137, 9}));
}

TEST_F(KeptOutputs, AreWholeWhereverTheWriterWasKilled) {
  {
    auto kept = open();
    ASSERT_TRUE(kept.add(Stream::out, "one"));
    ASSERT_TRUE(kept.add(Stream::err, "two"));
  }
  const auto whole = os::read_file(directory() / "output").value();
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    ASSERT_TRUE(os::write_file(directory() / "output", whole.substr(0, cut)));
    auto kept = open();
    EXPECT_EQ(kept.size(), cut < 8 ? 0U : 3U) << cut;
    ASSERT_TRUE(kept.add(Stream::out, "x"));
    auto again = open();
    EXPECT_EQ(told(again), cut < 8 ? "o:x" : "o:oneo:x") << cut;
  }
}

TEST_F(KeptOutputs, RefuseForeignBytes) {
  ASSERT_TRUE(os::make_directories(directory()));
  ASSERT_TRUE(os::write_file(directory() / "output", "what is this"));
  EXPECT_EQ(KeptOutput::open(directory()).error().fault(), Fault::invalid);

  ASSERT_TRUE(os::write_file(directory() / "output", ""));
  ASSERT_TRUE(os::write_file(directory() / "status", "many 0\n"));
  EXPECT_EQ(KeptOutput::open(directory()).error().fault(), Fault::invalid);
}

}  // namespace
}  // namespace cupel::machine
