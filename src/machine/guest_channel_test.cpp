// SPDX-License-Identifier: Apache-2.0
#include "machine/guest_channel.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/check.hpp"
#include "base/text.hpp"
#include "machine/guest_session.hpp"
#include "os/wait.hpp"
#include "support/guest_process.hpp"

namespace cupel::machine {
namespace {

using namespace std::chrono_literals;

Stop soon() { return Stop{}.within(60s); }

wire::Start shell(std::string script) {
  wire::Start start;
  start.argv = {"sh", "-c", std::move(script)};
  return start;
}

/// Memory of a process that is really there, in bytes.
std::size_t resident(int pid) {
  const auto text = os::read_file("/proc/" + std::to_string(pid) + "/statm").value();
  const auto pages = parse_integer(split(text, ' ').at(1)).value();
  return static_cast<std::size_t>(pages) * 4096;
}

/// Frames by hand, over a socket that may say anything.
class RawHost {
 public:
  explicit RawHost(os::Fd socket) : socket_(std::move(socket)) {}
  void send(std::string_view bytes) { ASSERT_TRUE(os::write_all(socket_, bytes, soon())); }
  void send(const wire::Frame& frame) { send(wire::encode(frame)); }
  /// The next frame; fails the test at the end of the stream.
  wire::Frame receive() {
    for (;;) {
      auto frame = decoder_.next().value();
      if (frame) return std::move(*frame);
      const auto bytes = os::read_some(socket_, 65536, soon()).value();
      if (bytes.empty()) CHECK(false, "the guest program hung up");
      decoder_.feed(bytes);
    }
  }
  template <typename Message>
  Message receive_a() {
    for (;;) {
      auto frame = receive();
      if (auto* message = std::get_if<Message>(&frame.message)) return std::move(*message);
    }
  }

 private:
  os::Fd socket_;
  wire::Decoder decoder_;
};

class Guest : public testing::Test {
 protected:
  GuestProcess guest_ = GuestProcess::spawn().value();
};

class Channel : public Guest {
 protected:
  struct Result {
    os::Exit exit;
    std::string out, err;
  };
  std::unique_ptr<GuestSession> begin(wire::Start start, place::OutputSink sink) {
    return channel_
        ->start(std::move(start), std::move(sink), GuestChannel::Begin::confirmed, soon())
        .value();
  }
  Result run(wire::Start start) {
    Result result;
    const auto session = begin(std::move(start), [&](place::Stream from, std::string_view bytes) {
      (from == place::Stream::out ? result.out : result.err) += bytes;
    });
    EXPECT_TRUE(session->close_input());
    result.exit = session->wait(soon()).value();
    return result;
  }
  static void ignore(place::Stream, std::string_view) {}

