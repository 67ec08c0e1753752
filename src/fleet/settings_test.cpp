// SPDX-License-Identifier: Apache-2.0
#include "fleet/settings.hpp"

#include <gtest/gtest.h>

namespace cupel::fleet {
namespace {

std::string error_of(std::string_view text) {
  const auto settings = read_settings(text, "cupel.toml");
  return settings ? "no error" : settings.error().text();
}

NodeSettings node(const std::string& name, unsigned cpus) {
  NodeSettings node;
  node.name = name;
  node.cpus = cpus;
  return node;
}

TEST(Settings, SayWhatTheKernelPanicsOn) {
  const auto settings = read_settings(
      "[[node]]\nname = \"k\"\npanic_on = [\"oops\", \"oops\", \"hung-task\"]\nvmcore = true\n",
      "cupel.toml");
  ASSERT_TRUE(settings) << settings.error().text();
  EXPECT_EQ(settings->nodes[0].panic_on, (std::vector<std::string>{"oops", "hung-task"}));
  EXPECT_EQ(settings->nodes[0].vmcore, NodeSettings::Vmcore::yes);
  EXPECT_EQ(error_of("[[node]]\nname = \"k\"\npanic_on = [\"ops\"]\n"),
            "cupel.toml:3:12: 'panic_on' is a list of \"oops\", \"soft-lockup\" and \"hung-task\"; "
            "\"ops\" is none");
  EXPECT_EQ(error_of("[[node]]\nname = \"k\"\nkind = \"host\"\nvmcore = true\n"),
            "cupel.toml:4:10: 'vmcore' is for machines: leave it out of a node of kind host");
}

TEST(Settings, ReadsNodes) {
  const auto settings = read_settings(R"(
[runs]
keep = 5
[[node]]
name = "big"
labels = ["linux", "bpf"]
box = "cupel/debian-12"
cpus = 4
cpu = "EPYC,+svm"
memory = "2GiB"
disk = "20GiB"
environment = { MEMORY = "4096" }
[[node]]
name = "metal"
kind = "host"
)",
                                      "cupel.toml");

  ASSERT_TRUE(settings) << settings.error().text();
  ASSERT_EQ(settings->nodes.size(), 2U);
  const auto& big = settings->nodes[0];
  EXPECT_EQ(big.labels, (std::vector<std::string>{"linux", "bpf"}));
  EXPECT_EQ(big.cpus, 4U);
  EXPECT_EQ(big.cpu, "EPYC,+svm");
  EXPECT_EQ(big.memory, gib(2));
  EXPECT_EQ(big.disk, gib(20));
  EXPECT_EQ(big.environment.at("MEMORY"), "4096");
  EXPECT_EQ(settings->nodes[1].kind, NodeSettings::Kind::host);
  EXPECT_EQ(settings->keep_runs, 5U);
}

TEST(Settings, ProvisioningIsAListOfSteps) {
  const auto settings = read_settings(R"(
[[node]]
name = "a"
provision = [
  { packages = ["clang", "bpftool"] },
  { file = "ci/x.conf", to = "/etc/x.conf" },
  { shell = "true", name = "nothing", environment = { A = "b" } },
  { script = "ci/prepare" },
]
[snapshots]
size = "50GiB"
[machines]
waiting = 3
waiting_for = "5m"
waiting_memory = "512MiB"
record = "all"
)",
                                      "/home/me/cupel.toml");
  ASSERT_TRUE(settings) << settings.error().text();
  EXPECT_EQ(settings->snapshots, gib(50));
  EXPECT_EQ(settings->waiting, 3U);
  EXPECT_EQ(settings->waiting_for, std::chrono::minutes(5));
  EXPECT_EQ(settings->waiting_memory, mib(512));
  EXPECT_EQ(settings->recording, Recording::all);
  const auto& steps = settings->nodes[0].provision;
  ASSERT_EQ(steps.size(), 4U);
  using Kind = place::ProvisionStep::Kind;
  EXPECT_EQ(steps[0].kind, Kind::packages);
  EXPECT_EQ(steps[0].packages, (std::vector<std::string>{"clang", "bpftool"}));
  EXPECT_EQ(steps[1].kind, Kind::file);
  EXPECT_EQ(steps[1].source, "/home/me/ci/x.conf");
  EXPECT_EQ(steps[1].target, "/etc/x.conf");
  EXPECT_EQ(steps[2].kind, Kind::shell);
  EXPECT_EQ(steps[2].name, "nothing");
  EXPECT_EQ(steps[2].environment.at("A"), "b");
  EXPECT_EQ(steps[3].source, "/home/me/ci/prepare");
  EXPECT_TRUE(steps[3].inside.empty());
}

TEST(Settings, MachinesThatWaitAreTheHostsMatter) {
  const auto error = [](const std::string& text, SettingsOrigin origin = SettingsOrigin::own) {
    return read_settings("[machines]\n" + text, "c.toml", origin).error().text();
  };
  EXPECT_EQ(error("waiting = 65"), "c.toml:2:11: 'waiting' must be a number from 0 to 64");
  EXPECT_EQ(error("record = \"some\""),
            "c.toml:2:10: 'record' must be \"none\", \"failed\" or \"all\", not \"some\"");
  EXPECT_EQ(error("waiting_for = \"soon\""),
            "c.toml:2:15: 'waiting_for' must be a time of at least a second, as \"10m\"");
  EXPECT_EQ(error("waitin = 1"),
            "c.toml:2:1: unknown key 'waitin' in [machines]: did you mean 'waiting'?");
  EXPECT_EQ(error("waiting = 1", SettingsOrigin::project),
            "c.toml:1:1: [machines] is about this host's memory and disk: it belongs into your own "
            "cupel.toml, not into a project's");
}

