// SPDX-License-Identifier: Apache-2.0
#include "cli/command.hpp"

#include <gtest/gtest.h>

namespace cupel::cli {
namespace {

template <typename T>
T parsed(const std::vector<std::string>& words) {
  const auto result = parse_command(words);
  const auto* command = std::get_if<Command>(&result);
  if (!command || !std::holds_alternative<T>(*command)) {
    ADD_FAILURE() << (command ? "another command" : std::get<Answer>(result).text);
    return {};
  }
  return std::get<T>(*command);
}

Answer answer(const std::vector<std::string>& words) {
  const auto result = parse_command(words);
  const auto* text = std::get_if<Answer>(&result);
  return text ? *text : Answer{"a command", -1};
}

TEST(Command, RunTakesAnOccasion) {
  const auto run = parsed<RunCommand>({"run", "--from-stage", "Test", "--branch", "main", "--tag",
                                       "v1", "--change-request", "7,target=main,author=ada"});

  EXPECT_EQ(run.from_stage, "Test");
  EXPECT_EQ(run.branch, "main");
  EXPECT_EQ(run.tag, "v1");
  const std::vector<std::pair<std::string, std::string>> change = {
      {"ID", "7"}, {"TARGET", "main"}, {"AUTHOR", "ada"}};
  EXPECT_EQ(run.change_request, change);
  EXPECT_EQ(answer({"run", "--change-request", "7,goal=main"}).status, 2);
  EXPECT_EQ(answer({"run", "--from-stage", "A", "--only-stage", "B"}).status, 2);
}

TEST(Command, RunTakesAllItsOptions) {
  const auto run = parsed<RunCommand>(
      {"run",         "-C",      "p",         "ci/Jenkinsfile", "-p",       "A=1",
       "-p",          "B=x=y",   "--on",      "host",           "--keep",   "failed",
       "--artifacts", "out",     "--console", "jenkins",        "--config", "c.toml",
       "--limit",     "time=9s", "--limit",   "depth=20"});

  EXPECT_EQ(run.directory, "p");
  EXPECT_EQ(run.jenkinsfile, "ci/Jenkinsfile");
  ASSERT_EQ(run.parameters.size(), 2U);
  EXPECT_EQ(run.parameters[1].second, "x=y");
  EXPECT_EQ(run.on, RunCommand::On::host);
  EXPECT_EQ(run.keep, RunCommand::Keep::failed);
  EXPECT_EQ(run.console, RunCommand::Console::jenkins);
  EXPECT_EQ(run.artifacts, "out");
  EXPECT_EQ(run.config, "c.toml");
  using Words = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(run.limits, (Words{{"time", "9s"}, {"depth", "20"}}));
}

TEST(Command, AShellOnFailureKeepsTheMachine) {
  const auto run = parsed<RunCommand>({"run", "--shell-on-failure", "--keep-for", "30m"});
  EXPECT_EQ(run.keep, RunCommand::Keep::failed);
  EXPECT_EQ(run.shell, RunCommand::Shell::failed);
  EXPECT_EQ(run.keep_for, std::chrono::minutes(30));
  EXPECT_EQ(answer({"run", "--keep-for", "soon"}).status, 2);
  EXPECT_EQ(parsed<SshCommand>({"ssh", "12"}).run, "12");
  EXPECT_EQ(answer({"ssh"}).status, 2);
}

TEST(Command, SnapshotsAreNamedOrPruned) {
  using Action = SnapshotCommand::Action;
  EXPECT_EQ(parsed<SnapshotCommand>({"snapshot", "list"}).action, Action::list);
  const auto remove = parsed<SnapshotCommand>({"snapshot", "rm", "a", "b"});
  EXPECT_EQ(remove.action, Action::remove);
  EXPECT_EQ(remove.names, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(parsed<SnapshotCommand>({"snapshot", "prune", "--to", "2GiB"}).most, gib(2));
  const auto out = parsed<SnapshotExportCommand>({"snapshot", "export", "a", "-"});
  EXPECT_EQ(std::pair(out.name, out.file), std::pair(std::string("a"), std::string("-")));
  using OwnBox = SnapshotImportCommand::OwnBox;
  EXPECT_EQ(parsed<SnapshotImportCommand>({"snapshot", "import", "f"}).own_box, OwnBox::stays);
  EXPECT_EQ(parsed<SnapshotImportCommand>({"snapshot", "import", "--with-box", "f"}).own_box,
            OwnBox::replaced);
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"snapshot"},
                                             {"snapshot", "rm"},
                                             {"snapshot", "prune"},
                                             {"snapshot", "export", "a"},
                                             {"snapshot", "import"},
                                             {"snapshot", "prune", "--to", "x"}})
    EXPECT_EQ(answer(words).status, 2);
}

TEST(Command, AParameterDoesNotSwallowTheJenkinsfile) {
  EXPECT_EQ(parsed<RunCommand>({"run", "-p", "A=1", "other"}).jenkinsfile, "other");
}

TEST(Command, ExecPassesOptionsBehindTheDashes) {
  const auto exec =
      parsed<MachineExecCommand>({"machine", "exec", "3f", "--", "ls", "-l", "--all"});

  EXPECT_EQ(exec.id, "3f");
  EXPECT_EQ(exec.argv, (std::vector<std::string>{"ls", "-l", "--all"}));
}

TEST(Command, WrongWordsAreOneLineAndStatusTwo) {
  for (const auto& words : std::vector<std::vector<std::string>>{{"rnu"},
                                                                 {"run", "--on", "mars"},
                                                                 {"run", "-p", "x"},
                                                                 {"run", "--limit", "x"},
                                                                 {"run", "--nope"},
                                                                 {"machine", "rm"},
                                                                 {"machine", "exec"},
                                                                 {"box", "build"}}) {
    const auto said = answer(words);
    EXPECT_EQ(said.status, 2) << said.text;
    EXPECT_TRUE(said.text.starts_with("cupel: ")) << said.text;
    EXPECT_EQ(std::count(said.text.begin(), said.text.end(), '\n'), 1) << said.text;
  }
  EXPECT_EQ(answer({"rnu"}).text,
            "cupel: unknown command 'rnu', did you mean 'run'?: see cupel --help\n");
}

TEST(Command, HelpIsNoFailure) {
  EXPECT_EQ(answer({"--help"}).status, 0);
  EXPECT_NE(answer({"run", "--help"}).text.find("NAME=VALUE"), std::string::npos);
  EXPECT_NE(answer({"run", "--help"}).text.find("Usage: cupel run [OPTIONS]"), std::string::npos);
  EXPECT_NE(answer({"machine", "rm", "--help"}).text.find("Usage: cupel machine rm [OPTIONS]"),
            std::string::npos);
}

}  // namespace
}  // namespace cupel::cli