  std::unique_ptr<GuestChannel> channel_ =
      GuestChannel::open(guest_.take_socket(), "the guest program").value();
};

TEST_F(Channel, SaysTheBootId) {
  const auto boot_id = channel_->hello(soon());
  ASSERT_TRUE(boot_id) << boot_id.error().text();
  EXPECT_EQ(*boot_id + "\n", os::read_file("/proc/sys/kernel/random/boot_id").value());
}

TEST_F(Channel, StartsWithoutWaitingForAnyAnswer) {
  channel_->greet(wire::Refresh{});
  std::string out;
  const auto session = channel_->start(
      shell("echo first"), [&](place::Stream, std::string_view bytes) { out += bytes; },
      GuestChannel::Begin::at_once, soon());
  ASSERT_TRUE(session);
  EXPECT_EQ((*session)->wait(soon()).value(), (os::Exit{0, 0}));
  EXPECT_EQ(out, "first\n");
  EXPECT_EQ(channel_->refreshed(soon()).value(), "");
}

TEST_F(Channel, PingAnswersWhileAnOutputIsNotRead) {
  channel_->greet();
  const auto flood = begin(shell("exec yes"), ignore);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(channel_->ping(soon()));
  EXPECT_EQ(run(shell("echo other")).out, "other\n");
}

TEST_F(Channel, AFloodStaysSmallInTheGuestProgram) {
  channel_->greet();
  std::size_t bytes = 0;
  const auto session = begin(shell("head -c 300000000 /dev/zero"),
                             [&](place::Stream, std::string_view more) { bytes += more.size(); });
  EXPECT_EQ(session->wait(soon()).value().status, 0);
  EXPECT_EQ(bytes, 300'000'000U);
  EXPECT_LT(resident(guest_.process().pid()), std::size_t{24} << 20);
}

TEST_F(Channel, InputWaitsForASlowReader) {
  channel_->greet();
  std::string out;
  const auto session = begin(shell("sleep 0.3; wc -c"),
                             [&](place::Stream, std::string_view bytes) { out += bytes; });
  const std::string block(1U << 20, 'i');
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(session->write(block, soon()));
  ASSERT_TRUE(session->close_input());
  EXPECT_EQ(session->wait(soon()).value().status, 0);
  EXPECT_EQ(out, std::to_string(200U << 20) + "\n");
  EXPECT_LT(resident(guest_.process().pid()), std::size_t{24} << 20);
}

TEST_F(Channel, InputThatNobodyReadsBlocksNobody) {
  channel_->greet();
  const auto session = begin(shell("exec 0<&-; sleep 0.2; echo done"), ignore);
  const std::string block(1U << 20, 'i');
  for (int i = 0; i < 5; ++i)
    if (!session->write(block, soon())) break;
  EXPECT_EQ(session->wait(soon()).value().status, 0);
}

TEST_F(Channel, ASignalReachesTheGroup) {
  channel_->greet();
  const auto session = begin(shell("sleep 100 & wait"), ignore);
  ASSERT_TRUE(session->signal(SIGINT));
  EXPECT_EQ(session->wait(soon()).value(), (os::Exit{130, 2}));
}

TEST_F(Channel, KillTreeEndsDaemonsThatLeftTheGroup) {
  channel_->greet();
  StopSource ready(soon());
  const auto session = begin(
      shell("trap '' TERM; setsid sh -c '(setsid sleep 1000 &); echo ready; sleep 1000' & wait"),
      [&](place::Stream, std::string_view) { ready.request(); });
  ASSERT_FALSE(session->wait(ready.stop()));

  const auto killed = session->kill_tree(100ms, soon());

  ASSERT_TRUE(killed) << killed.error().text();
  EXPECT_EQ(session->wait(soon()).value().signal, SIGKILL);
}

TEST_F(Channel, KillTreeAfterTheEndTakesWhatWasLeft) {
  channel_->greet();
  std::string out;
  const auto session = begin(shell("setsid sleep 1000 >/dev/null 2>&1 & echo $!"),
                             [&](place::Stream, std::string_view bytes) { out += bytes; });
  ASSERT_TRUE(session->wait(soon()));
  ASSERT_EQ(run(shell("kill -0 " + out)).exit.status, 0);
  ASSERT_TRUE(session->kill_tree(10s, soon()));
  EXPECT_NE(run(shell("kill -0 " + out + " 2>/dev/null && ! grep -q Z /proc/" +
                      std::string(trim(out)) + "/stat"))
                .exit.status,
            0);
}

TEST_F(Channel, ATerminalTellsItsNewSize) {
  channel_->greet();
  auto start = shell("trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.02; done");
  start.terminal = true;
  std::string text;
  GuestSession* session = nullptr;
  bool resized = false;
  const auto owned = begin(start, [&](place::Stream, std::string_view bytes) {
    text += bytes;
    if (std::exchange(resized, true)) return;
    EXPECT_TRUE(session->resize({40, 132}));
  });
  session = owned.get();
  EXPECT_EQ(owned->wait(soon()).value().status, 0);
  EXPECT_NE(text.find("40 132"), std::string::npos) << text;
}

TEST_F(Channel, ATerminalControlsItsSession) {
  channel_->greet();
  auto start = shell("echo ready; sleep 100");
  start.terminal = true;
  GuestSession* session = nullptr;
  const auto owned = begin(start, [&](place::Stream, std::string_view) {
    static_cast<void>(session->write("\x03", soon()));
  });
  session = owned.get();
  EXPECT_EQ(owned->wait(soon()).value(), (os::Exit{130, 2}));
}

TEST_F(Channel, RunsAsAnotherUserWithItsGroups) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  channel_->greet();
  auto start = shell("id -u; id -g; echo $HOME $USER; umask");
  start.user = "nobody";
  start.directory = "/";
  EXPECT_EQ(run(start).out, "65534\n65534\n/nonexistent nobody\n0022\n");
  start.user = "12:34";
  EXPECT_EQ(run(start).out.substr(0, 6), "12\n34\n");
}

TEST_F(Channel, AnUnknownUserIsRefused) {
  channel_->greet();
  auto start = shell("true");
  start.user = "who";
  const auto session = channel_->start(start, ignore, GuestChannel::Begin::confirmed, soon());
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().text(), "there is no user who in this machine");
}

