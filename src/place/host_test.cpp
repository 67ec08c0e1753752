// SPDX-License-Identifier: Apache-2.0
#include "place/host.hpp"

#include <unistd.h>

#include "base/digest.hpp"
#include "os/wait.hpp"
#include "support/fake_place.hpp"
#include "support/kept_contract.hpp"

namespace cupel {
namespace {

using namespace std::chrono_literals;

/// Below one directory that goes with the test program.
std::string fresh_directory() {
  static const auto parent = os::TempDir::make("host-place").value();
  return (parent.path() / to_hex(random_bytes(8)) / "inner").string();
}

/// Who is killed destroys nothing, so what came before lives on until the program ends.
std::unique_ptr<place::Place> after_death(std::unique_ptr<place::Place> earlier) {
  static std::vector<std::unique_ptr<place::Place>> dead;
  const auto cookie = dynamic_cast<place::HostPlace&>(*earlier).cookie();
  dead.push_back(std::move(earlier));
  return std::make_unique<place::HostPlace>(place::host_environment(), cookie);
}

const PlaceKind host{"Host",
                     [] { return std::make_unique<place::HostPlace>(place::host_environment()); },
                     fresh_directory, after_death};
const PlaceKind fake{"Fake", [] { return std::make_unique<FakePlace>(); },
                     [] { return std::string("/work/inner"); }};

INSTANTIATE_TEST_SUITE_P(Host, PlaceCommands, testing::Values(host));
INSTANTIATE_TEST_SUITE_P(Host, PlaceKeptCommands, testing::Values(host));
INSTANTIATE_TEST_SUITE_P(Host, PlaceFiles, testing::Values(host));
INSTANTIATE_TEST_SUITE_P(Fake, PlaceFiles, testing::Values(fake));

class Host : public testing::Test {
 protected:
  static Stop soon() { return Stop{}.within(20s); }
  static place::Command shell(std::string script) {
    place::Command command;
    command.argv = {"sh", "-c", std::move(script)};
    return command;
  }
  std::optional<place::HostPlace> place_{std::in_place, place::host_environment()};
};

/// Blocks until `pid` has ended; nobody tells us of an orphan's end but its descriptor.
bool is_gone(int pid) {
  for (const auto stop = Stop{}.within(10s); !stop.requested();) {
    const auto stat = os::read_file(fmt::format("/proc/{}/stat", pid));
    if (!stat || stat->find(") Z ") != std::string::npos) return true;
    static_cast<void>(os::sleep(1ms, stop));
  }
  return false;
}

TEST_F(Host, DestroyingThePlaceEndsTheBackground) {
  const auto output =
      place::run_captured(*place_, shell("setsid sleep 1000 & echo $!"), soon()).value();
  const auto pid = static_cast<int>(parse_integer(trim(output.out)).value());
  EXPECT_EQ(::kill(pid, 0), 0);

  place_.reset();

  EXPECT_TRUE(is_gone(pid));
}

TEST_F(Host, LeavesAloneWhoChangedTheCookie) {
  // It tells its number itself: until it executes it bears the old cookie.
  const auto script =
      "JENKINS_NODE_COOKIE=dontKillMe setsid sh -c 'echo $$; exec sleep 1000' > pid & "
      "while ! test -s pid; do sleep 0.01; done; cat pid";
  const auto directory = os::TempDir::make("cookie").value();
  auto command = shell(script);
  command.directory = directory.path();
  const auto output = place::run_captured(*place_, command, soon()).value();
  const auto pid = static_cast<int>(parse_integer(trim(output.out)).value());

  place_.reset();

  EXPECT_FALSE(os::read_file(fmt::format("/proc/{}/cmdline", pid)).value().empty());
  EXPECT_TRUE(os::kill_foreign(pid, os::start_time(pid).value(), soon()));
}

TEST_F(Host, DestroyingARunningSessionKillsIt) {
  std::string text;
  auto session = place_->start(
      shell("sleep 1000 & echo $!; wait"),
      [&](place::Stream, std::string_view bytes) { text += bytes; }, soon());
  while (text.find('\n') == std::string::npos)
    static_cast<void>((*session)->wait(Stop{}.within(10ms)));
  const auto pid = static_cast<int>(parse_integer(trim(text)).value());

  session->reset();

  EXPECT_TRUE(is_gone(pid));
}

TEST_F(Host, RunsAsAnotherUserIfWeAreRoot) {
  auto command = shell("id -un; echo $USER");
  command.directory = "/";
  command.user = "nobody";

  const auto output = place::run_captured(*place_, command, soon());

  if (::geteuid() != 0) {
    EXPECT_EQ(output.error().fault(), Fault::denied);
  } else {
    EXPECT_EQ(output.value().out, "nobody\nnobody\n");
  }
  command.user = "no-such-user";
  EXPECT_EQ(place::run_captured(*place_, command, soon()).error().fault(), Fault::not_found);
}

TEST(FakePlace, DoesWhatTheTestSaid) {
  FakePlace place;
  place.will_print("out").will_print("err", place::Stream::err).will_exit(2);
  place::Command command;
  command.argv = {"make"};

  const auto first = place::run_captured(place, command, Stop{}).value();
  const auto second = place::run_captured(place, command, Stop{}).value();

  EXPECT_EQ(first.out, "out");
  EXPECT_EQ(first.err, "err");
  EXPECT_EQ(first.exit.status, 2);
  EXPECT_EQ(second.exit.status, 0);
  EXPECT_EQ(place.commands().size(), 2U);
}

TEST(FakePlace, RunsUntilStopped) {
  FakePlace place;
  place.will_run();
  place::Command command;
  command.argv = {"make"};

  const auto result = place::run(place, command, {}, Stop{}.within(5ms));

  EXPECT_EQ(result.error().fault(), Fault::timeout);
}

}  // namespace
}  // namespace cupel
