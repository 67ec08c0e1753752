// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "wire/message.hpp"

namespace rc {

template <>
struct Arbitrary<cupel::wire::Start> {
  static Gen<cupel::wire::Start> arbitrary() {
    using cupel::wire::Start;
    return gen::build<Start>(
        gen::set(&Start::kind, gen::element(Start::Kind::command, Start::Kind::unpack)),
        gen::set(&Start::argv), gen::set(&Start::environment), gen::set(&Start::directory),
        gen::set(&Start::user), gen::set(&Start::kept), gen::set(&Start::terminal),
        gen::set(&Start::rows), gen::set(&Start::columns), gen::set(&Start::includes),
        gen::set(&Start::excludes), gen::set(&Start::paths), gen::set(&Start::default_excludes),
        gen::set(&Start::files_only));
  }
};

template <>
struct Arbitrary<cupel::wire::Frame> {
  static Gen<cupel::wire::Frame> arbitrary() {
    using namespace cupel::wire;
    const auto text = gen::arbitrary<std::string>();
    const auto number = gen::arbitrary<std::int32_t>();
    const auto message =
        gen::oneOf(gen::map(gen::arbitrary<std::uint64_t>(),
                            [](auto n) {
                              return Message(Hello{1, n});
                            }),
                   gen::map(text,
                            [](auto t) {
                              return Message(Refresh{t, 7, t + "id", t});
                            }),
                   gen::map(gen::arbitrary<Start>(), [](auto start) { return Message(start); }),
                   gen::map(text, [](auto t) { return Message(Input{t}); }),
                   gen::map(number,
                            [](auto n) {
                              return Message(Signal{n, Signal::To::tree});
                            }),
                   gen::map(text,
                            [](auto t) {
                              return Message(Output{Output::From::err, t});
                            }),
                   gen::map(number,
                            [](auto n) {
                              return Message(Exited{n, n / 2});
                            }),
                   gen::map(text,
                            [](auto t) {
                              return Message(Refused{cupel::Fault::denied, t});
                            }),
                   gen::map(gen::pair(text, gen::arbitrary<std::uint64_t>()), [](auto pair) {
                     return Message(TakeUp{pair.first, pair.second});
                   }));
    return gen::map(gen::pair(gen::arbitrary<std::uint32_t>(), message), [](auto pair) {
      return Frame{pair.first, pair.second};
    });
  }
};

}  // namespace rc

namespace cupel::wire {
namespace {

RC_GTEST_PROP(Decoder, FindsEveryFrameHoweverTheStreamIsCut, (std::vector<Frame> frames)) {
  std::string stream;
  for (const auto& frame : frames) stream += encode(frame);
  Decoder decoder;
  std::vector<Frame> found;
  std::string_view left = stream;
  while (!left.empty()) {
    const auto cut = *rc::gen::inRange<std::size_t>(1, left.size() + 1);
    decoder.feed(left.substr(0, cut));
    left.remove_prefix(cut);
    for (;;) {
      const auto frame = decoder.next();
      RC_ASSERT(frame.has_value());
      if (!*frame) break;
      found.push_back(**frame);
    }
  }
  RC_ASSERT(found == frames);
}

RC_GTEST_PROP(Decoder, FindsTheHelloBehindAnInterruption, (Frame frame, std::uint64_t nonce)) {
  const auto whole = encode(frame);
  const auto sent = *rc::gen::inRange<std::size_t>(0, whole.size());
  const Frame hello{0, Hello{protocol_version, nonce}};
  Decoder decoder;
  decoder.feed(whole.substr(0, sent) + interruption() + encode(hello));
  // What is made of the cut frame and the ones starts nothing and signals nobody.
  for (bool sound = true; sound;) {
    const auto next = decoder.next();
    sound = next.has_value();
    if (!sound) break;
    RC_ASSERT(next->has_value());
    RC_ASSERT(!std::holds_alternative<Start>((*next)->message));
    RC_ASSERT(!std::holds_alternative<Signal>((*next)->message));
  }
  RC_ASSERT(decoder.seek_hello());
  const auto found = decoder.next();
  RC_ASSERT(found && *found == std::optional(hello));
}

RC_GTEST_PROP(Decoder, NeverFailsOtherThanByAnError, (std::string bytes, Frame frame)) {
  auto stream = encode(frame);
  const auto at = *rc::gen::inRange<std::size_t>(0, stream.size());
  stream[at] = *rc::gen::arbitrary<char>();
  Decoder decoder;
  decoder.feed(stream + bytes);
  for (;;) {
    const auto next = decoder.next();
    if (!next || !*next) break;
  }
}

}  // namespace
}  // namespace cupel::wire
