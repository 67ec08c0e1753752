// SPDX-License-Identifier: Apache-2.0
#include "fleet/fleet.hpp"

#include <gtest/gtest.h>

#include "fleet/packed_tree.hpp"
#include "pipeline/interpreter/rebootable.hpp"
#include "place/host.hpp"
#include "support/fake_machines.hpp"

namespace cupel::fleet {
namespace {

using namespace std::chrono_literals;
using Outcome = pipeline::Lease::Outcome;

class FleetTest : public testing::Test {
 protected:
  FleetTest() {
    os::fs::create_directories(project_);
    EXPECT_TRUE(os::write_file(project_ / "file", "hello"));
    NodeSettings metal;
    metal.name = "metal";
    metal.kind = NodeSettings::Kind::host;
    metal.environment = {{"MEMORY", "1"}};
    settings_.nodes.push_back(metal);
  }

  Fleet::Plan plan() const {
    Fleet::Plan plan;
    plan.run = "7";
    plan.project = "demo";
    plan.host_workspaces = directory_.path() / "workspaces";
    plan.host_mark = "mark";
    return plan;
  }

  /// Takes a node, says how it went, gives it back.
  void use(Fleet& fleet, const std::string& label, Outcome outcome) {
    auto lease = fleet.acquire(
        label, [](std::string_view) {}, stop_);
    ASSERT_TRUE(lease) << lease.error().text();
    (*lease)->set_outcome(outcome);
  }

