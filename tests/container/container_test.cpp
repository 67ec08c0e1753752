// SPDX-License-Identifier: Apache-2.0
#include "place/container.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "base/digest.hpp"
#include "place/host.hpp"
#include "place/podman.hpp"
#include "support/place_contract.hpp"
#include "support/served_place.hpp"

namespace cupel {
namespace {

using place::Container;
using place::ContainerOrder;

/// Made by with-podman.
constexpr const char* test_image = "localhost/cupel-test";

Stop soon() { return Stop{}.within(std::chrono::seconds(60)); }

std::string fresh_name() { return "cupel-test-" + to_hex(random_bytes(6)); }

/// A container together with the host that it runs on.
class OwnContainer final : public place::Place {
 public:
  explicit OwnContainer(ContainerOrder order = {}) {
    order.image = test_image;
    order.name = fresh_name();
    order.mounts.push_back((files_.path() / "mounted").string());
    auto started = Container::start(host_, order, soon());
    if (!started) throw std::runtime_error(started.error().text());
    container_ = std::move(*started);
  }
  place::HostPlace& host() { return host_; }
  Container& container() { return *container_; }
  std::string mounted() const { return (files_.path() / "mounted").string(); }

  std::string describe() const override { return container_->describe(); }
  Result<std::unique_ptr<place::Session>> start(const place::Command& command,
                                                place::OutputSink sink, const Stop& stop) override {
    return container_->start(command, std::move(sink), stop);
  }
  Result<> push(const os::ByteSource& source, const std::string& directory,
                const Stop& stop) override {
    return container_->push(source, directory, stop);
  }
  Result<os::PackSummary> pull(const std::string& directory, const os::PackOptions& options,
                               const os::ByteSink& sink, const Stop& stop) override {
    return container_->pull(directory, options, sink, stop);
  }

