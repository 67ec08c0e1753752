// SPDX-License-Identifier: Apache-2.0
#include "os/socket.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "os/files.hpp"
#include "os/wait.hpp"

namespace cupel::os {
namespace {

using namespace std::chrono_literals;

Stop soon() { return Stop{}.within(20s); }

class Socket : public testing::Test {
 protected:
  TempDir directory_ = TempDir::make("socket").value();
  std::string path_ = directory_.path() / "s";
};

TEST_F(Socket, CarriesLinesBothWays) {
  const auto listener = listen_unix(path_).value();
  LineSocket client(connect_unix(path_, soon()).value());
  LineSocket server(accept(listener, soon()).value());

  ASSERT_TRUE(client.send("one\ntwo", soon()));
  ASSERT_TRUE(server.send("answer\r", soon()));

  EXPECT_EQ(server.receive(soon()).value(), "one");
  EXPECT_EQ(server.receive(soon()).value(), "two");
  EXPECT_EQ(client.receive(soon()).value(), "answer");
}

TEST_F(Socket, ConnectWaitsForTheListener) {
  Result<Fd> listener = Fd();
  std::thread later([&] { listener = listen_unix(path_); });

  const auto connected = connect_unix(path_, soon());

  later.join();
  EXPECT_TRUE(connected);
}

TEST_F(Socket, ConnectSaysWhatItWaitedFor) {
  const auto failed = connect_unix(path_, Stop{}.within(5ms));

  EXPECT_EQ(failed.error().fault(), Fault::timeout);
  EXPECT_EQ(failed.error().text(),
            "connect to " + path_ + ": no such file or directory: timed out");
}

TEST_F(Socket, ListenReplacesADeadSocketAndSparesALiveOne) {
  auto first = listen_unix(path_);
  ASSERT_TRUE(first);
  EXPECT_EQ(listen_unix(path_).error().fault(), Fault::conflict);

  first->reset();

  EXPECT_TRUE(listen_unix(path_));
}

TEST_F(Socket, PathsMayBeLong) {
  const auto deep = directory_.path() / std::string(100, 'a') / std::string(100, 'b');
  ASSERT_TRUE(make_directories(deep));

  const auto listener = listen_unix(deep / "s");

  ASSERT_TRUE(listener);
  EXPECT_TRUE(connect_unix(deep / "s", soon()));
}

TEST_F(Socket, ReceiveFailsAtTheEndAndOnEndlessLines) {
  const auto listener = listen_unix(path_).value();
  auto client = connect_unix(path_, soon()).value();
  LineSocket server(accept(listener, soon()).value());
  ASSERT_TRUE(write_all(client, std::string(100, 'x'), soon()));

  EXPECT_EQ(server.receive(soon(), 50).error().fault(), Fault::internal);
  client.reset();
  EXPECT_EQ(server.receive(soon()).error().fault(), Fault::unavailable);
}

}  // namespace
}  // namespace cupel::os
