// SPDX-License-Identifier: Apache-2.0
#include "fleet/working_tree.hpp"

#include <gmock/gmock.h>

#include "os/process.hpp"

namespace cupel::fleet {
namespace {

using namespace std::chrono_literals;
using testing::IsSupersetOf;
using testing::Not;
namespace fs = os::fs;

class WorkingTreeTest : public testing::Test {
 protected:
  void git(std::vector<std::string> arguments, const fs::path& where) {
    os::Spawn spawn;
    spawn.argv = {"git",
                  "-c",
                  "user.name=t",
                  "-c",
                  "user.email=t@example.org",
                  "-c",
                  "protocol.file.allow=always",
                  "-C",
                  where.string()};
    spawn.argv.insert(spawn.argv.end(), arguments.begin(), arguments.end());
    const auto done = os::capture(std::move(spawn), {}, stop_);
    ASSERT_TRUE(done && done->exit.status == 0) << (done ? done->err : done.error().text());
  }
  void write(const fs::path& path, std::string_view text = "x") {
    fs::create_directories((root_ / path).parent_path());
    ASSERT_TRUE(os::write_file(root_ / path, text));
  }
  WorkingTree read(const fs::path& directory, std::vector<fs::path> leave_out = {}) {
    auto tree = read_working_tree(directory, leave_out, stop_);
    EXPECT_TRUE(tree) << tree.error().text();
    return tree ? std::move(*tree) : WorkingTree{};
  }
  static std::vector<std::string> project_files(const WorkingTree& tree) {
    std::vector<std::string> files;
    for (const auto& path : tree.paths)
      if (!path.starts_with(".git/")) files.push_back(path);
    return files;
  }

  Stop stop_ = Stop().within(60s);
  os::TempDir directory_ = os::TempDir::make("working_tree").value();
  fs::path root_ = fs::canonical(directory_.path());
};

TEST_F(WorkingTreeTest, HoldsWhatGitKnowsAndWhatItDoesNotIgnore) {
  git({"init", "-q", "-b", "topic"}, root_);
  write(".gitignore", "*.o\n");
  write("tracked");
  write("deleted");
  git({"add", "."}, root_);
  git({"commit", "-q", "-m", "first"}, root_);
  fs::remove(root_ / "deleted");
  write("sub/untracked \xC3\xA4\n");
  write("ignored.o");
  fs::create_symlink("tracked", root_ / "link");

  const auto tree = read(root_);

  EXPECT_EQ(project_files(tree), (std::vector<std::string>{".gitignore", "link",
                                                           "sub/untracked \xC3\xA4\n", "tracked"}));
  EXPECT_THAT(tree.paths, testing::Contains(".git/HEAD"));
  EXPECT_EQ(tree.environment.at("GIT_BRANCH"), "topic");
  EXPECT_EQ(tree.environment.at("GIT_COMMIT").size(), 40U);
}

TEST_F(WorkingTreeTest, OfAPartOfARepositoryOnlyThatPart) {
  git({"init", "-q"}, root_);
  write("outside");
  write("part/inside");

  const auto tree = read(root_ / "part");

  EXPECT_EQ(tree.paths, std::vector<std::string>{"inside"});
}

TEST_F(WorkingTreeTest, HoldsTheFilesOfSubmodules) {
  git({"init", "-q"}, root_);
  write("lib/in/file");
  git({"init", "-q"}, root_ / "lib");
  git({"add", "."}, root_ / "lib");
  git({"commit", "-q", "-m", "lib"}, root_ / "lib");
  fs::create_directories(root_ / "main");
  git({"init", "-q"}, root_ / "main");
  git({"submodule", "add", "-q", (root_ / "lib").string(), "lib"}, root_ / "main");

  EXPECT_EQ(project_files(read(root_ / "main")),
            (std::vector<std::string>{".gitmodules", "lib/.git", "lib/in/file"}));
}

TEST_F(WorkingTreeTest, OutsideOfGitItIsEverything) {
  write("a");
  write("out/b");

  EXPECT_TRUE(read(root_).paths.empty());
  EXPECT_EQ(read(root_, {root_ / "out"}).paths, std::vector<std::string>{"a"});
}

TEST_F(WorkingTreeTest, ADirectoryThatIsNotThereIsNamed) {
  const auto tree = read_working_tree(root_ / "no", {}, stop_);

  ASSERT_FALSE(tree);
  EXPECT_NE(tree.error().text().find("/no: no such file"), std::string::npos);
}

}  // namespace
}  // namespace cupel::fleet
