// SPDX-License-Identifier: Apache-2.0
#include "machine/machines.hpp"
#include "machine/visit.hpp"

namespace cupel::machine {
namespace {

/// Recipes with steps.
class Layers : public Machines {
 protected:
  static place::ProvisionStep shell(std::string script) {
    place::ProvisionStep step;
    step.script = std::move(script);
    return step;
  }
  /// The steps that were run since it was asked last.
  std::vector<std::string> run() {
    std::vector<std::string> all;
    for (const auto& line : std::exchange(news_, {}))
      if (line.starts_with("provisioning, ")) all.push_back(line.substr(14));
    return all;
  }
};

TEST_F(Layers, EachStepIsOneAndAChangedOneRunsOnThatBelow) {
  recipe_.provision = {shell("echo one >>/root/log"),
                       shell("#!/bin/sh\necho $WHAT >>/root/log; echo said")};
  recipe_.provision[1].environment["WHAT"] = "two";
  {
    const auto machine = clone();
    ASSERT_TRUE(machine);
    EXPECT_EQ(output(machine->place(), "cat /root/log; ls /var/tmp"), "one\ntwo\n");
    EXPECT_THAT(news_, testing::Contains("  said"));
    EXPECT_THAT(run(), testing::ElementsAre(testing::StartsWith("step 1 of 2 ("),
                                            testing::StartsWith("step 2 of 2 (")));
  }
  recipe_.provision[1].environment["WHAT"] = "three";
  {
    const auto machine = clone();
    ASSERT_TRUE(machine);
    EXPECT_EQ(output(machine->place(), "cat /root/log"), "one\nthree\n");
    EXPECT_THAT(run(), testing::ElementsAre(testing::StartsWith("step 2 of 2 (")));
  }
  recipe_.provision[1].environment["WHAT"] = "two";
  ASSERT_TRUE(snapshot());
  EXPECT_THAT(run(), testing::IsEmpty());
}

TEST_F(Layers, ADamagedOneIsMadeAnewOnThatBelow) {
  recipe_.provision = {shell("echo one >>/root/log"), shell("echo x >>/root/log")};
  const auto first = snapshot();
  ASSERT_TRUE(first) << first.error().text();
  run();
  fs::resize_file(first->directory / memory_file, 4096);

  const auto machine = clone();

  ASSERT_TRUE(machine);
  EXPECT_EQ(output(machine->place(), "cat /root/log"), "one\nx\n");
  EXPECT_THAT(run(), testing::ElementsAre(testing::StartsWith("step 2 of 2 (")));
}

TEST_F(Layers, FilesGoWhereTheyAreWanted) {
  const auto project = os::TempDir::make("project").value();
  ASSERT_TRUE(os::make_directories(project.path() / "conf/inner"));
  ASSERT_TRUE(os::write_file(project.path() / "conf/inner/a", "text"));
  ASSERT_TRUE(os::write_file(project.path() / "tool", "#!/bin/sh\necho ran\n", 0755));
  place::ProvisionStep tree, tool;
  tree.kind = tool.kind = place::ProvisionStep::Kind::file;
  tree.source = project.path() / "conf";
  tree.target = "/etc/conf";
  tool.source = project.path() / "tool";
  tool.target = "/opt/";
  recipe_.provision = {tree, tool};

  const auto machine = clone();

  ASSERT_TRUE(machine);
  EXPECT_EQ(output(machine->place(), "cat /etc/conf/inner/a; /opt/tool"), "textran\n");
}

TEST_F(Layers, AStepThatFailsKeepsItsMachineForALook) {
  recipe_.provision = {shell("echo x >/root/before; echo words; exit 3")};

  const auto failed = snapshot();

  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().fault(), Fault::invalid);
  const auto text = failed.error().text();
  EXPECT_THAT(text, testing::HasSubstr("exited with 3"));
  EXPECT_THAT(news_, testing::Contains("  words"));
  const std::string_view told = "cupel ssh ";
  ASSERT_THAT(text, testing::HasSubstr(std::string(told)));
  const auto id = text.substr(text.find(told) + told.size());
  {
    auto visit = Visit::enter(paths().machines, id, stop());
    ASSERT_TRUE(visit) << visit.error().text();
    EXPECT_EQ(output(visit->place(), "cat /root/before"), "x\n");
  }
  EXPECT_TRUE(remove_machine(paths().machines, id, stop()));
  for (const auto& entry : fs::directory_iterator(paths().snapshots))
    EXPECT_NE(entry.path().extension(), ".partial");
}

TEST_F(Layers, PackagesNeedADebianSystem) {
  place::ProvisionStep packages;
  packages.kind = place::ProvisionStep::Kind::packages;
  packages.packages = {"hello"};
  recipe_.provision = {packages};

  const auto failed = snapshot();

  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().text(), testing::HasSubstr("needs a Debian system"));
  const auto all = list_machines(paths().machines, nobody, stop());
  ASSERT_TRUE(all);
  for (const auto& one : *all) EXPECT_TRUE(remove_machine(paths().machines, one.record.id, stop()));
}

TEST_F(Layers, TheStoreIsPrunedButForWhatIsPinnedOrInUse) {
  Snapshots store(paths());
  recipe_.provision = {shell("echo pruned")};
  const auto oldest = snapshot();
  recipe_.provision = {shell("echo pinned")};
  const auto pinned = snapshot();
  ASSERT_TRUE(oldest && pinned);
  const auto name = [](const Snapshot& one) { return one.directory.filename().string(); };
  EXPECT_EQ(store.find("zz", stop()).error().fault(), Fault::not_found);
  EXPECT_EQ(store.find("", stop()).error().fault(), Fault::conflict);
  const auto found = store.find(name(*pinned).substr(0, 12), stop());
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_EQ(found->manifest.layer, "shell echo pinned");
  EXPECT_GT(found->size.count, 1U << 20);
  ASSERT_TRUE(store.pin(*found, StoredSnapshot::Pin::yes));
  const auto living = Machine::clone(*oldest, order(), stop());
  ASSERT_TRUE(living);

  most_ = {};
  recipe_.provision = {shell("echo needed")};
  const auto needed = snapshot();

  ASSERT_TRUE(needed);
  EXPECT_FALSE(fs::exists(oldest->directory));
  EXPECT_TRUE(fs::exists(pinned->directory));
  EXPECT_TRUE(fs::exists(needed->directory));
  EXPECT_EQ(output((*living)->place(), "echo alive; cat /proc/meminfo | head -1 | cut -c1-8"),
            "alive\nMemTotal\n");
  ASSERT_TRUE(store.pin(*found, StoredSnapshot::Pin::no));
  ASSERT_TRUE(store.prune({}, stop()));
  EXPECT_THAT(*store.list(stop()), testing::IsEmpty());
}

}  // namespace
}  // namespace cupel::machine
