// SPDX-License-Identifier: Apache-2.0
#include "wire/message.hpp"

#include <gtest/gtest.h>

namespace cupel::wire {
namespace {

std::vector<Frame> one_of_each() {
  Start start;
  start.kind = Start::Kind::pack;
  start.argv = {"sh", "-c", "", "true"};
  start.environment = {{"A", "1"}, {"B", ""}};
  start.directory = "/work";
  start.user = "build";
  start.kept = "/w@tmp/kept-1";
  start.terminal = true;
  start.rows = 50;
  start.columns = 300;
  start.includes = {"**"};
  start.excludes = {"*.o", "x"};
  start.paths = {"a/b"};
  start.default_excludes = true;
  start.files_only = true;
  return {{0, Hello{1, 0x1122334455667788}},
          {0, Refresh{std::string(32, '\x80'), -5, "00ff", "clone"}},
          {7, start},
          {7, Input{std::string("a\0b", 3)}},
          {7, InputEnd{}},
          {7, Signal{15, Signal::To::tree}},
          {7, Resize{1, 65535}},
          {0, Ping{1}},
          {0, Welcome{1, 2, "b0"}},
          {0, Refreshed{"clock: denied"}},
          {7, Output{Output::From::err, "text"}},
          {7, Started{-1}},
          {7, Exited{137, 9}},
          {7, Refused{Fault::not_found, "no such program"}},
          {7, TreeGone{}},
          {0xffffffff, Credit{4096}},
          {0, Pong{~0ULL}},
          {8, TakeUp{"/w@tmp/kept-1", 1ULL << 40}},
          {8, Release{}},
          {0, GoingDown{}}};
}

std::string header(std::uint8_t kind, std::uint32_t length) {
  std::string bytes = "cpl1";
  bytes += static_cast<char>(kind);
  bytes += std::string(7, '\0');
  for (unsigned i = 0; i < 4; ++i) bytes += static_cast<char>((length >> (8 * i)) & 0xff);
  return bytes;
}

std::string failure_of(std::string_view bytes) {
  Decoder decoder;
  decoder.feed(bytes);
  const auto frame = decoder.next();
  return frame ? "no failure" : frame.error().text();
}

TEST(Message, ComesBackAsItWasSent) {
  const auto frames = one_of_each();
  ASSERT_EQ(frames.size(), std::variant_size_v<Message>);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    ASSERT_EQ(frames[i].message.index(), i);
    Decoder decoder;
    decoder.feed(encode(frames[i]));
    const auto back = decoder.next();
    ASSERT_TRUE(back) << back.error().text();
    ASSERT_TRUE(*back);
    EXPECT_EQ(**back, frames[i]) << "kind " << i + 1;
    EXPECT_EQ(decoder.waiting(), 0U);
  }
}

TEST(Message, WaitsForTheRestOfAFrame) {
  for (const auto& frame : one_of_each()) {
    const auto bytes = encode(frame);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
      Decoder decoder;
      decoder.feed(std::string_view(bytes).substr(0, cut));
      const auto nothing = decoder.next();
      ASSERT_TRUE(nothing && !*nothing) << cut;
      decoder.feed(std::string_view(bytes).substr(cut));
      const auto whole = decoder.next();
      ASSERT_TRUE(whole && *whole) << cut;
      EXPECT_EQ(**whole, frame);
    }
  }
}

TEST(Message, ADamagedBodyIsAnError) {
  // A body one byte short or long, under a header that says so.
  for (const auto& frame : one_of_each()) {
    if (std::holds_alternative<Input>(frame.message)) continue;
    auto bytes = encode(frame);
    bytes.push_back('x');
    bytes[12] = static_cast<char>(bytes[12] + 1);
    if (!std::holds_alternative<Output>(frame.message)) {
      EXPECT_NE(failure_of(bytes), "no failure") << frame.message.index();
    }
  }
  EXPECT_EQ(failure_of(header(1, 3) + "abc"), "a frame of kind 1 has a damaged body");
  EXPECT_EQ(failure_of(header(11, 1) + "\x02"), "a frame of kind 11 has a damaged body");
}

TEST(Message, ALyingCountCostsNothing) {
  auto bytes = header(3, 5);
  bytes += std::string("\0\xff\xff\xff\xff", 5);
  EXPECT_EQ(failure_of(bytes), "a frame of kind 3 has a damaged body");
}

TEST(Message, ForeignBytesAreAnErrorAtTheFirstByte) {
  EXPECT_EQ(failure_of("S"), "foreign bytes instead of a frame");
  EXPECT_EQ(failure_of(header(0, 0)), "a frame of the unknown kind 0");
  EXPECT_EQ(failure_of(header(99, 0)), "a frame of the unknown kind 99");
  EXPECT_EQ(failure_of(header(4, max_body + 1)),
            "a frame of 262145 bytes, where 262144 are the most");
  auto reserved = header(4, 0);
  reserved[6] = 1;
  EXPECT_EQ(failure_of(reserved), "a frame of kind 4 has a damaged header");
}

TEST(Message, TheLargestBodyTravels) {
  const Frame frame{3, Input{std::string(max_body, 'i')}};
  Decoder decoder;
  decoder.feed(encode(frame));
  EXPECT_EQ(*decoder.next(), frame);
  EXPECT_EQ(body_size({3, Output{Output::From::out, std::string(5, 'x')}}), 6U);
}

TEST(Decoder, FindsTheHelloBehindRubbish) {
  Decoder decoder;
  decoder.feed("rest of a frame cpl1cpl1");
  EXPECT_FALSE(decoder.seek_hello());
  const Frame hello{0, Hello{1, 5}};
  const auto bytes = encode(hello);
  decoder.feed(bytes.substr(0, 5));
  EXPECT_FALSE(decoder.seek_hello());
  decoder.feed(bytes.substr(5));
  ASSERT_TRUE(decoder.seek_hello());
  EXPECT_EQ(*decoder.next(), hello);
}

TEST(Decoder, FindsOnlyTheWelcomeWithItsNonce) {
  Decoder decoder;
  decoder.feed(encode({4, Output{Output::From::out, "old"}}).substr(3));
  decoder.feed(encode({0, Welcome{1, 4, "old"}}));
  EXPECT_FALSE(decoder.seek_welcome(5));
  const auto bytes = encode({0, Welcome{1, 5, "new"}});
  for (const auto byte : bytes.substr(0, 20)) {
    decoder.feed(std::string_view(&byte, 1));
    EXPECT_FALSE(decoder.seek_welcome(5));
  }
  decoder.feed(bytes.substr(20));
  ASSERT_TRUE(decoder.seek_welcome(5));
  EXPECT_EQ(*decoder.next(), (Frame{0, Welcome{1, 5, "new"}}));
}

}  // namespace
}  // namespace cupel::wire