  Stop stop_ = Stop().within(30s);
  os::TempDir directory_ = os::TempDir::make("fleet").value();
  os::fs::path project_ = directory_.path() / "project";
  Settings settings_;
  test::FakeMachines machines_;
};

TEST_F(FleetTest, AMachineIsDestroyed) {
  const Catalog catalog(settings_);
  Fleet fleet(catalog, machines_, plan());

  use(fleet, "cupel/tiny", Outcome::failed);

  const auto story = machines_.story();
  EXPECT_EQ(story.orders.at(0).box, tiny_box);
  EXPECT_EQ(story.orders.at(0).run, "7");
  EXPECT_TRUE(story.pushed_to.empty());
  EXPECT_EQ(story.destroyed, 1U);
  EXPECT_TRUE(fleet.kept().empty());
}

TEST_F(FleetTest, KeepsOnlyWhatThePolicySays) {
  const Catalog catalog(settings_);
  auto wanted = plan();
  wanted.keep = KeepPolicy::failed;
  Fleet fleet(catalog, machines_, wanted);

  use(fleet, "any", Outcome::passed);
  use(fleet, "any", Outcome::failed);

  EXPECT_EQ(machines_.story().destroyed, 1U);
  EXPECT_EQ(machines_.story().kept, 1U);
  ASSERT_EQ(fleet.kept().size(), 1U);
  EXPECT_EQ(fleet.kept()[0].machine, "fake2");
}

TEST_F(FleetTest, MachinesAreRecordedAsTheHostSays) {
  NodeSettings odd;
  odd.name = ".my node/1";
  odd.labels = {"odd"};
  settings_.nodes.push_back(odd);
  const Catalog catalog(settings_);
  auto wanted = plan();
  wanted.artifacts = "/artifacts";
  std::vector<std::string> given;
  wanted.given = [&](const Fleet::Given& machine) { given.push_back(machine.name); };
  for (const auto recording : {Recording::none, Recording::failed, Recording::all}) {
    wanted.recording = recording;
    Fleet fleet(catalog, machines_, wanted);
    use(fleet, "odd", Outcome::passed);
    use(fleet, "cupel/tiny", Outcome::failed);
  }

  const auto story = machines_.story();
  EXPECT_EQ(story.orders[0].recording, std::nullopt);
  EXPECT_EQ(story.orders[2].recording, "/artifacts/machines/_.my_node_1");
  EXPECT_EQ(story.orders[3].recording, "/artifacts/machines/tiny");
  EXPECT_EQ(story.logs, (std::vector<std::string>{"fake4", "fake5", "fake6"}));
  EXPECT_EQ(given.at(4), "_.my_node_1-fake5");
}

TEST_F(FleetTest, AMachineIsWhatThePipelineSays) {
  NodeSettings lab;
  lab.name = "lab";
  lab.cpus = 8;
  lab.memory = gib(4);
  lab.environment = {{"LAB", "1"}};
  lab.provision.resize(1);
  lab.provision[0].script = "first";
  settings_.nodes.push_back(lab);
  const Catalog catalog(settings_);
  auto wanted = plan();
  wanted.sources = project_;
  Fleet fleet(catalog, machines_, wanted);
  const auto take = [&](const std::string& label, const pipeline::MachineWish& wish) {
    auto lease = fleet.acquire_machine(
        label, wish, [](std::string_view) {}, stop_);
    return lease ? (*lease)->node_name() : lease.error().text();
  };

  pipeline::MachineWish wish;
  wish.box = "tiny";
  EXPECT_EQ(take("", wish), "tiny (machine fake1)");
  wish.memory = gib(2);
  wish.provision.resize(1);
  wish.provision[0].source = "ci/prepare";
  EXPECT_EQ(take("lab", wish), "lab (machine fake2)");
  EXPECT_EQ(take("", {}), "debian-12 (machine fake3)");
  EXPECT_EQ(take("metal", {}),
            "the node 'metal' is this host: a machine starts from a node of kind machine");
  wish.box = "cupel/tinny";
  EXPECT_EQ(take("", wish),
            "there is no box 'cupel/tinny', did you mean 'cupel/tiny'?; known boxes: "
            "cupel/debian-12, cupel/tiny");

  const auto orders = machines_.story().orders;
  ASSERT_EQ(orders.size(), 3U);
  EXPECT_EQ(orders[0].box, tiny_box);
  EXPECT_EQ(orders[0].memory, mib(256));
  EXPECT_EQ(orders[1].box, tiny_box);
  EXPECT_EQ(orders[1].cpus, 8U);
  EXPECT_EQ(orders[1].memory, gib(2));
  ASSERT_EQ(orders[1].provision.size(), 2U);
  EXPECT_EQ(orders[1].provision[0].script, "first");
  EXPECT_EQ(orders[1].provision[1].source, project_ / "ci/prepare");
  EXPECT_EQ(orders[1].provision[1].inside, project_);
  EXPECT_EQ(orders[2].box, default_box);
}

TEST_F(FleetTest, AMachineRebootsWithAllThatIsBesideItsWorkspace) {
  const Catalog catalog(settings_);
  Fleet fleet(catalog, machines_, plan());
  auto lease = fleet.acquire(
      "any", [](std::string_view) {}, stop_);
  ASSERT_TRUE(lease) << lease.error().text();

  place::RebootOrder order;
  order.limit = std::chrono::minutes(1);
  EXPECT_TRUE(pipeline::reboot(
      **lease, order, [](auto, auto) {}, stop_));

  const auto reboots = machines_.story().reboots;
  ASSERT_EQ(reboots.size(), 1U);
  EXPECT_EQ(reboots[0].limit, std::chrono::minutes(1));
  EXPECT_EQ(reboots[0].workspace, "/workspace");
}

TEST_F(FleetTest, AKeptMachineKnowsWhatFailedInIt) {
  const Catalog catalog(settings_);
  auto wanted = plan();
  wanted.keep = KeepPolicy::failed;
  wanted.keep_time = std::chrono::minutes(5);
  Fleet fleet(catalog, machines_, wanted);
  {
    auto lease = fleet.acquire(
        "any", [](std::string_view) {}, stop_);
    ASSERT_TRUE(lease) << lease.error().text();
    (*lease)->note_failed({"false", "/w@tmp/script.sh", "/w", {{"A", "b"}}});
    (*lease)->set_outcome(Outcome::failed);
  }

  const auto kept = machines_.story().kept_as;
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->time, std::chrono::minutes(5));
  ASSERT_TRUE(kept->failed);
  EXPECT_EQ(kept->failed->script, "false");
}

TEST_F(FleetTest, AMachineOfAJournalIsFoundAgain) {
  const Catalog catalog(settings_);
  auto wanted = plan();
  wanted.outliving = {"/journal", std::chrono::hours(1)};
  wanted.keep = KeepPolicy::always;
  Fleet fleet(catalog, machines_, wanted);
  std::string ticket, name;
  {
    const auto lease = fleet.acquire(
        "any", [](std::string_view) {}, stop_);
    ticket = (*lease)->ticket();
    name = (*lease)->node_name();
  }
  EXPECT_EQ(machines_.story().orders.at(0).outliving, wanted.outliving);
  {
    const auto lease = fleet.attach(ticket, stop_);
    ASSERT_TRUE(lease) << lease.error().text();
    EXPECT_EQ((*lease)->ticket(), ticket);
    EXPECT_EQ((*lease)->workspace(), "/workspace/demo");
    EXPECT_EQ((*lease)->node_name(), name);
  }
  EXPECT_EQ(machines_.story().taken_up, (std::vector<std::string>{"fake1"}));

  machines_.refusal = Error(Fault::not_found, "it is not there any more");
  EXPECT_EQ(fleet.attach(ticket, stop_).error().text(), "machine fake1: it is not there any more");
  for (const auto* wrong : {"machine ", "machine fake1", "machine fake1 /w"})
    EXPECT_EQ(fleet.attach(wrong, stop_).error().fault(), Fault::invalid) << wrong;
}

TEST_F(FleetTest, WithoutAJournalNothingIsFoundAgain) {
  const Catalog catalog(settings_);
  Fleet fleet(catalog, machines_, plan());
  const auto lease = fleet.acquire(
      "any", [](std::string_view) {}, stop_);

  EXPECT_EQ((*lease)->ticket(), "");
  EXPECT_FALSE(machines_.story().orders.at(0).outliving);
}

TEST_F(FleetTest, AHostHasAWorkspaceOfItsOwnThatGoesAtTheEnd) {
  const Catalog catalog(settings_);
  Fleet fleet(catalog, machines_, plan());
  std::string workspace;
  {
    const auto lease = fleet.acquire(
        "metal", [](std::string_view) {}, stop_);
    ASSERT_TRUE(lease) << lease.error().text();
    const auto second = fleet.acquire(
        "metal", [](std::string_view) {}, stop_);
    ASSERT_TRUE(second) << second.error().text();
    workspace = (*lease)->workspace();
    EXPECT_NE((*second)->workspace(), workspace);
    EXPECT_TRUE(os::fs::is_empty(workspace));
    EXPECT_EQ((*lease)->environment().at("MEMORY"), "1");
    EXPECT_EQ((*lease)->node_name(), "metal");
  }
  EXPECT_FALSE(os::fs::exists(workspace));
  EXPECT_TRUE(fleet.complaints().empty());
}

TEST_F(FleetTest, OnHostEveryLabelIsThisHost) {
  const Catalog catalog(settings_);
  auto wanted = plan();
  wanted.where = Fleet::Where::host;
  Fleet fleet(catalog, machines_, wanted);

  use(fleet, "cupel/debian-12", Outcome::passed);
  use(fleet, "whatever", Outcome::passed);

  EXPECT_TRUE(machines_.story().orders.empty());
}

TEST_F(FleetTest, PassesOnWhyThereIsNoNode) {
  const Catalog catalog(settings_);
  Fleet fleet(catalog, machines_, plan());

  EXPECT_EQ(fleet
                .acquire(
                    "nope", [](std::string_view) {}, stop_)
                .error()
                .fault(),
            Fault::not_found);
  machines_.refusal = Error(Fault::unavailable, "no QEMU");
  const auto lease = fleet.acquire(
      "any", [](std::string_view) {}, stop_);
  ASSERT_FALSE(lease);
  EXPECT_EQ(lease.error().fault(), Fault::unavailable);
  EXPECT_EQ(lease.error().text(), "node debian-12: no QEMU");
}

TEST_F(FleetTest, TheProjectIsCheckedOutIntoAWorkspace) {
  const Catalog catalog(settings_);
  PackedTree tree({project_, {}, directory_.path() / "tree.tar"}, stop_);
  Fleet fleet(catalog, machines_, plan());
  const auto lease = fleet.acquire(
      "metal", [](std::string_view) {}, stop_);
  ASSERT_TRUE(lease) << lease.error().text();

  const auto variables = tree.check_out((*lease)->place(), (*lease)->workspace(), stop_);

  ASSERT_TRUE(variables) << variables.error().text();
  EXPECT_EQ(os::read_file(os::fs::path((*lease)->workspace()) / "file").value(), "hello");
}

TEST_F(FleetTest, AProjectThatCannotBePackedFailsItsCheckout) {
  PackedTree tree({project_ / "no", {}, directory_.path() / "tree.tar"}, stop_);
  auto place = place::HostPlace(place::host_environment());

  EXPECT_FALSE(tree.check_out(place, (directory_.path() / "out").string(), stop_));
}

TEST_F(FleetTest, ATopologyIsAFileOfTheProject) {
  const Catalog catalog(settings_);
  auto wanted = plan();
  wanted.sources = project_;
  Fleet fleet(catalog, machines_, wanted);
  const auto error = [&](const std::string& file) {
    const auto lease = fleet.acquire_topology(
        file, [](std::string_view) {}, stop_);
    return lease ? "no error" : lease.error().text();
  };

  EXPECT_EQ(error("../lab.toml"), "topology '../lab.toml': only files of the project can be named");
  EXPECT_EQ(error("lab.toml"), fmt::format("read the topology: open {}: no such file or directory",
                                           (project_ / "lab.toml").string()));
  EXPECT_TRUE(machines_.story().orders.empty());
}

TEST_F(FleetTest, ATopologysMachinesAreAllGoneWhenOneCannotBe) {
  const Catalog catalog(settings_);
  auto wanted = plan();
  wanted.sources = project_;
  wanted.outliving = Outliving{"journal", 1h};
  Fleet fleet(catalog, machines_, wanted);
  ASSERT_TRUE(os::write_file(project_ / "lab.toml", R"(
[[machine]]
name = "a"
box = "tiny"
[[machine]]
name = "b"
box = "tiny"
[[link]]
ends = ["a:eth1", "b:eth1"]
)"));

  const auto lease = fleet.acquire_topology(
      "lab.toml", [](std::string_view) {}, stop_);

  ASSERT_FALSE(lease);  // a fake runs nothing, so its interfaces cannot be set up
  const auto story = machines_.story();
  ASSERT_FALSE(story.orders.empty());
  EXPECT_EQ(story.orders[0].interfaces, 1U);
  EXPECT_FALSE(story.orders[0].outliving) << "its network ends with us";
}

TEST_F(FleetTest, ThisHostIsNoTopology) {
  const Catalog catalog(settings_);
  auto wanted = plan();
  wanted.where = Fleet::Where::host;
  Fleet fleet(catalog, machines_, wanted);

  const auto lease = fleet.acquire_topology(
      "lab.toml", [](std::string_view) {}, stop_);

  EXPECT_EQ(lease.error().text(), "a topology needs machines: this run has this host only");
}

}  // namespace
}  // namespace cupel::fleet
