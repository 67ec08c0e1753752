// SPDX-License-Identifier: Apache-2.0
// box_fixture HOME NAME [fresh]: builds a box into HOME, which is laid out as a CUPEL_HOME, unless
// it is there, and points HOME/current/FOLDER to it. CUPEL_SOURCES names another sources.list.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "machine/box_store.hpp"

using namespace cupel;

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::filesystem::path home(argv[1]);
  const std::string name(argv[2]);
  machine::BoxOptions options;
  if (const char* sources = std::getenv("CUPEL_SOURCES")) options.sources = sources;
  const auto cache = home / "cache";
  machine::BoxStore store({cache / "boxes", cache / "snapshots", home / "state" / "machines",
                           cache / "downloads", cache / "acceleration.json"},
                          machine::debian_recipe(), options);
  const auto report = [](const machine::BoxProgress& now) {
    fmt::print("{}/{} {} {:.0f}% {}\n", now.step, now.of, now.text, now.percent.value_or(0),
               to_text(now.elapsed));
    std::fflush(stdout);
  };
  const auto box =
      argc > 3 ? store.rebuild(name, report, Stop{}) : store.ensure(name, report, Stop{});
  if (!box) {
    fmt::print(stderr, "{}\n", box.error().text());
    return 1;
  }
  const auto link = home / "current" / name.substr(name.find('/') + 1);
  std::error_code error;
  std::filesystem::create_directories(link.parent_path(), error);
  std::filesystem::remove(link, error);
  std::filesystem::create_directory_symlink(std::filesystem::absolute(box->kernel.parent_path()),
                                            link, error);
  fmt::print("{} {}\n", box->kernel.parent_path().string(), box->digest.brief());
  return error ? 1 : 0;
}