 private:
  os::TempDir files_ = std::move(*os::TempDir::make("container"));
  place::HostPlace host_{place::host_environment()};
  std::unique_ptr<Container> container_;
};

PlaceKind kind(const std::string& name, bool mounted) {
  static std::string last;
  return {name,
          [mounted]() -> std::unique_ptr<place::Place> {
            auto made = std::make_unique<OwnContainer>();
            last = mounted ? made->mounted() : "/var/lib/tests";
            return made;
          },
          [] { return last + "/" + fresh_name(); }};
}

INSTANTIATE_TEST_SUITE_P(Container, PlaceCommands, testing::Values(kind("inside", false)),
                         [](const auto& made) { return made.param.name; });
INSTANTIATE_TEST_SUITE_P(Container, PlaceFiles,
                         testing::Values(kind("inside", false), kind("mounted", true)),
                         [](const auto& made) { return made.param.name; });

place::Output in(place::Place& at, const std::string& script, const std::string& user = {}) {
  place::Command command;
  command.argv = {"sh", "-c", script};
  command.directory = "/";
  command.user = user;
  auto output = place::run_captured(at, command, soon());
  EXPECT_TRUE(output) << output.error().text();
  return output ? *output : place::Output{};
}

TEST(ContainerTest, HasTheEnvironmentOfTheImageAndNotOfTheHost) {
  ::setenv("CUPELTEST_OUTSIDE", "here", 1);
  OwnContainer own;
  EXPECT_EQ(in(own, "echo $IMAGE_SAYS $PATH ${CUPELTEST_OUTSIDE:-none}").out,
            "hello /usr/bin:/bin:/opt/of-the-image none\n");
}

TEST(ContainerTest, FilesOfBothSidesAreOneAnothers) {
  OwnContainer own;
  EXPECT_EQ(in(own, "echo inside > " + own.mounted() + "/a").exit.status, 0);
  EXPECT_EQ(
      in(own.host(), "cat " + own.mounted() + "/a; echo outside > " + own.mounted() + "/b").out,
      "inside\n");
  EXPECT_EQ(in(own, "cat " + own.mounted() + "/b; rm " + own.mounted() + "/b").out, "outside\n");
}

TEST(ContainerTest, RunsAsAnotherUser) {
  OwnContainer own;
  EXPECT_EQ(in(own, "id -u", "someone").out, "1234\n");
  ContainerOrder order;
  order.arguments = {"-u", "1234:1234"};
  OwnContainer other(order);
  EXPECT_EQ(in(other, "id -u; id -g").out, "1234\n1234\n");
}

TEST(ContainerTest, AnotherMainProcessIsOfItsOwn) {
  ContainerOrder order;
  order.entry_point = {"sleep"};
  order.command = {"1000"};
  order.environment = {{"WORD", "a b"}};
  OwnContainer own(order);
  EXPECT_EQ(in(own, "tr '\\0' ' ' </proc/1/cmdline; echo; echo $WORD").out, "sleep 1000 \na b\n");
}

TEST(ContainerTest, NothingIsLeftOfIt) {
  std::string name;
  place::HostPlace host(place::host_environment());
  {
    OwnContainer own;
    name = own.container().name();
    EXPECT_EQ(in(own, "sleep 1000 >/dev/null 2>&1 &").exit.status, 0);
  }
  EXPECT_EQ(in(host, "podman ps -a --format '{{.Names}}' | grep -c " + name).out, "0\n");
}

TEST(ContainerTest, AnEntryPointThatDoesNotRunCatIsReplaced) {
  ContainerOrder order;
  order.arguments = {"--entrypoint", "false"};
  OwnContainer own(order);
  EXPECT_EQ(in(own, "echo well").out, "well\n");
}

TEST(ContainerTest, OneOfAnEarlierProcessIsTakenUp) {
  OwnContainer own;
  EXPECT_EQ(in(own, "echo kept > /root/file").exit.status, 0);
  const auto name = own.container().name();
  own.container().leave();
  place::HostPlace host(place::host_environment());
  ASSERT_TRUE(place::podman(host, {"kill", name}, soon()));

  auto again = Container::take_up(host, name, {own.mounted()}, soon());

  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(in(**again, "cat /root/file").out, "kept\n");
  again->reset();
  const auto gone = Container::take_up(host, name, {}, soon());
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().fault(), Fault::not_found);
}

TEST(ContainerTest, ACommandOutlivesWhoeverStartedIt) {
  OwnContainer own;
  const auto directory = own.mounted() + "-kept";
  place::Command command;
  command.argv = {"sh", "-c",
                  "echo one; while ! test -e " + own.mounted() +
                      "/go; do sleep 0.01; "
                      "done; echo two; exit 3"};
  command.directory = own.mounted();
  const auto ignored = [](place::Stream, std::string_view) {};
  ASSERT_TRUE(own.container().start_kept(command, directory, ignored, soon()));
  EXPECT_EQ(in(own, "touch " + own.mounted() + "/go").exit.status, 0);

  std::string said;
  const auto sink = [&](place::Stream, std::string_view bytes) { said += bytes; };
  auto again = own.container().start_kept(command, directory, sink, soon());

  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(place::finish(**again, soon()).value().status, 3);
  EXPECT_EQ(said, "one\ntwo\n");
}

TEST(ContainerTest, ACommandInAMachineOutlivesWhoeverStartedIt) {
  const auto files = os::TempDir::make("container").value();
  const auto mounted = (files.path() / "mounted").string();
  ASSERT_TRUE(os::make_directories(mounted));
  ASSERT_EQ(::mkfifo((mounted + "/go").c_str(), 0600), 0);
  const auto* config = std::getenv("CONTAINERS_CONF");
  std::map<std::string, std::string> box;
  if (config) box["CONTAINERS_CONF"] = config;
  std::unique_ptr<place::Place> machine = std::make_unique<ServedPlace>(std::nullopt, box);
  ContainerOrder order;
  order.image = test_image;
  order.name = fresh_name();
  order.mounts = {mounted};
  auto first = Container::start(*machine, order, soon());
  ASSERT_TRUE(first) << first.error().text();
  place::Command command;
  command.argv = {"sh", "-c", "echo one; read ignored <" + mounted + "/go; echo two; exit 3"};
  command.directory = mounted;
  const auto ignored = [](place::Stream, std::string_view) {};
  EXPECT_TRUE((*first)->keeps_commands());
  ASSERT_TRUE((*first)->start_kept(command, mounted + "-kept", ignored, soon()));

  (*first)->leave();
  first->reset();
  machine = ServedPlace::after_death(std::move(machine));
  auto second = Container::take_up(*machine, order.name, order.mounts, soon());
  ASSERT_TRUE(second) << second.error().text();
  std::string said;
  const auto sink = [&](place::Stream, std::string_view bytes) { said += bytes; };
  auto again = (*second)->start_kept(command, mounted + "-kept", sink, soon());
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(in(*machine, "echo >" + mounted + "/go").exit.status, 0);

  EXPECT_EQ(place::finish(**again, soon()).value().status, 3);
  EXPECT_EQ(said, "one\ntwo\n");
}

TEST(ContainerTest, OneThatHasEndedIsNotTakenForAnother) {
  OwnContainer own;
  ASSERT_TRUE(place::podman(own.host(), {"kill", own.container().name()}, soon()));
  ASSERT_TRUE(place::podman(own.host(), {"wait", own.container().name()}, soon()));

  place::Command command;
  command.argv = {"true"};
  const auto output = place::run_captured(own, command, soon());

  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().text(), "the container " + own.container().name() + " has ended");
}

TEST(ContainerTest, OneThatEndsAtOnceSaysWhy) {
  place::HostPlace host(place::host_environment());
  ContainerOrder order;
  order.image = test_image;
  order.name = fresh_name();
  order.entry_point = {"sh", "-c", "echo no such config >&2; exit 7"};
  order.command = {};
  const auto started = Container::start(host, order, soon());
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().text(),
            "the container " + order.name + " ended at once with exit status 7: no such config");
  EXPECT_EQ(in(host, "podman ps -a -q --filter name=" + order.name).out, "");
}

TEST(ContainerTest, AnotherOnesNameIsNotTakenFromIt) {
  OwnContainer own;
  place::HostPlace host(place::host_environment());
  ContainerOrder order;
  order.image = test_image;
  order.name = fresh_name();
  order.arguments = {"--name", own.container().name()};
  const auto started = Container::start(host, order, soon());
  ASSERT_FALSE(started);
  EXPECT_EQ(in(own, "echo alive").out, "alive\n");
}

TEST(ContainerTest, AMissingImageIsOneLine) {
  place::HostPlace host(place::host_environment());
  const auto image = place::provide_image(host, {"127.0.0.1:1/no-such-image"}, soon());
  ASSERT_FALSE(image);
  EXPECT_TRUE(image.error().text().starts_with("pull the image 127.0.0.1:1/no-such-image: "))
      << image.error().text();
  EXPECT_EQ(image.error().text().find('\n'), std::string::npos);
}

}  // namespace
}  // namespace cupel
