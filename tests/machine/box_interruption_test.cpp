// SPDX-License-Identifier: Apache-2.0
// A builder that is killed leaves no process and no mount, and the next one goes on.
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>

#include <cstdlib>
#include <random>

#include "os/files.hpp"
#include "os/process.hpp"
#include "os/wait.hpp"

namespace cupel {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

std::string setting(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// Processes other than ourselves that speak of `word` in their command lines.
std::vector<std::string> processes_of(const std::string& word) {
  std::vector<std::string> result;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const auto text = os::read_file(entry.path() / "cmdline");
    if (text && text->find(word) != std::string::npos) result.push_back(entry.path().filename());
  }
  return result;
}

class BoxInterruption : public testing::Test {
 protected:
  void SetUp() override {
    if (setting("CUPEL_BOX_FIXTURE").empty()) GTEST_SKIP() << "needs CUPEL_BOX_FIXTURE";
    home_ = os::TempDir::make("box-interruption").value();
    // Downloads are not what is tried here: begin with those of the fixture.
    const fs::path shared = fs::path(setting("CUPEL_TEST_HOME")) / "cache/downloads/apt";
    std::error_code error;
    fs::create_directories(home() / "cache/downloads", error);
    fs::copy(shared, home() / "cache/downloads/apt", fs::copy_options::recursive, error);
  }
  const fs::path& home() const { return home_->path(); }

  os::Process start(os::Fd out) const {
    os::Spawn spawn;
    spawn.argv = {setting("CUPEL_BOX_FIXTURE"), home().string(), "cupel/tiny"};
    spawn.out = std::move(out);
    return std::move(*os::Process::spawn(std::move(spawn)));
  }

  /// Kills the builder, and it alone, once it has printed `bytes` bytes.
  void kill_after(std::size_t bytes) const {
    auto pipe = os::make_pipe().value();
    auto builder = start(std::move(pipe.write));
    for (std::size_t seen = 0; seen < bytes;) {
      const auto got = os::read_some(pipe.read, bytes - seen, stop());
      ASSERT_TRUE(got) << got.error().text();
      if (got->empty()) break;
      seen += got->size();
    }
    ::kill(builder.pid(), SIGKILL);
    ASSERT_TRUE(builder.wait(stop()));
  }
  /// All that the builder started has ended before long.
  bool nothing_survives() const {
    for (int i = 0; i < 100; ++i) {
      if (processes_of(home().string()).empty()) return true;
      static_cast<void>(os::sleep(100ms, Stop{}));
    }
    return false;
  }
  static Stop stop() { return Stop{}.within(400s); }

  std::optional<os::TempDir> home_;
};

TEST_F(BoxInterruption, LeavesNothingAndGoesOn) {
  std::random_device device;
  const auto seed = device();
  RecordProperty("seed", std::to_string(seed));
  std::mt19937 random(seed);
  const auto mounts = os::read_file("/proc/self/mountinfo").value();
  for (int round = 0; round < 6; ++round) {
    const auto bytes = std::uniform_int_distribution<std::size_t>(10, 400)(random);
    kill_after(bytes);
    ASSERT_TRUE(nothing_survives()) << "seed " << seed << ", killed after " << bytes << " bytes";
    EXPECT_EQ(os::read_file("/proc/self/mountinfo").value(), mounts) << "seed " << seed;
  }

  auto builder = start({});
  const auto exit = builder.wait(stop());

  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 0) << "seed " << seed;
  EXPECT_TRUE(fs::exists(home() / "current/tiny/vmlinux"));
}

}  // namespace
}  // namespace cupel