TEST_F(Channel, ATooLargeCommandIsAnErrorAndNotTheEnd) {
  channel_->greet();
  const auto session = channel_->start(shell(std::string(300'000, ' ')), ignore,
                                       GuestChannel::Begin::confirmed, soon());
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().fault(), Fault::invalid);
  EXPECT_TRUE(channel_->ping(soon()));
}

TEST_F(Channel, WhenTheGuestProgramDiesAllFails) {
  channel_->greet();
  const auto session = begin(shell("exec sleep 3"), ignore);
  guest_.process().signal(SIGKILL);
  const auto exit = session->wait(soon());
  ASSERT_FALSE(exit);
  EXPECT_EQ(exit.error().text(), "the guest program: hung up");
  EXPECT_EQ(channel_->ping(soon()).error().fault(), Fault::unavailable);
  EXPECT_FALSE(channel_->start(shell("true"), ignore, GuestChannel::Begin::at_once, soon()));
}

TEST_F(Channel, StartsLeaveNothingOpen) {
  channel_->greet();
  const auto count = [&] {
    const auto path = "/proc/" + std::to_string(guest_.process().pid()) + "/fd";
    return std::distance(os::fs::directory_iterator(path), os::fs::directory_iterator());
  };
  run(shell("true"));
  ASSERT_TRUE(channel_->ping(soon()));
  const auto before = count();
  for (int i = 0; i < 50; ++i) run(shell("true"));
  // The guest program may let go of a command's tree after it told of its end.
  const auto stop = soon();
  while (count() > before && channel_->ping(stop)) {
  }
  EXPECT_LE(count(), before);
}

/// A socket whose other end speaks what the test wants.
struct FakeGuest {
  FakeGuest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    theirs = os::Fd(ends[0]);
    channel = GuestChannel::open(os::Fd(ends[1]), "machine x").value();
  }
  wire::Hello greeting() {
    channel->greet();
    const auto bytes = os::read_some(theirs, 65536, soon()).value();
    wire::Decoder decoder;
    decoder.feed(bytes);
    return std::get<wire::Hello>(decoder.next().value()->message);
  }
  void say(std::string_view bytes) { ASSERT_TRUE(os::write_all(theirs, bytes, soon())); }
  os::Fd theirs;
  std::unique_ptr<GuestChannel> channel;
};

TEST(ChannelToAFake, DropsWhatBelongsToAnEarlierConversation) {
  FakeGuest fake;
  const auto hello = fake.greeting();
  fake.say("half of an old frame");
  fake.say(wire::encode({0, wire::Welcome{wire::protocol_version, hello.nonce + 1, "old"}}));
  fake.say(wire::encode({3, wire::TreeGone{}}));
  fake.say(wire::encode({0, wire::Welcome{wire::protocol_version, hello.nonce, "new"}}));
  EXPECT_EQ(fake.channel->welcome(soon()).value(), "new");
}

TEST(ChannelToAFake, ForeignBytesAreOneClearError) {
  FakeGuest fake;
  const auto hello = fake.greeting();
  fake.say(wire::encode({0, wire::Welcome{wire::protocol_version, hello.nonce, "id"}}) +
           "cpl1\x7f");
  fake.say(std::string(64, 'x'));
  const auto pong = fake.channel->ping(soon());
  ASSERT_FALSE(pong);
  EXPECT_EQ(pong.error().fault(), Fault::internal);
  EXPECT_EQ(pong.error().text(), "machine x: a frame of kind 127 has a damaged header");
}

