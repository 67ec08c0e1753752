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

TEST(Podman, DoesNotSayAdviceInPlaceOfTheError) {
  EXPECT_EQ(podman_complaint("Error: unknown flag: --x\nSee 'podman run --help'\n"),
            "unknown flag: --x");
  EXPECT_EQ(podman_complaint("a\nno such config\n\n"), "no such config");
}

TEST(Podman, SaysWhereItIsMissing) {
  FakePlace place;
  place.will_refuse(Fault::not_found, "no such program: podman");
  EXPECT_EQ(podman(place, {"ps"}, Stop{}).error().text(),
            "containers need podman, which is missing in fake; take a node that has it, as one of "
            "cupel/debian-12");
}

TEST(Podman, IsNotCutOffHalfWay) {
  FakePlace place;
  place.will_run();
  StopSource source;
  source.request();
  EXPECT_FALSE(podman_unbroken(place, {"run", "-d", "x"}, source.stop()));
}

TEST(Podman, LogsInWithThePasswordOnStandardInputAndAFileOfItsOwn) {
  FakePlace place;
  ASSERT_TRUE(log_in(
      place, {"https://reg.example:5000/v2/", "me", "secret", "/ws@tmp/x/config.json"}, Stop{}));
  EXPECT_EQ(place.commands()[0].argv, (Words{"mkdir", "-p", "-m", "700", "/ws@tmp/x"}));
  EXPECT_EQ(place.commands()[1].argv,
            (Words{"podman", "login", "--authfile", "/ws@tmp/x/config.json", "--username", "me",
                   "--password-stdin", "--", "reg.example:5000"}));
  EXPECT_EQ(place.commands()[1].input, "secret");
}

TEST(TransportWords, AreOfRegistriesWithoutTls) {
  const Words plain = {"--tls-verify=false"};
  EXPECT_EQ(transport_words("reg.example:5000/tool", "http://reg.example:5000"), plain);
  EXPECT_EQ(transport_words("127.0.0.1:5000/tool", ""), plain);
  EXPECT_EQ(transport_words("localhost:5000/tool", "https://localhost:5000"), plain);
  EXPECT_EQ(transport_words("reg.example:5000/tool", "https://reg.example:5000"), Words{});
  EXPECT_EQ(transport_words("docker.io/library/tool", "http://reg.example:5000"), Words{});
  EXPECT_EQ(transport_words("tool", ""), Words{});
}

TEST(ProvideImage, PullsWhatIsMissingOrAlways) {
  FakePlace place;
  place.will_exit(0);
  EXPECT_EQ(provide_image(place, {"tool"}, Stop{}).value(), "tool");
  place.will_exit(1).will_exit(0);
  EXPECT_EQ(provide_image(place, {"tool"}, Stop{}).value(), "docker.io/library/tool");
  ImageOrder order{"r.io/tool", Pull::always};
  order.auth_file = "/ws@tmp/x/config.json";
  order.directory = "/not/made/yet";
  EXPECT_EQ(provide_image(place, order, Stop{}).value(), "r.io/tool");
  EXPECT_EQ(place.commands().back().argv, (Words{"podman", "pull", "--quiet", "r.io/tool"}));
  EXPECT_EQ(place.commands().back().environment.at("REGISTRY_AUTH_FILE"), order.auth_file);
  EXPECT_EQ(place.commands().back().directory, "/");
  EXPECT_FALSE(provide_image(place, {"--privileged"}, Stop{}));
}

TEST(ProvideImage, ReadsAnArchiveOfTheWorkspace) {
  FakePlace place;
  place.will_print("0123abcd\n").will_exit(0);
  ImageOrder order{"oci-archive:image.tar"};
  order.directory = "/ws";
  EXPECT_EQ(provide_image(place, order, Stop{}).value(), "0123abcd");
  EXPECT_EQ(place.commands().back().directory, "/ws");
}

TEST(BuildImage, TellsFileTagAndArguments) {
  FakePlace place;
  std::string said;
  place.will_print("STEP 1\n").will_exit(0);
  ASSERT_TRUE(build_image(
      place, {"t", "ci/Dockerfile", "/ws", {"--build-arg", "A=1"}, "0a0a"},
      [&](Stream, std::string_view bytes) { said += bytes; }, Stop{}));
  auto argv = place.commands()[0].argv;
  argv.erase(argv.begin(), argv.begin() + 3);  // sh -c SCRIPT
  EXPECT_EQ(argv, (Words{"podman", "build", "--tag", "t", "--file", "/ws/ci/Dockerfile", "--label",
                         "cupel.run=0a0a", "--build-arg", "A=1", "--", "/ws"}));
  EXPECT_EQ(said, "STEP 1\n");
}

}  // namespace
}  // namespace cupel::place
