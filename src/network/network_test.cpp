// SPDX-License-Identifier: Apache-2.0
#include "network/network.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include "os/files.hpp"
#include "os/wait.hpp"

namespace cupel::network {
namespace {

using namespace std::chrono_literals;

Frame frame(char to, char from, std::size_t payload = 50) {
  return std::string("\x02\0\0\0\0", 5) + to + std::string("\x02\0\0\0\0", 5) + from +
         std::string("\x08\0", 2) + std::string(payload, from);
}

/// A machine's side of an interface: what QEMU does.
class Machine {
 public:
  Machine(Network& network, const std::string& name) {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
    socket_ = os::Fd(ends[0]);
    EXPECT_TRUE(network.attach({name, "eth1"}, os::Fd(ends[1])));
  }
  void send(const Frame& frame) { write(framed(frame)); }
  void write(std::string_view bytes) { ASSERT_TRUE(os::write_all(socket_, bytes, limit_)); }
  /// The next frame; empty: the network hung up.
  Frame receive() {
    for (;;) {
      auto next = reader_.next();
      if (!next) return "nonsense: " + next.error().text();
      if (*next) return **next;
      const auto bytes = os::read_some(socket_, 65536, limit_);
      if (!bytes) return "error: " + bytes.error().text();
      if (bytes->empty()) return "";
      reader_.feed(*bytes);
    }
  }
  const os::Fd& socket() const { return socket_; }

 private:
  os::Fd socket_;
  FrameReader reader_;
  Stop limit_ = Stop{}.within(10s);
};

Plan cable(const LinkSettings& settings = {}) {
  return {{}, {{"a-b", {End{"a", "eth1"}, End{"b", "eth1"}}, settings, {}}}, 1};
}

TEST(Network, CarriesFramesBothWays) {
  auto network = Network::start(cable(), {}).value();
  Machine a(*network, "a"), b(*network, "b");

  a.send(frame('b', 'a'));
  EXPECT_EQ(b.receive(), frame('b', 'a'));
  b.send(frame('a', 'b'));
  EXPECT_EQ(a.receive(), frame('a', 'b'));
}

TEST(Network, ADelayIsNeverShorterThanItSays) {
  LinkSettings settings;
  settings.delay = 20ms;
  auto network = Network::start(cable(settings), {}).value();
  Machine a(*network, "a"), b(*network, "b");
  const auto begin = std::chrono::steady_clock::now();

  a.send(frame('b', 'a'));
  EXPECT_EQ(b.receive(), frame('b', 'a'));

  EXPECT_GE(std::chrono::steady_clock::now() - begin, 20ms);
}

TEST(Network, ALinkGoesDownAndUpAndIsChanged) {
  auto network = Network::start(cable(), {}).value();
  Machine a(*network, "a"), b(*network, "b");

  ASSERT_TRUE(network->set_state("a-b", Fabric::State::down));
  a.send(frame('b', 'a', 50));
  b.send(frame('a', 'b', 50));
  while (network->counters("a-b").value()[0].down + network->counters("a-b").value()[1].down < 2)
    std::this_thread::yield();
  ASSERT_TRUE(network->set_state("a-b", Fabric::State::up));
  a.send(frame('b', 'a', 60));
  EXPECT_EQ(b.receive(), frame('b', 'a', 60));

  LinkChange lossy;
  lossy.loss = 1;
  ASSERT_TRUE(network->change("a-b", lossy));
  a.send(frame('b', 'a', 70));
  while (network->counters("a-b").value()[0].lost < 1) std::this_thread::yield();
}

TEST(Network, NamesTheLinksThatThereAre) {
  auto network = Network::start(cable(), {}).value();

  const auto wrong = network->set_state("a-c", Fabric::State::down);

  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().text(), "there is no link 'a-c', did you mean 'a-b'?; links are a-b");
}

TEST(Network, NonsenseEndsThatInterfaceAlone) {
  Locked<std::string> told;
  auto network = Network::start(cable(), [&](std::string_view line) {
                   *told.lock() = std::string(line);
                   told.notify();
                 }).value();
  Machine a(*network, "a"), b(*network, "b");

  a.write(std::string(8, '\xff'));

  EXPECT_EQ(a.receive(), "") << "it is hung up on";
  {
    const auto line = told.wait(Stop{}.within(10s), [](const auto& text) { return !text.empty(); });
    ASSERT_TRUE(line);
  }
  EXPECT_EQ(*told.lock(),
            "a:eth1 is off the network: a frame of 4294967295 bytes was announced; one has 1 to "
            "69632");
  Machine again(*network, "a");
  b.send(frame('a', 'b'));
  EXPECT_EQ(again.receive(), frame('a', 'b')) << "and may be plugged in anew";
}

TEST(Network, AMachineThatReadsNothingLosesFramesAndStallsNobody) {
  Plan plan{{"s"}, {}, 1};
  for (const auto* name : {"a", "b", "c"})
    plan.links.push_back({name, {End{name, "eth1"}, End{"s"}}, {}, {}});
  auto network = Network::start(std::move(plan), {}).value();
  Machine a(*network, "a"), deaf(*network, "b"), c(*network, "c");
  const auto flood = frame('x', 'a', 1400);

  std::size_t heard = 0;
  while (network->refused() == 0) {
    a.send(flood);
    if (c.receive() == flood) ++heard;
  }

  EXPECT_GT(heard * flood.size(), Port::queue.count);
  a.send(frame('c', 'a'));
  EXPECT_EQ(c.receive(), frame('c', 'a'));
}

TEST(Network, CapturesWhatArrives) {
  const auto directory = os::TempDir::make("network-test").value();
  const auto path = (directory.path() / "a-b.pcap").string();
  auto network = Network::start(cable(), {}).value();
  Machine a(*network, "a"), b(*network, "b");
  a.send(frame('b', 'a', 40));
  EXPECT_EQ(b.receive(), frame('b', 'a', 40));

  ASSERT_TRUE(network->capture("a-b", path));
  EXPECT_EQ(network->capture("a-b", path).error().fault(), Fault::conflict);
  a.send(frame('b', 'a', 50));
  EXPECT_EQ(b.receive(), frame('b', 'a', 50));
  EXPECT_EQ(network->stop_capture("a-b").value(), 0U);

  const auto file = os::read_file(path).value();
  ASSERT_EQ(file.size(), pcap_header().size() + 16 + 64);
  EXPECT_TRUE(file.starts_with(pcap_header()));
  EXPECT_TRUE(file.ends_with(frame('b', 'a', 50)));
}

TEST(Network, TwoWithTheSameNamesDoNotHearEachOther) {
  auto one = Network::start(cable(), {}).value();
  auto other = Network::start(cable(), {}).value();
  Machine a(*one, "a"), b(*one, "b"), other_a(*other, "a"), other_b(*other, "b");

  a.send(frame('b', 'a', 50));
  other_a.send(frame('b', 'a', 60));

  EXPECT_EQ(b.receive(), frame('b', 'a', 50));
  EXPECT_EQ(other_b.receive(), frame('b', 'a', 60));
  EXPECT_EQ(other->counters("a-b").value()[0].arrived, 1U);
  EXPECT_EQ(os::ready_now(b.socket(), POLLIN) & POLLIN, 0);
}

}  // namespace
}  // namespace cupel::network
