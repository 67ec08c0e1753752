// SPDX-License-Identifier: Apache-2.0
#include "fleet/credential_file.hpp"

#include <gtest/gtest.h>

namespace cupel::fleet {
namespace {

class CredentialFile : public testing::Test {
 protected:
  os::fs::path write(const std::string& name, const std::string& text, unsigned mode = 0600) {
    const auto path = directory_.path() / name;
    EXPECT_TRUE(os::write_file(path, text, mode));
    os::fs::permissions(path, static_cast<os::fs::perms>(mode));
    return path;
  }
  Result<CredentialFiles> load(const os::fs::path& named) {
    return CredentialFiles::load({named, directory_.path() / "usual.toml"},
                                 [](const std::string& name) -> std::optional<std::string> {
                                   if (name == "TOKEN") return "from-environment";
                                   return std::nullopt;
                                 });
  }

 private:
  os::TempDir directory_ = std::move(*os::TempDir::make("credentials"));
};

TEST_F(CredentialFile, GivesEachKindFromItsSource) {
  write("pw", "swordfish\n");
  write("key", "-----BEGIN-----\n");
  auto files = load(write("c.toml",
                          "[credential.a]\nkind = 'string'\ntext = { env = 'TOKEN' }\n"
                          "[credential.b]\nkind = 'usernamePassword'\nusername = 'u'\n"
                          "password = { file = 'pw' }\n"
                          "[credential.\"c d\"]\nkind = 'file'\ncontent = { file = 'key' }\n"));
  ASSERT_TRUE(files) << files.error().text();

  EXPECT_EQ(std::get<pipeline::SecretText>(*files->find("a")).text, "from-environment");
  EXPECT_EQ(std::get<pipeline::UsernamePassword>(*files->find("b")).password, "swordfish");
  const auto file = std::get<pipeline::SecretFile>(*files->find("c d"));
  EXPECT_EQ(file.name, "key");
  EXPECT_EQ(file.bytes, "-----BEGIN-----\n");
}

TEST_F(CredentialFile, IsRefusedIfOthersMayReadIt) {
  const auto files = load(write("c.toml", "", 0640));

  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().fault(), Fault::denied);
  EXPECT_NE(files.error().text().find("chmod 600"), std::string::npos);
}

TEST_F(CredentialFile, SaysWhatThereIsWhereAnIdIsMissing) {
  auto files = load(write("c.toml", "[credential.a]\nkind = 'string'\ntext = 'x'\n"));

  const auto found = files->find("b");

  ASSERT_FALSE(found);
  EXPECT_NE(found.error().text().find("'b'; there are: a; add [credential.b] to "),
            std::string::npos)
      << found.error().text();
}

TEST_F(CredentialFile, NeverShowsAValueInAnError) {
  const auto read = read_credentials("[credential.a]\nkind = 'string'\ntext = ['hidden']\n", "c");

  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().text(),
            "c:3:8: 'text' must be a text, { env = \"NAME\" } or { file = \"path\" }");
}

TEST_F(CredentialFile, SaysWhatIsWrongWithATable) {
  EXPECT_EQ(read_credentials("[credential.a]\nkind = 'token'\n", "c").error().text(),
            "c:2:8: [credential.a] needs a kind: one of string, usernamePassword, file, "
            "sshUserPrivateKey, certificate");
  EXPECT_EQ(read_credentials("[credential.a]\nkind = 'string'\n", "c").error().text(),
            "c:1:1: [credential.a] of kind string needs 'text'");
  EXPECT_FALSE(read_credentials("[credential.a\n", "c"));
  EXPECT_FALSE(read_credentials("x = 1\n", "c"));
}

}  // namespace
}  // namespace cupel::fleet
