// SPDX-License-Identifier: Apache-2.0
#include "machine/box_store.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crew.hpp"
#include "os/wait.hpp"

namespace cupel::machine {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// A store whose recipe is a small shell script instead of Debian.
class BoxStoreTest : public testing::Test {
 protected:
  static constexpr const char* good = R"(#!/bin/sh
set -eu
[ "$1" != --clean ] || { echo cleaned >>"$2/log-of-runs"; exit 0; }
mkdir -p "$2"
echo "built $1" >>"$3/log-of-runs"
echo 'step 1/2: one'
echo "dlstatus:1:50:half" >"/dev/fd/$CUPEL_STATUS_FD"
echo 'step 2/2: two'
echo kernel >"$2/vmlinux"
date +%N >"$2/initramfs"
echo list >"$2/packages.list"
)";

  BoxStore store(const std::string& script, Bytes space = kib(1)) const {
    BoxRecipe recipe{{{"build", script}, {"test/ready", "true"}},
                     {{"cupel/test", "test", space, BoxKind::Owners::one}}};
    return BoxStore(
        {home() / "boxes", home() / "s", home() / "m", home() / "downloads", home() / "a"},
        std::move(recipe));
  }
  Result<Box> build(BoxStore store, const Stop& stop = Stop{}.within(30s)) {
    return store.ensure(
        "cupel/test", [this](const BoxProgress& now) { seen_.push_back(now); }, stop);
  }
  Error error_of(const std::string& body) {
    const auto built = build(store("[ \"$1\" != --clean ] || exit 0; " + body));
    return built ? Error(Fault::internal, "it was built") : built.error();
  }
  std::string runs() const { return os::read_file(home() / "downloads/log-of-runs").value_or(""); }
  const fs::path& home() const { return home_.path(); }

  os::TempDir home_ = os::TempDir::make("box-store").value();
  std::vector<BoxProgress> seen_;
};

TEST_F(BoxStoreTest, BuildsOnceAndFindsAgain) {
  EXPECT_FALSE(store(good).find("cupel/test", Stop{})->has_value());

  const auto built = build(store(good));
  ASSERT_TRUE(built) << built.error().text();
  const auto again = build(store(good));

  EXPECT_EQ(*again, *built);
  EXPECT_EQ(runs(), "built test\n");
  EXPECT_EQ(*store(good).find("cupel/test", Stop{}), *built);
  EXPECT_EQ(os::read_file(built->kernel).value(), "kernel\n");
  EXPECT_FALSE(built->disk);
  EXPECT_EQ(built->ready, (std::vector<std::string>{"/bin/sh", "-c", "true"}));
}

TEST_F(BoxStoreTest, TellsOfItsProgress) {
  ASSERT_TRUE(build(store(good)));
  ASSERT_FALSE(seen_.empty());
  EXPECT_EQ(seen_.back().text, "two");
  EXPECT_EQ(seen_.back().of, 2);
}

TEST_F(BoxStoreTest, LeavesNoHalfBuiltDirectoryBehindASuccess) {
  const auto built = build(store(good));
  ASSERT_TRUE(built);
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(home() / "boxes/cupel%2Ftest"))
    entries.push_back(entry);
  EXPECT_EQ(entries, std::vector<fs::path>{built->kernel.parent_path()});
}

TEST_F(BoxStoreTest, KeepsWhatAFailedBuildFinished) {
  const auto script = std::string(good) + "[ -e \"$3/go\" ] || { touch \"$3/go\"; exit 1; }\n";
  EXPECT_FALSE(build(store(script)));
  EXPECT_TRUE(fs::exists(home() / "boxes/cupel%2Ftest"));
  EXPECT_TRUE(
      build(store("#!/bin/sh\n[ \"$1\" != --clean ] || exit 0; [ -e \"$3/go\" ] || exit 1\n" +
                  std::string(good))));
  EXPECT_EQ(store(good).list()->size(), 1U);
}