TEST(ChannelToAFake, MoreOutputThanAllowedIsAnError) {
  FakeGuest fake;
  const auto hello = fake.greeting();
  const auto session = fake.channel
                           ->start(
                               shell("x"), [](place::Stream, std::string_view) {},
                               GuestChannel::Begin::at_once, soon())
                           .value();
  fake.say(wire::encode({0, wire::Welcome{wire::protocol_version, hello.nonce, "id"}}));
  const auto output = wire::encode({1, wire::Output{{}, std::string(200'000, 'o')}});
  for (int i = 0; i < 6; ++i)
    if (!os::write_all(fake.theirs, output, soon())) break;
  const auto pong = fake.channel->ping(soon());
  ASSERT_FALSE(pong);
  EXPECT_EQ(pong.error().text(), "machine x: it sent more output than the window allows");
}

TEST(ChannelToAFake, AnotherVersionIsAConflict) {
  FakeGuest fake;
  const auto hello = fake.greeting();
  fake.say(wire::encode({0, wire::Welcome{9, hello.nonce, "id"}}));
  EXPECT_EQ(fake.channel->welcome(soon()).error().fault(), Fault::conflict);
}

TEST(ChannelToAFake, HearsOfAShutdownOrEndsWithIt) {
  FakeGuest heard, unheard;
  bool told = false;
  heard.channel->on_going_down([&] { told = true; });
  for (auto* fake : {&heard, &unheard}) {
    const auto hello = fake->greeting();
    fake->say(wire::encode({0, wire::Welcome{wire::protocol_version, hello.nonce, "id"}}) +
              wire::encode({0, wire::GoingDown{}}) + wire::encode({0, wire::Refreshed{""}}));
  }

  EXPECT_TRUE(heard.channel->refreshed(soon()));
  EXPECT_TRUE(told);
  const auto ended = unheard.channel->refreshed(soon());
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().text(), "machine x: the machine goes down");
}

TEST(ChannelToAFake, IsHungUpAtTheOtherEndToo) {
  FakeGuest fake;
  fake.greeting();

  fake.channel->close();

  EXPECT_FALSE(fake.channel->welcome(soon()));
  EXPECT_EQ(os::read_some(fake.theirs, 100, soon()).value(), "");
}

TEST_F(Guest, ANewHelloEndsWhatStillRan) {
  RawHost host(guest_.take_socket());
  host.send({0, wire::Hello{1, 1}});
  host.receive_a<wire::Welcome>();
  host.send({5, shell("sleep 1000")});
  const auto pid = host.receive_a<wire::Started>().pid;
  host.send({6, shell("setsid sleep 1000 >/dev/null 2>&1 & echo $!")});
  const auto daemon = host.receive_a<wire::Output>().bytes;
  host.receive_a<wire::Exited>();

  host.send({0, wire::Hello{1, 2}});

  EXPECT_EQ(host.receive_a<wire::Welcome>().nonce, 2U);
  host.send({5, shell("while kill -0 " + std::to_string(pid) +
                      " 2>/dev/null; do sleep 0.01; done; "
                      "kill " +
                      daemon)});
  EXPECT_EQ(host.receive_a<wire::Exited>().status, 0) << "the daemon lived on";
}

wire::Start kept(std::string script, std::string name) {
  auto start = shell(std::move(script));
  start.kept = std::move(name);
  return start;
}

TEST_F(Guest, AKeptStreamOutlivesItsHostAndIsTakenUpFromAnyByteThatIsNotAcknowledged) {
  const auto directory = os::TempDir::make("kept").value();
  const auto name = (directory.path() / "a/b").string();
  RawHost host(guest_.take_socket());
  host.send({0, wire::Hello{1, 1}});
  host.send({5, kept("echo one; read nothing; echo $?", name)});
  EXPECT_GT(host.receive_a<wire::Started>().pid, 0);
  EXPECT_TRUE(host.receive_a<wire::Output>().bytes.starts_with("one\n"));
  host.send({5, wire::Credit{1}});
  // A host that died while it sent much, and another.
  const auto cut = wire::encode({6, wire::Input{std::string(100'000, 'x')}}).substr(0, 5000);
  host.send(cut + wire::interruption());

  host.send({0, wire::Hello{1, 2}});
  while (host.receive_a<wire::Welcome>().nonce != 2) {
  }
  host.send({1, wire::TakeUp{name, 0}});
  EXPECT_EQ(host.receive_a<wire::Refused>().fault, Fault::invalid) << "acknowledged and dropped";
  host.send({2, wire::TakeUp{name, 2}});
  EXPECT_GT(host.receive_a<wire::Started>().pid, 0);
  std::string rest;
  while (rest.size() < 4) rest += host.receive_a<wire::Output>().bytes;
  EXPECT_EQ(rest, "e\n1\n") << "it had no input";
  EXPECT_EQ(host.receive_a<wire::Exited>().status, 0);

  host.send({3, wire::TakeUp{name, 6}});
  EXPECT_EQ(host.receive_a<wire::Exited>().status, 0) << "until it is released";
  host.send({3, wire::Release{}});
  host.send({4, wire::TakeUp{name, 6}});
  EXPECT_EQ(host.receive_a<wire::Refused>().fault, Fault::not_found);
}

TEST_F(Guest, OnlyOneStreamIsKeptUnderAName) {
  const auto directory = os::TempDir::make("kept").value();
  RawHost host(guest_.take_socket());
  host.send({0, wire::Hello{1, 1}});
  host.send({5, kept("sleep 1000", directory.path())});
  host.receive_a<wire::Started>();
  host.send({6, kept("true", directory.path())});
  EXPECT_EQ(host.receive_a<wire::Refused>().fault, Fault::conflict);
  auto terminal = kept("true", directory.path() / "x");
  terminal.terminal = true;
  host.send({6, terminal});
  EXPECT_EQ(host.receive_a<wire::Refused>().fault, Fault::invalid);
}

TEST_F(Guest, AKeptStreamThatNobodyTakesWaitsAtItsLimit) {
  const auto directory = os::TempDir::make("kept").value();
  RawHost host(guest_.take_socket());
  host.send({0, wire::Hello{1, 1}});
  host.send({5, kept("head -c 12000000 /dev/zero", directory.path())});
  host.receive_a<wire::Started>();
  host.send({0, wire::Hello{1, 2}});
  while (host.receive_a<wire::Welcome>().nonce != 2) {
  }
  // Until the guest program has read as much as it may, or half a minute.
  const auto limit = Stop{}.within(30s);
  while (resident(guest_.process().pid()) < wire::kept_output) ASSERT_TRUE(os::sleep(10ms, limit));
  EXPECT_LT(resident(guest_.process().pid()), std::size_t{24} << 20);

  host.send({7, wire::TakeUp{directory.path(), 0}});
  std::size_t count = 0;
  while (count < 12'000'000) {
    const auto output = host.receive_a<wire::Output>();
    count += output.bytes.size();
    host.send({7, wire::Credit{static_cast<std::uint32_t>(output.bytes.size())}});
  }
  EXPECT_EQ(count, 12'000'000U);
  EXPECT_EQ(host.receive_a<wire::Exited>().status, 0);
}

TEST_F(Guest, ForeignBytesEndTheConversationAndHelloBeginsAnother) {
  RawHost host(guest_.take_socket());
  host.send("GET / HTTP/1.1\r\n\r\n");
  host.send({0, wire::Hello{1, 7}});
  EXPECT_EQ(host.receive_a<wire::Welcome>().nonce, 7U);

  const std::string too_long("cpl1\x04\0\0\0\x01\0\0\0\xff\xff\xff\x7f", 16);
  for (const auto& rubbish :
       {too_long, std::string(100'000, '\0'), wire::encode({0, wire::Pong{1}}),
        wire::encode({0, shell("true")}), std::string("cpl1cpl1cpl1cpl1cpl1")}) {
    host.send(rubbish);
    host.send({0, wire::Hello{1, 8}});
    EXPECT_EQ(host.receive_a<wire::Welcome>().nonce, 8U);
  }
}

TEST_F(Guest, MoreInputThanAllowedEndsTheConversation) {
  RawHost host(guest_.take_socket());
  host.send({0, wire::Hello{1, 1}});
  host.send({5, shell("sleep 1000")});
  for (int i = 0; i < 8; ++i) host.send({5, wire::Input{std::string(wire::max_body, 'i')}});
  host.send({0, wire::Hello{1, 2}});
  while (host.receive_a<wire::Welcome>().nonce != 2) {
  }
}

TEST_F(Guest, AStreamInUseIsRefused) {
  RawHost host(guest_.take_socket());
  host.send({0, wire::Hello{1, 1}});
  host.send({5, shell("sleep 1000")});
  host.send({5, shell("true")});
  EXPECT_EQ(host.receive_a<wire::Refused>().fault, Fault::conflict);
}

}  // namespace
}  // namespace cupel::machine
