// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "base/text.hpp"
#include "os/files.hpp"
#include "place/place.hpp"

/// What every kind of Place must do. A kind's test includes this and instantiates
/// PlaceFiles and, if commands really run there, PlaceCommands, and those of kept_contract.hpp if they
/// can outlive us:
///   INSTANTIATE_TEST_SUITE_P(Host, PlaceCommands, testing::Values(PlaceKind{...}));
namespace cupel {

struct PlaceKind {
  std::string name;
  std::function<std::unique_ptr<place::Place>()> make;
  /// An absolute directory in the place that does not exist yet and may be made.
  std::function<std::string()> fresh_directory;
  /// For PlaceKeptCommands: the same place as a later process of ours sees it, after the one that
  /// had `earlier` was killed.
  std::function<std::unique_ptr<place::Place>(std::unique_ptr<place::Place> earlier)> later = {};
};
inline std::ostream& operator<<(std::ostream& out, const PlaceKind& kind) {
  return out << kind.name;
}

class PlaceTest : public testing::TestWithParam<PlaceKind> {
 protected:
  static Stop soon() { return Stop{}.within(std::chrono::seconds(60)); }

  static place::Command shell(std::string script) {
    place::Command command;
    command.argv = {"sh", "-c", std::move(script)};
    return command;
  }
  place::Output run(const place::Command& command) {
    auto output = place::run_captured(*place_, command, soon(), std::size_t{256} << 20);
    EXPECT_TRUE(output) << output.error().text();
    return output ? std::move(*output) : place::Output{};
  }
  Result<std::string> packed(const std::string& directory, const os::PackOptions& options = {}) {
    std::string bytes;
    const auto keep = [&bytes](std::string_view more) -> Result<> {
      bytes += more;
      return {};
    };
    TRY(place_->pull(directory, options, keep, soon()));
    return bytes;
  }
  Result<> push(std::string_view bytes, const std::string& directory) {
    const auto once = [bytes]() mutable -> Result<std::string_view> {
      return std::exchange(bytes, {});
    };
    return place_->push(once, directory, soon());
  }

  std::unique_ptr<place::Place> place_ = GetParam().make();
};

class PlaceCommands : public PlaceTest {};
class PlaceFiles : public PlaceTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(PlaceCommands);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(PlaceFiles);

TEST_P(PlaceCommands, TellsTheExitStatus) {
  EXPECT_EQ(run(shell("exit 7")).exit, (os::Exit{7, 0}));
  EXPECT_EQ(run(shell("kill -KILL $$")).exit, (os::Exit{137, 9}));
}

TEST_P(PlaceCommands, EndsAWriterWhoseReaderLeft) {
  const auto output = run(shell("(yes; echo $? >&2) | head -n 1"));

  EXPECT_EQ(output.out, "y\n");
  EXPECT_EQ(output.err, "141\n") << "128 + SIGPIPE";
}

TEST_P(PlaceCommands, KeepsTheStreamsApart) {
  const auto output = run(shell("echo out; echo err >&2"));

  EXPECT_EQ(output.out, "out\n");
  EXPECT_EQ(output.err, "err\n");
}

TEST_P(PlaceCommands, SetsTheEnvironmentOnTopOfItsOwn) {
  auto command = shell("echo \"$GREETING\"; echo ${PATH:+p} ${HOME:+h} ${USER:+u} ${LANG:+l}");
  command.environment = {{"GREETING", "hello  world\n=x"}};

  EXPECT_EQ(run(command).out, "hello  world\n=x\np h u l\n");
}

TEST_P(PlaceCommands, RunsInTheDirectoryAndSaysWhenItIsMissing) {
  auto command = shell("pwd");
  command.directory = "/usr";
  EXPECT_EQ(run(command).out, "/usr\n");

  command.directory = "/no/such/directory";
  const auto failed = place::run_captured(*place_, command, soon());

  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().fault(), Fault::not_found);
  EXPECT_NE(failed.error().text().find("/no/such/directory"), std::string::npos);
}

