// SPDX-License-Identifier: Apache-2.0
#include "container/podman_here.hpp"

#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cstdlib>

#include "base/text.hpp"
#include "os/files.hpp"

namespace cupel {
namespace {

constexpr const char* settings = R"(
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
cgroups = "disabled"
netns = "host"
)";

int shell(const std::string& script) { return std::system(script.c_str()); }

bool runs_containers() {
  return shell(std::string("podman run --rm ") + test_image + " true >/dev/null 2>&1") == 0;
}

/// The settings' file stays until the next test rewrites it: podman reads it at any time.
void make_do() {
  if (::unshare(CLONE_NEWNS) != 0) return;
  static_cast<void>(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr));
  if (::umount2("/sys/fs/cgroup", MNT_DETACH) == 0)
    static_cast<void>(::mount("none", "/sys/fs/cgroup", "cgroup2", 0, nullptr));
  const auto file = os::fs::temp_directory_path() / "cupel-test-containers.conf";
  if (os::write_file(file, settings)) ::setenv("CONTAINERS_CONF", file.c_str(), 1);
}

}  // namespace

std::optional<std::string> prepare_podman() {
  if (shell("command -v podman >/dev/null") != 0) return "podman is not installed";
  const auto make = std::string(CUPEL_MAKE_IMAGE) + " " + test_image + " >/dev/null 2>&1";
  if (shell(std::string("podman image exists ") + test_image) != 0 && shell(make) != 0)
    return "podman cannot import an image";
  if (runs_containers()) return std::nullopt;
  make_do();
  if (runs_containers()) return std::nullopt;
  return "podman cannot run a container";
}

}  // namespace cupel