TEST_F(BoxStoreTest, BuildsAnewWhenTheRecipeChanged) {
  const auto first = build(store(good));
  const auto second = build(store(std::string(good) + "# changed\n"));

  ASSERT_TRUE(first && second);
  EXPECT_NE(first->digest, second->digest);
  const auto listed = store(good).list();
  ASSERT_EQ(listed->size(), 2U) << "the one before stays for its snapshots";
}

TEST_F(BoxStoreTest, BuildsAnewWhenAFileWasEditedOrCut) {
  for (const auto* text : {"kernEl\n", "k"}) {
    const auto built = build(store(good));
    ASSERT_TRUE(built);
    ASSERT_TRUE(os::write_file(built->kernel, text));
    EXPECT_FALSE(store(good).find("cupel/test", Stop{})->has_value());
    EXPECT_EQ(store(good).list()->front().state, StoredBox::State::touched);

    const auto again = build(store(good));

    ASSERT_TRUE(again);
    EXPECT_EQ(os::read_file(again->kernel).value(), "kernel\n");
    EXPECT_EQ(store(good).list()->size(), 1U);
  }
}

TEST_F(BoxStoreTest, NamesTheStepTheReasonAndTheLogOfAFailure) {
  const auto error =
      error_of("echo 'step 1/2: one'; echo noise >&2; echo 'error: odd' >&2; exit 1");
  EXPECT_EQ(error.fault(), Fault::internal);
  EXPECT_EQ(error.text(), fmt::format("build cupel/test: step 1 of 2, one: odd (log: {})",
                                      (home() / "downloads/test.log").string()));
  EXPECT_EQ(store(good).last_words("cupel/test"),
            (std::vector<std::string>{"noise", "error: odd"}));
}

TEST_F(BoxStoreTest, TellsTheFaultsApart) {
  EXPECT_EQ(error_of("exit 3").fault(), Fault::unavailable);
  EXPECT_EQ(error_of("echo 'E: Failed to fetch x' >&2; exit 4").fault(), Fault::unavailable);
  EXPECT_EQ(error_of("echo 'cp: No space left on device' >&2; exit 1").fault(), Fault::unavailable);
  EXPECT_EQ(error_of("kill -9 0").fault(), Fault::unavailable);
  EXPECT_EQ(error_of("exit 0").fault(), Fault::not_found) << "no files";
}

TEST_F(BoxStoreTest, RemovesAHalfBuiltBoxWhenTheDiskIsFull) {
  const auto error =
      error_of("echo x >\"$2/vmlinux\"; echo 'cp: No space left on device' >&2; exit 1");
  EXPECT_TRUE(error.message().starts_with("no space left in " +
                                          (home() / "boxes/cupel%2Ftest").string() + " (log: "))
      << error.message();
  EXPECT_TRUE(fs::is_empty(home() / "boxes/cupel%2Ftest"));
}

TEST_F(BoxStoreTest, AsksForSpaceBeforeItStarts) {
  const auto built = build(store(good, gib(1U << 20)));
  ASSERT_FALSE(built);
  EXPECT_EQ(built.error().fault(), Fault::unavailable);
  EXPECT_EQ(runs(), "");
}

TEST_F(BoxStoreTest, StopsTheWholeScript) {
  StopSource source;
  const auto script =
      "[ \"$1\" != --clean ] || exit 0\necho 'step 1/1: hangs'\nsleep 600 & sleep 600";
  const auto built = store(script).ensure(
      "cupel/test", [&](const BoxProgress&) { source.request(); }, source.stop());
  ASSERT_FALSE(built);
  EXPECT_EQ(built.error().fault(), Fault::stopped);
}

