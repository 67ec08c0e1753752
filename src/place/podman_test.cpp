// SPDX-License-Identifier: Apache-2.0
#include "place/podman.hpp"

#include <gtest/gtest.h>

#include "support/fake_place.hpp"

namespace cupel::place {
namespace {

using Words = std::vector<std::string>;

TEST(ShellWords, AreSplitAsAShellDoes) {
  EXPECT_EQ(shell_words(" -v /a:/b  --name 'x y' -e A=\"b 'c'\"\\ d '' ").value(),
            (Words{"-v", "/a:/b", "--name", "x y", "-e", "A=b 'c' d", ""}));
  EXPECT_FALSE(shell_words("-e 'open"));
}

TEST(DockerName, IsAsDockerReadsIt) {
  EXPECT_EQ(docker_name("alpine:3"), "docker.io/library/alpine:3");
  EXPECT_EQ(docker_name("team/tool"), "docker.io/team/tool");
  EXPECT_EQ(docker_name("localhost/tool"), "localhost/tool");
  EXPECT_EQ(docker_name("reg.example:5000/tool"), "reg.example:5000/tool");
}

TEST(RegistryHost, IsWhatStandsInTheUrl) {
  EXPECT_EQ(registry_host("https://reg.example:5000/v2/"), "reg.example:5000");
  EXPECT_EQ(registry_host("reg.example"), "reg.example");
}

TEST(Podman, SaysItsLastErrorInOneLine) {
  FakePlace place;
  place.will_print("Trying to pull x...\nError: initializing source: no such host\n", Stream::err)
      .will_exit(125);
  const auto failed = podman(place, {"pull", "x"}, Stop{});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().text(), "podman pull: initializing source: no such host");
}

TEST(Podman, SaysWhereItIsMissing) {
  FakePlace place;
  place.will_refuse(Fault::not_found, "no such program: podman");
  EXPECT_EQ(podman(place, {"ps"}, Stop{}).error().text(),
            "containers need podman, which is missing in fake");
}

TEST(Podman, LogsInWithThePasswordOnStandardInput) {
  FakePlace place;
  ASSERT_TRUE(log_in(place, {"reg.example:5000", "me", "secret"}, Stop{}));
  EXPECT_EQ(place.commands()[0].argv, (Words{"podman", "login", "--username", "me",
                                             "--password-stdin", "--", "reg.example:5000"}));
  EXPECT_EQ(place.commands()[0].input, "secret");
}

TEST(ProvideImage, PullsWhatIsMissingOrAlways) {
  FakePlace place;
  place.will_exit(0);
  EXPECT_EQ(provide_image(place, "tool", Pull::if_missing, Stop{}).value(), "tool");
  place.will_exit(1).will_exit(0);
  EXPECT_EQ(provide_image(place, "tool", Pull::if_missing, Stop{}).value(),
            "docker.io/library/tool");
  EXPECT_EQ(provide_image(place, "r.io/tool", Pull::always, Stop{}).value(), "r.io/tool");
  EXPECT_EQ(place.commands().back().argv, (Words{"podman", "pull", "--quiet", "r.io/tool"}));
  EXPECT_FALSE(provide_image(place, "--privileged", Pull::if_missing, Stop{}));
}

TEST(BuildImage, TellsFileTagAndArguments) {
  FakePlace place;
  std::string said;
  place.will_print("STEP 1\n").will_exit(0);
  ASSERT_TRUE(build_image(
      place, {"t", "ci/Dockerfile", "/ws", {"--build-arg", "A=1"}},
      [&](Stream, std::string_view bytes) { said += bytes; }, Stop{}));
  EXPECT_EQ(place.commands()[0].argv,
            (Words{"podman", "build", "--tag", "t", "--file", "/ws/ci/Dockerfile", "--build-arg",
                   "A=1", "--", "/ws"}));
  EXPECT_EQ(said, "STEP 1\n");
}

}  // namespace
}  // namespace cupel::place