TEST_P(PlaceCommands, SaysWhichProgramIsMissing) {
  place::Command command;
  command.argv = {"no-such-program-at-all"};

  const auto failed = place::run_captured(*place_, command, soon());

  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().fault(), Fault::not_found);
  EXPECT_NE(failed.error().text().find("no-such-program-at-all"), std::string::npos);
}

TEST_P(PlaceCommands, PassesInputUnchanged) {
  auto command = shell("cat");
  for (int i = 0; i < 3'000'000; ++i) command.input += static_cast<char>(i * 7 % 251);
  command.input += std::string("\0\xff\xfe", 3);

  EXPECT_TRUE(run(command).out == command.input) << "NUL and invalid UTF-8 included";
}

TEST_P(PlaceCommands, EndsTheInput) { EXPECT_EQ(run(shell("cat; echo end")).out, "end\n"); }

TEST_P(PlaceCommands, DeliversBigOutputInOrder) {
  const auto output = run(shell("seq 1 6500000"));

  ASSERT_GT(output.out.size(), std::size_t{48} << 20);
  const char* at = output.out.c_str();
  for (long i = 1; i <= 6'500'000; ++i) {
    char* end = nullptr;
    ASSERT_EQ(std::strtol(at, &end, 10), i);
    at = end + 1;
  }
}

TEST_P(PlaceCommands, RunCapturedFailsBeyondItsLimit) {
  const auto failed = place::run_captured(*place_, shell("exec yes"), soon(), 100'000);

  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().fault(), Fault::invalid);
}

TEST_P(PlaceCommands, StopKillsTheTreeWithDoubleForks) {
  StopSource source(soon());
  std::string pid;
  const auto script = "setsid sh -c 'sleep 1000 & echo $!; wait' & wait";
  const auto sink = [&](place::Stream, std::string_view bytes) {
    pid += bytes;
    source.request();
  };

  const auto stopped = place::run(*place_, shell(script), sink, source.stop());

  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().fault(), Fault::stopped);
  EXPECT_EQ(stopped.error().text().find("live on"), std::string::npos) << stopped.error().text();
  // A zombie may wait for its new parent; it runs nothing.
  EXPECT_EQ(
      run(shell("grep -s State: /proc/" + std::string(trim(pid)) + "/status | grep -v Z")).out, "");
}

TEST_P(PlaceCommands, DeliversLastWords) {
  StopSource source(soon());
  std::string text;
  const auto sink = [&](place::Stream, std::string_view bytes) {
    text += bytes;
    source.request();
  };
  const auto script = "trap 'seq 1 30000; exit' TERM; echo ready; while :; do sleep 0.01; done";

  EXPECT_FALSE(place::run(*place_, shell(script), sink, source.stop()));

  EXPECT_TRUE(text.ends_with("\n30000\n")) << "more than a pipe holds";
}

TEST_P(PlaceCommands, BackgroundDoesNotBlockAndLivesOn) {
  // It writes more than any pipe holds, after the command's end too.
  const auto started =
      run(shell("d=$(mktemp -d); (head -c 4000000 /dev/zero; echo > $d/done; exec sleep 1000) & "
                "echo $d $! >&2"));
  const auto words = split(trim(started.err), ' ');
  ASSERT_EQ(words.size(), 2U) << started.err;

  const auto after =
      run(shell(fmt::format("while ! test -e {0}/done; do sleep 0.01; done; rm -r {0}; kill -0 {1}",
                            words[0], words[1])));

  EXPECT_EQ(after.exit.status, 0);
}

TEST_P(PlaceCommands, TerminalIsATerminalWithItsSize) {
  auto command = shell("test -t 0 && test -t 1 && test -t 2 && stty size; echo err >&2");
  command.streams = place::Command::Streams::terminal;
  command.window = {33, 111};

  EXPECT_EQ(run(command).out, "33 111\r\nerr\r\n");
}

