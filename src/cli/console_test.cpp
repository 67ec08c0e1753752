// SPDX-License-Identifier: Apache-2.0
#include "cli/console.hpp"

#include <gtest/gtest.h>

namespace cupel::cli {
namespace {

using namespace std::chrono_literals;
using model::Verdict;
using pipeline::StagePath;
using Kind = Console::StageKind;
using StepKind = Console::StepKind;

model::StageRecord stage(StagePath path, Verdict verdict, std::string skip_reason = {}) {
  model::StageRecord record;
  record.path = std::move(path);
  record.verdict = verdict;
  record.duration = 1500ms;
  record.skip_reason = std::move(skip_reason);
  return record;
}

/// A small run with everything in it: a plain stage, two branches, a failure, a skipped stage.
void tell_story(Console& console) {
  console.stage_started({"Build"}, Kind::stage);
  console.note({"Build"}, "Running on debian-12 (machine 3f2a) in /workspace/demo");
  console.step_started({"Build"}, "dir", "src", StepKind::body);
  console.block({"Build"}, {pipeline::BlockEvent::Edge::entered, "dir"});
  console.step_started({"Build"}, "sh", "make", StepKind::simple);
  console.output({"Build"}, place::Stream::err, "+ make\n");
  console.output({"Build"}, place::Stream::out, "cc a.c\nlast line without end");
  console.step_finished({"Build"}, "sh", 10ms, StepKind::simple);
  console.block({"Build"}, {pipeline::BlockEvent::Edge::left, "dir"});
  console.step_finished({"Build"}, "dir", 10ms, StepKind::body);
  console.stage_finished(stage({"Build"}, Verdict::success));

  console.stage_started({"Test"}, Kind::stage);
  console.step_started({"Test"}, "parallel", "", StepKind::body);
  for (const auto* label : {"Branch: a", "Branch: b"})
    console.block({"Test"}, {pipeline::BlockEvent::Edge::entered, "parallel", label});
  console.stage_started({"Test", "a"}, Kind::bare_branch);
  console.stage_started({"Test", "b"}, Kind::bare_branch);
  console.output({"Test", "a"}, place::Stream::out, "half of ");
  console.output({"Test", "b"}, place::Stream::out, "\x1b[2Jbell \a here\n");
  console.output({"Test", "a"}, place::Stream::out, "a line\n");
  console.stage_finished(stage({"Test", "b"}, Verdict::failure));
  console.stage_finished(stage({"Test", "a"}, Verdict::success));
  console.step_finished({"Test"}, "parallel", 10ms, StepKind::body);
  console.stage_finished(stage({"Test"}, Verdict::failure));

  console.stage_started({"Deploy"}, Kind::stage);
  console.note({"Deploy"}, "Stage \"Deploy\" skipped due to earlier failure(s)");
  console.stage_finished(stage({"Deploy"}, Verdict::not_built, "earlier failure(s)"));
}

std::string told(std::unique_ptr<Wording> wording) {
  std::string text;
  Console console(
      {.wording = std::move(wording), .sink = [&text](std::string_view part) { text += part; }});
  tell_story(console);
  return text;
}

TEST(Console, PlainIsWhatCommandsPrintAndLabelsWhereParallel) {
  EXPECT_EQ(told(plain_wording(Foreign::harmless)), R"(== Build
Running on debian-12 (machine 3f2a) in /workspace/demo
+ make
cc a.c
last line without end
== Build: SUCCESS after 1.5 s
== Test
== Test / a
== Test / b
[b] bell \x07 here
[a] half of a line
== Test / b: FAILURE after 1.5 s
== Test / a: SUCCESS after 1.5 s
== Test: FAILURE after 1.5 s
== Deploy
Stage "Deploy" skipped due to earlier failure(s)
== Deploy: skipped
)");
}

TEST(Console, JenkinsSaysTheLinesThatToolsRead) {
  EXPECT_EQ(told(jenkins_wording(Foreign::harmless)), R"([Pipeline] stage
[Pipeline] { (Build)
Running on debian-12 (machine 3f2a) in /workspace/demo
[Pipeline] dir
[Pipeline] {
[Pipeline] sh
+ make
cc a.c
last line without end
[Pipeline] }
[Pipeline] // dir
[Pipeline] }
[Pipeline] // stage
[Pipeline] stage
[Pipeline] { (Test)
[Pipeline] parallel
[Pipeline] { (Branch: a)
[Pipeline] { (Branch: b)
[b] bell \x07 here
[a] half of a line
[Pipeline] }
[Pipeline] }
[Pipeline] // parallel
[Pipeline] }
[Pipeline] // stage
[Pipeline] stage
[Pipeline] { (Deploy)
Stage "Deploy" skipped due to earlier failure(s)
[Pipeline] }
[Pipeline] // stage
)");
}

TEST(Console, PrettyIndentsWhatCommandsPrint) {
  EXPECT_EQ(told(pretty_wording(Marks(Palette::none, Glyphs::ascii))), R"(> Build
  | Running on debian-12 (machine 3f2a) in /workspace/demo
  | + make
  | cc a.c
  | last line without end
ok Build 1.5 s
> Test
> Test / a
> Test / b
  | b bell \x07 here
  | a half of a line
FAILED Test / b 1.5 s
ok Test / a 1.5 s
FAILED Test 1.5 s
> Deploy
  | Stage "Deploy" skipped due to earlier failure(s)
- Deploy skipped
)");
}

TEST(Console, RawLinesPassAPipeUnchanged) {
  std::string text;
  Console console({.wording = plain_wording(Foreign::raw),
                   .sink = [&text](std::string_view part) { text += part; }});

  console.output({}, place::Stream::out, std::string_view("a\0\xFF\x1b[2J\n", 8));

  EXPECT_EQ(text, std::string("a\0\xFF\x1b[2J\n", 8));
}

TEST(Console, StampsEachLine) {
  std::string text;
  Console console({.wording = plain_wording(Foreign::raw),
                   .sink = [&text](std::string_view part) { text += part; },
                   .stamp = [] { return std::string("[12:00:00] "); }});

  console.output({}, place::Stream::out, "a\nb\n");

  EXPECT_EQ(text, "[12:00:00] a\n[12:00:00] b\n");
}

TEST(Console, TheProgressLineStaysBelowAndGoesAtTheEnd) {
  std::string text;
  auto now = SteadyTime();
  Console console({.wording = pretty_wording(Marks(Palette::none, Glyphs::ascii)),
                   .sink = [&text](std::string_view part) { text += part; },
                   .footer = Footer(Marks(Palette::none, Glyphs::ascii),
                                    {.now = [&] { return now; }, .columns = [] { return 40U; }})});
  console.stage_started({"Build"}, Kind::stage);
  now += 65s;
  text.clear();

  console.step_started({"Build"}, "sh", "make all\nsecond line", StepKind::simple);
  console.tick();
  console.output({"Build"}, place::Stream::out, "x\n");
  console.close();
  console.tick();

  EXPECT_EQ(text,
            "\r\x1b[2K\x1b[?7l\\ 1:05 Build: sh make all (1:05)\x1b[?7h"
            "\r\x1b[2K  | x\n\x1b[?7l| 1:05 Build: sh make all (1:05)\x1b[?7h"
            "\r\x1b[2K");
}

}  // namespace
}  // namespace cupel::cli