TEST(Settings, StepsOfProvisioningSayWhatIsWrong) {
  const auto error = [](const std::string& step) {
    const auto read = read_settings("[[node]]\nname = \"a\"\nprovision = [" + step + "]\n",
                                    "/p/cupel.toml", SettingsOrigin::project);
    return read ? "" : read.error().text();
  };
  EXPECT_EQ(error("{ shell = \"x\" }"), "");
  EXPECT_NE(error("{}").find("a step of 'provision' is { shell = "), std::string::npos);
  EXPECT_NE(error("\"x\"").find("a step of 'provision' is { shell = "), std::string::npos);
  EXPECT_NE(error("{ shell = \"x\", packages = [\"y\"] }").find("is { shell"), std::string::npos);
  EXPECT_EQ(error("{ shell = \"x\", to = \"/y\" }"),
            "/p/cupel.toml:3:29: unknown key 'to' in a step of 'provision': known are name, shell, "
            "environment");
  EXPECT_NE(error("{ file = \"x\" }").find("needs 'to'"), std::string::npos);
  EXPECT_NE(error("{ file = \"x\", to = \"y\" }").find("absolute"), std::string::npos);
  for (const auto* outside : {"/etc/shadow", "../x", "a/../../x"})
    EXPECT_NE(error(fmt::format("{{ script = \"{}\" }}", outside)).find("files of its own"),
              std::string::npos)
        << outside;
  EXPECT_NE(error("{ packages = [] }").find("must not be empty"), std::string::npos);
}

TEST(Settings, SaysWhereAndWhatToDo) {
  EXPECT_EQ(error_of("[[node]]\nname = \"a\"\ncpux = 2\n"),
            "cupel.toml:3:1: unknown key 'cpux' in [[node]]: did you mean 'cpus'?");
  EXPECT_EQ(
      error_of("[[node]]\nname = \"a\"\ncpu = 2\n"),
      "cupel.toml:3:7: 'cpu' must be a model of QEMU's, as \"EPYC,+svm\"; how many is 'cpus'");
  EXPECT_EQ(error_of("[[node]]\ncpus = 2\n"),
            "cupel.toml:1:1: a [[node]] needs a name: add name = \"...\"");
  EXPECT_EQ(error_of("[[node]]\nname = \"a\"\nmemory = 2048\n"),
            "cupel.toml:3:10: 'memory' must be a size with its unit, as \"2GiB\"");
  EXPECT_EQ(error_of("[[node]]\nname = \"a\"\nkind = \"vm\"\n"),
            "cupel.toml:3:8: 'kind' must be \"machine\" or \"host\", not \"vm\"");
  EXPECT_EQ(error_of("[[node]]\nname = \"a\"\nkind = \"host\"\nbox = \"x\"\n"),
            "cupel.toml:4:7: 'box' is for machines: leave it out of a node of kind host");
  EXPECT_EQ(error_of("[[node]]\nname = \"a\"\nenvironment = { A = 1 }\n"),
            "cupel.toml:3:21: 'A' must be text: put it in quotes");
  EXPECT_EQ(error_of("[runs]\norphan_hours = 0\n"),
            "cupel.toml:2:16: 'orphan_hours' must be a number from 1 to 8760");
  EXPECT_TRUE(error_of("[[node]\n").starts_with("cupel.toml:1:8: ")) << error_of("[[node]\n");
}

TEST(Settings, ReadsJobs) {
  const auto settings = read_settings(
      "[[job]]\nname = \"packages\"\ndirectory = \"../packages\"\n"
      "[[job]]\nname = \"deploy\"\nfile = \"ci/Jenkinsfile.deploy\"\n",
      "cupel.toml");

  ASSERT_TRUE(settings) << settings.error().text();
  EXPECT_EQ(settings->jobs, (std::vector<JobSettings>{{"packages", "../packages", "Jenkinsfile"},
                                                      {"deploy", ".", "ci/Jenkinsfile.deploy"}}));
  EXPECT_EQ(error_of("[[job]]\nfile = \"x\"\n"),
            "cupel.toml:1:1: a [[job]] needs a name: add name = \"...\"");
  EXPECT_EQ(error_of("[[job]]\nname = \"a\"\nfile = \"../x\"\n"),
            "cupel.toml:3:8: 'file' must lie in the job's directory");
  EXPECT_EQ(error_of("[[job]]\nname = \"a\"\npath = \"x\"\n"),
            "cupel.toml:3:1: unknown key 'path' in [[job]]: known are name, directory, file");
  const auto outside = read_settings("[[job]]\nname = \"a\"\ndirectory = \"..\"\n", "cupel.toml",
                                     SettingsOrigin::project);
  EXPECT_EQ(outside.error().text(),
            "cupel.toml:3:13: a project may only name directories of its own");
}

TEST(Settings, ANearerFilesNodeReplacesOneOfTheSameName) {
  Settings near, far;
  near.nodes = {node("a", 4)};
  far.nodes = {node("a", 1), node("b", 1)};
  far.keep_runs = 9;
  far.orphan_hours = 3;

  const auto merged = merge(near, far);

  ASSERT_EQ(merged.nodes.size(), 2U);
  EXPECT_EQ(merged.nodes[0].cpus, 4U);
  EXPECT_EQ(merged.nodes[1].name, "b");
  EXPECT_EQ(merged.keep_runs, 9U);
  EXPECT_EQ(merged.orphan_hours, 3U);
}

TEST(Settings, OnlyANamedFileMustBeThere) {
  EXPECT_TRUE(load_settings({std::nullopt, {"/nowhere/cupel.toml"}}));
  EXPECT_EQ(load_settings({"/nowhere/cupel.toml", {}}).error().fault(), Fault::not_found);
}

}  // namespace
}  // namespace cupel::fleet
