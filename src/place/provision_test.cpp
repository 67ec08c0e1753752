// SPDX-License-Identifier: Apache-2.0
#include "place/provision.hpp"

#include <gtest/gtest.h>

namespace cupel::place {
namespace {

namespace fs = os::fs;

class Provision : public testing::Test {
 protected:
  void write(const std::string& name, std::string_view text, unsigned mode = 0644) const {
    ASSERT_TRUE(os::make_directories(at(name).parent_path()));
    ASSERT_TRUE(os::write_file(at(name), text, mode));
  }
  fs::path at(const std::string& name) const { return directory_.path() / name; }
  ProvisionStep file(const std::string& name) const {
    ProvisionStep step;
    step.kind = ProvisionStep::Kind::file;
    step.source = at(name);
    step.target = "/etc/" + name;
    step.inside = at("project");
    return step;
  }
  static std::string digest(const ProvisionStep& step) {
    return digest_of(step, Stop{}).value_or(Digest{}).hex;
  }
  os::TempDir directory_ = os::TempDir::make("provision").value();
};

ProvisionStep shell(std::string script) {
  ProvisionStep step;
  step.script = std::move(script);
  return step;
}

TEST_F(Provision, IsDescribedInAFewWords) {
  EXPECT_EQ(describe(shell("\n  apt-get update\nmore\n")), "shell apt-get update");
  EXPECT_EQ(describe(shell(std::string(100, 'x'))), "shell " + std::string(60, 'x') + "...");
  auto named = shell("x");
  named.name = "images";
  EXPECT_EQ(describe(named), "images");
  EXPECT_EQ(describe(file("project/a.conf")), "file a.conf to /etc/project/a.conf");
  ProvisionStep packages;
  packages.kind = ProvisionStep::Kind::packages;
  packages.packages = {"clang", "bpftool"};
  EXPECT_EQ(describe(packages), "packages clang, bpftool");
}

TEST_F(Provision, ItsNameIsNotWhatItDoes) {
  auto named = shell("true");
  named.name = "nothing";
  EXPECT_EQ(digest(named), digest(shell("true")));
  EXPECT_NE(digest(shell("true")), digest(shell("false")));
  auto given = shell("true");
  given.environment["A"] = "b";
  EXPECT_NE(digest(given), digest(shell("true")));
}

TEST_F(Provision, ADirectoryIsNamesModesAndContents) {
  write("project/conf/a", "one");
  write("project/conf/b/c", "two");
  const auto step = file("project/conf");
  const auto before = digest(step);
  ASSERT_FALSE(before.empty());
  write("project/conf/a", "one");  // anew: another time, the same content
  EXPECT_EQ(digest(step), before);

  write("project/conf/b/c", "TWO");
  const auto changed = digest(step);
  EXPECT_NE(changed, before);
  write("project/conf/b/c", "two", 0755);
  EXPECT_NE(digest(step), before);
  write("project/conf/b/c", "two");
  fs::rename(at("project/conf/a"), at("project/conf/z"));
  EXPECT_NE(digest(step), before);
}

TEST_F(Provision, NothingIsReadOutsideOfTheProject) {
  write("secret", "x");
  write("project/own", "x");
  fs::create_symlink(at("secret"), at("project/link"));
  fs::create_symlink(at("project/own"), at("project/inner"));

  EXPECT_TRUE(digest_of(file("project/own"), Stop{}));
  EXPECT_TRUE(digest_of(file("project/inner"), Stop{}));
  for (const auto* name : {"secret", "project/link", "project/../secret"}) {
    const auto outside = digest_of(file(name), Stop{});
    ASSERT_FALSE(outside) << name;
    EXPECT_EQ(outside.error().fault(), Fault::invalid);
    EXPECT_NE(outside.error().text().find("lies outside of"), std::string::npos);
  }
  EXPECT_FALSE(digest_of(file("project/missing"), Stop{}));
}

TEST_F(Provision, ALinkInADirectoryIsCopiedAndNotFollowed) {
  write("secret", "x");
  write("project/conf/a", "one");
  fs::create_symlink(at("secret"), at("project/conf/link"));
  const auto before = digest(file("project/conf"));
  ASSERT_FALSE(before.empty());

  write("secret", "y");

  EXPECT_EQ(digest(file("project/conf")), before);
}

}  // namespace
}  // namespace cupel::place
