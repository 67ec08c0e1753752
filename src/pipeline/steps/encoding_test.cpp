// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/encoding.hpp"

#include <gtest/gtest.h>

namespace cupel::pipeline::steps {
namespace {

TEST(Encoding, ChangesTextBothWays) {
  EXPECT_EQ(*decoded("gr\xFC\xDF", "ISO-8859-1"), "grüß");
  EXPECT_EQ(*encoded("grüß", "windows-1252"), "gr\xFC\xDF");
  EXPECT_EQ(*encoded("a", "UTF-16"), std::string("\xFE\xFF\0a", 4));
  EXPECT_EQ(*encoded("€x", "ISO-8859-1"), "?x");
  EXPECT_EQ(*decoded(std::string("a\xFF") + "b", "US-ASCII"),
            "a\xEF\xBF\xBD"
            "b");
}

TEST(Encoding, KnowsBase64) {
  EXPECT_EQ(*decoded(std::string("\0\xFF", 2), "Base64"), "AP8=");
  EXPECT_EQ(*encoded("AP8=\n", "base64"), std::string("\0\xFF", 2));
  EXPECT_FALSE(encoded("A", "Base64"));
  EXPECT_FALSE(encoded("A*==", "Base64"));
}

TEST(Encoding, NamesWhatItDoesNotKnow) {
  EXPECT_EQ(decoded("x", "EBCDIC-MARS").error().text(), "the encoding 'EBCDIC-MARS' is not known");
}

TEST(Transcoder, FindsCharactersThatAreCut) {
  auto transcoder = *Transcoder::make("UTF-16LE", "UTF-8");

  auto text = transcoder.feed(std::string_view("\xAC", 1));
  text += transcoder.feed(std::string_view("\x20z\0", 3));
  text += transcoder.finish();

  EXPECT_EQ(text, "€z");
}

}  // namespace
}  // namespace cupel::pipeline::steps
