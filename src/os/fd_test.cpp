// SPDX-License-Identifier: Apache-2.0
#include "os/fd.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <thread>

#include "os/wait.hpp"

namespace cupel::os {
namespace {

using namespace std::chrono_literals;

TEST(Fd, IsClosedOnce) {
  auto pipe = make_pipe().value();
  const int number = pipe.write.get();

  Fd moved(std::move(pipe.write));
  moved.reset();

  EXPECT_EQ(::fcntl(number, F_GETFD), -1);
  EXPECT_TRUE(read_some(pipe.read, 10, Stop{}).value().empty());
}

TEST(Fd, ReadStopsAtTheDeadline) {
  const auto pipe = make_pipe().value();

  const auto got = read_some(pipe.read, 10, Stop{}.within(1ms));

  EXPECT_EQ(got.error().fault(), Fault::timeout);
}

TEST(Fd, WriteToAFullBlockingPipeCanBeStopped) {
  const auto pipe = make_pipe().value();
  const std::string more_than_fits(4U << 20, 'x');

  const auto written = write_all(pipe.write, more_than_fits, Stop{}.within(5ms));

  EXPECT_EQ(written.error().fault(), Fault::timeout);
}

TEST(Fd, WriteWithoutAReaderIsAnErrorAndNoSignal) {
  auto pipe = make_pipe().value();
  pipe.read.reset();

  EXPECT_EQ(write_all(pipe.write, "x", Stop{}).error().fault(), Fault::unavailable);
}

TEST(Wait, EndsWhenStoppedFromAnotherThread) {
  const auto pipe = make_pipe().value();
  StopSource source;
  std::thread asker([&] { source.request(); });

  const auto got = read_some(pipe.read, 1, source.stop().within(10s));

  asker.join();
  EXPECT_EQ(got.error().fault(), Fault::stopped);
}

TEST(Wait, WatchesMoreThanAFew) {
  std::vector<Pipe> pipes;
  std::vector<Watched> watched;
  for (int i = 0; i < 40; ++i) {
    pipes.push_back(make_pipe().value());
    watched.push_back({pipes.back().read.get(), POLLIN});
  }
  ASSERT_TRUE(write_all(pipes[33].write, "x", Stop{}));

  ASSERT_TRUE(wait(watched, Stop{}.within(10s)));

  EXPECT_EQ(watched[33].ready, POLLIN);
  EXPECT_EQ(watched[32].ready, 0);
}

TEST(Sleep, IsDoneAfterItsTimeAndFailsAtTheCallersDeadline) {
  EXPECT_TRUE(sleep(1ms, Stop{}));
  EXPECT_EQ(sleep(10s, Stop{}.within(1ms)).error().fault(), Fault::timeout);
}

TEST(Fd, AFullDiskFailsAWrite) {
  const auto full = open_file("/dev/full", O_WRONLY);
  if (!full) GTEST_SKIP() << "there is no /dev/full";

  const auto written = write_all(*full, "text", Stop().within(std::chrono::seconds(10)));

  ASSERT_FALSE(written);
  EXPECT_TRUE(written.error().text().starts_with("write: ")) << written.error().text();
}

}  // namespace
}  // namespace cupel::os