TEST_F(BoxStoreTest, WaitsForAnotherBuilderAndUsesItsBox) {
  const auto held = home() / "downloads/held";
  ASSERT_TRUE(os::make_directories(held.parent_path()));
  ASSERT_EQ(::mkfifo(held.c_str(), 0600), 0);
  const auto slow = std::string(good) + "echo 'step 2/2: held'\nread -r go <\"$3/held\"\n";
  Crew crew{Stop{}.within(60s)};
  Locked<std::vector<Box>> built;
  std::atomic<bool> started = false;
  std::atomic<bool> freed = false;
  const auto free_builder = [&] {
    if (freed.exchange(true)) return;
    const auto fd = os::open_file(held.string(), O_WRONLY);
    ASSERT_TRUE(fd && os::write_all(*fd, "go\n", Stop{}));
  };
  Channel<int> began(1);

  crew.add("first", [&](const Stop& stop) -> Result<> {
    auto box = TRY(store(slow).ensure(
        "cupel/test",
        [&](const BoxProgress& now) {
          if (now.text == "held" && !started.exchange(true)) static_cast<void>(began.push(1, stop));
        },
        stop));
    built.lock()->push_back(std::move(box));
    return {};
  });
  std::string told;
  crew.add("second", [&](const Stop& stop) -> Result<> {
    TRY(began.pop(stop));
    auto box = TRY(store(slow).ensure(
        "cupel/test",
        [&](const BoxProgress& now) {
          told = now.text;
          free_builder();
        },
        stop));
    built.lock()->push_back(std::move(box));
    return {};
  });
  const auto joined = crew.join();

  ASSERT_TRUE(joined) << joined.error().text();
  EXPECT_EQ(told, fmt::format("waiting for process {}, which builds a box", ::getpid()));
  const auto boxes = *built.lock();
  EXPECT_EQ(boxes[0], boxes[1]);
  EXPECT_EQ(runs(), "built test\n");
}

TEST_F(BoxStoreTest, RebuildsOnRequestBesideTheOldOne) {
  const auto first = build(store(good));
  const auto second = store(good).rebuild(
      "cupel/test", [](const BoxProgress&) {}, Stop{});
  const auto third = store(good).rebuild(
      "cupel/test", [](const BoxProgress&) {}, Stop{});
  ASSERT_TRUE(first && second && third);
  EXPECT_NE(second->kernel, third->kernel);
  EXPECT_EQ(store(good).list()->size(), 2U);
}

TEST_F(BoxStoreTest, RemovesAllOfAName) {
  ASSERT_TRUE(build(store(good)));
  EXPECT_TRUE(store(good).remove("cupel/test", Stop{}));
  EXPECT_TRUE(store(good).list()->empty());
  EXPECT_EQ(store(good).remove("cupel/test", Stop{}).error().fault(), Fault::not_found);
}

TEST_F(BoxStoreTest, NamesTheBoxesThatThereAre) {
  const auto found = store(good).find("cupel/other", Stop{});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().fault(), Fault::not_found);
  EXPECT_EQ(found.error().text(), "there is no box \"cupel/other\"; the boxes are cupel/test");
}

TEST(DebianRecipe, GivesEachBoxAKeyOfItsOwnFiles) {
  auto recipe = debian_recipe();
  const auto tiny = *find_kind(recipe, "cupel/tiny");
  const auto debian = *find_kind(recipe, "cupel/debian-12");
  const auto tiny_key = box_key(recipe, tiny, {});
  const auto debian_key = box_key(recipe, debian, {});
  for (auto& file : recipe.files)
    if (file.path == "debian-12/packages") file.text += "vim\n";

  EXPECT_EQ(box_key(recipe, tiny, {}), tiny_key);
  EXPECT_NE(box_key(recipe, debian, {}), debian_key);
  BoxOptions other;
  other.disk_size = "20G";
  EXPECT_NE(box_key(recipe, debian, other), box_key(recipe, debian, {}));
  EXPECT_TRUE(ready_command(recipe, tiny).empty());
  EXPECT_EQ(ready_command(recipe, debian).size(), 3U);
}

}  // namespace
}  // namespace cupel::machine
