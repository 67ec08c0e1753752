// SPDX-License-Identifier: Apache-2.0
#include "machine/qmp.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>

#include <array>

#include "base/crew.hpp"

namespace cupel::machine {
namespace {

using namespace std::chrono_literals;

constexpr auto greeting =
    R"({"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}}, "capabilities": []}})";

/// Our end and QEMU's, with QEMU's lines already written.
struct Line {
  os::LineSocket ours;
  os::Fd qemu;
};
Line line_with(const std::vector<std::string>& lines) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()), 0);
  os::Fd qemu(ends[1]);
  for (const auto& text : lines) EXPECT_TRUE(os::write_all(qemu, text + "\n", Stop{}.within(5s)));
  return {os::LineSocket(os::Fd(ends[0])), std::move(qemu)};
}

TEST(Qmp, KeepsEventsThatArriveBeforeAnAnswer) {
  auto line = line_with({greeting, R"({"return": {}})", R"({"event": "STOP", "data": {}})",
                         R"({"return": {"status": "paused"}})"});
  auto qmp = Qmp::over(std::move(line.ours), Stop{}.within(5s));
  ASSERT_TRUE(qmp) << qmp.error().text();

  const auto answer = qmp->execute("query-status", {}, Stop{}.within(5s));
  const auto event = qmp->next_event(Stop{}.within(5s));

  ASSERT_TRUE(answer);
  EXPECT_EQ(*answer->text("status"), "paused");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->name, "STOP");
  EXPECT_EQ(qmp->version(), "7.2.22");
}

TEST(Qmp, ARefusalIsAConflictWithQemusWords) {
  auto line = line_with({greeting, R"({"return": {}})",
                         R"({"error": {"class": "GenericError", "desc": "no such thing"}})"});
  auto qmp = Qmp::over(std::move(line.ours), Stop{}.within(5s));
  ASSERT_TRUE(qmp);

  const auto answer = qmp->execute("cont", {}, Stop{}.within(5s));

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().fault(), Fault::conflict);
  EXPECT_EQ(answer.error().text(), "QEMU refused cont: no such thing");
}

TEST(Qmp, TheEndOfQemuIsUnavailable) {
  auto line = line_with({greeting, R"({"return": {}})"});
  auto qmp = Qmp::over(std::move(line.ours), Stop{}.within(5s));
  ASSERT_TRUE(qmp);
  line.qemu.reset();

  const auto event = qmp->next_event(Stop{}.within(5s));

  ASSERT_FALSE(event);
  EXPECT_EQ(event.error().fault(), Fault::unavailable);
}

TEST(QmpMessage, NonsenseIsAnError) {
  for (const auto* text :
       {"", "{", "[]", "1", "{}", R"({"event": 3})", R"({"error": {}})", R"({"QMP": {}})",
        R"({"QMP": {"version": {"qemu": {"major": "7"}}}})", "\xff\xfe"}) {
    const auto message = parse_qmp(text);
    ASSERT_FALSE(message) << text;
  }
}

TEST(QmpMessage, WritesArgumentsOnlyWhereThereAreSome) {
  EXPECT_EQ(write_qmp("stop", {}), R"({"execute":"stop"})");
  EXPECT_EQ(write_qmp("migrate", {{"uri", "fd:3"}}),
            R"({"execute":"migrate","arguments":{"uri":"fd:3"}})");
}

}  // namespace
}  // namespace cupel::machine