TEST_P(PlaceCommands, TerminalTakesInputWhileItRuns) {
  auto command = shell("stty -echo; echo ready; read line; echo got $line");
  command.streams = place::Command::Streams::terminal;
  std::string text;
  place::Session* session = nullptr;
  bool said = false;
  const auto sink = [&](place::Stream, std::string_view bytes) {
    text += bytes;
    if (text.find("ready") == std::string::npos || std::exchange(said, true)) return;
    EXPECT_TRUE(session->write("hello\n", soon()));
  };
  auto started = place_->start(command, sink, soon());
  ASSERT_TRUE(started) << started.error().text();
  session = started->get();

  EXPECT_EQ(session->wait(soon()).value().status, 0);

  EXPECT_NE(text.find("got hello\r\n"), std::string::npos) << text;
}

TEST_P(PlaceFiles, PushAndPullKeepTheTree) {
  const auto here = os::TempDir::make("contract").value();
  ASSERT_TRUE(os::make_directories(here.path() / "sub/empty"));
  ASSERT_TRUE(os::write_file(here.path() / "sub/run.sh", "#!/bin/sh\n", 0755));
  ASSERT_TRUE(os::write_file(here.path() / "secret", std::string("\0\xff", 2), 0600));
  std::string bytes;
  const auto keep = [&](std::string_view more) -> Result<> {
    bytes += more;
    return {};
  };
  ASSERT_TRUE(os::pack(here.path(), {}, keep, soon()));
  const auto there = GetParam().fresh_directory();

  const auto pushed = push(bytes, there);
  ASSERT_TRUE(pushed) << pushed.error().text();
  const auto pulled = packed(there);

  ASSERT_TRUE(pulled) << pulled.error().text();
  const auto back = os::TempDir::make("contract").value();
  const auto source = [rest = std::string_view(*pulled)]() mutable -> Result<std::string_view> {
    return std::exchange(rest, {});
  };
  ASSERT_TRUE(os::unpack(source, back.path(), {}, soon()));
  EXPECT_EQ(os::read_file(back.path() / "secret").value(), std::string("\0\xff", 2));
  EXPECT_EQ(os::fs::status(back.path() / "secret").permissions(), os::fs::perms(0600));
  EXPECT_EQ(os::fs::status(back.path() / "sub/run.sh").permissions(), os::fs::perms(0755));
  EXPECT_TRUE(os::fs::is_directory(back.path() / "sub/empty"));
}

TEST_P(PlaceFiles, PullTakesWhatIsSelected) {
  const auto here = os::TempDir::make("contract").value();
  for (const auto* name : {"a.txt", "b.log", "sub/c.txt"}) {
    ASSERT_TRUE(os::make_directories((here.path() / name).parent_path()));
    ASSERT_TRUE(os::write_file(here.path() / name, name));
  }
  std::string bytes;
  const auto keep = [&](std::string_view more) -> Result<> {
    bytes += more;
    return {};
  };
  ASSERT_TRUE(os::pack(here.path(), {}, keep, soon()));
  const auto there = GetParam().fresh_directory();
  ASSERT_TRUE(push(bytes, there));
  os::PackOptions options;
  options.selection.includes = {"**/*.txt"};
  options.selection.excludes = {"sub/**"};

  const auto summary = place_->pull(
      there, options, [](std::string_view) -> Result<> { return {}; }, soon());

  ASSERT_TRUE(summary) << summary.error().text();
  EXPECT_EQ(summary->files, 1U);
  EXPECT_EQ(summary->bytes.count, 5U);
}

TEST_P(PlaceFiles, PullOfAMissingDirectoryIsNotFound) {
  EXPECT_EQ(packed("/no/such/directory").error().fault(), Fault::not_found);
}

TEST_P(PlaceFiles, PushOfACutStreamFails) {
  const auto pushed = push(std::string(700, 'x'), GetParam().fresh_directory());

  ASSERT_FALSE(pushed);
  EXPECT_EQ(pushed.error().fault(), Fault::invalid);
}

}  // namespace cupel
