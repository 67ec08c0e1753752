// SPDX-License-Identifier: Apache-2.0
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "boxes.hpp"
#include "machine/acceleration.hpp"
#include "measure.hpp"
#include "os/signals.hpp"
#include "report.hpp"
#include "tree.hpp"

namespace cupel::benchmark {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> boxes = {"cupel/tiny", "cupel/debian-12"};
  Plan plan;
  unsigned cpus = 2;
  std::string memory = "1G";
  std::string cpu;  ///< QEMU's model; the one of cupel run if empty
  std::string peer;
  bool install = false;
  fs::path json_file;
  fs::path scratch = "/var/tmp";
};

void say(std::string_view line) { fmt::print(stderr, "machine_start: {}\n", line); }

void print(std::string_view text) {
  fmt::print("{}", text);
  std::fflush(stdout);
}

std::string to_text(const machine::MachineShape& shape) {
  return fmt::format("{} cpus, {}, {}, {}", shape.cpus, cupel::to_text(shape.memory),
                     name(shape.accelerator), shape.cpu);
}

int parse(int argc, char** argv, Options& options) {
  CLI::App app(
      "Measures how machines start, answer and end. benchmarks/README.md explains the rows.");
  app.add_option("--box", options.boxes, "NAME, or NAME=DIRECTORY with its files; more than once");
  app.add_option("--rounds", options.plan.rounds, "clones of each kind")
      ->check(CLI::Range(1, 1000));
  app.add_option("--crowd", options.plan.crowd, "clones that live at once, as 100")
      ->check(CLI::Range(1, 1000));
  app.add_option("--boots", options.plan.boots, "cold boots")->check(CLI::Range(1, 100));
  app.add_option("--cpus", options.cpus, "of a machine");
  app.add_option("--memory", options.memory, "of a machine");
  app.add_option("--cpu", options.cpu, "QEMU's processor model");
  app.add_option("--vs", options.peer, "does the same with a peer too")
      ->check(CLI::IsMember({"vagrant"}));
  app.add_flag("--install", options.install, "lets the peer install its Debian packages");
  app.add_option("--json", options.json_file, "writes all samples to this file");
  app.add_option("--scratch", options.scratch, "where a scratch directory is made")
      ->check(CLI::ExistingDirectory);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return -1;
}

Result<machine::Recipe> recipe_of(const std::string& box, const Options& options,
                                  const machine::Paths& paths, const Stop& stop) {
  machine::Recipe recipe;
  recipe.box = TRY(open_box(parse_choice(box), say, stop));
  recipe.shape.cpus = options.cpus;
  recipe.shape.memory = TRY(parse_bytes(options.memory), "--memory");
  const auto verdict = TRY(machine::decide_acceleration(paths, recipe, say, stop));
  say(fmt::format("{}: {} ({})", recipe.box.name, name(verdict.accelerator), verdict.reason));
  recipe.shape =
      machine::accelerated(recipe.shape, verdict.accelerator, TRY(machine::host_facts()));
  if (!options.cpu.empty()) recipe.shape.cpu = options.cpu;
  return recipe;
}

/// All of one box; the tables are printed as soon as they are known.
Result<BoxResult> measure_box(const std::string& box, const Options& options, const fs::path& home,
                              const Stop& stop) {
  const machine::Paths paths{home / "boxes", home / "snapshots", home / "machines",
                             home / "downloads", home / "acceleration.json"};
  for (const auto& each : {paths.snapshots, paths.machines}) TRY(os::make_directories(each, 0700));
  const auto recipe = TRY(recipe_of(box, options, paths, stop));
  BoxResult result{recipe.box.name, to_text(recipe.shape), {}, {}};
  Measurement measurement(recipe, paths, options.plan, [&](std::string_view line) {
    say(fmt::format("{}: {}", recipe.box.name, line));
  });
  result.rows = TRY(measurement.run(stop), "{}", recipe.box.name);
  print(to_table(result));
  // The peer needs a root file system on a disk; a box without one has no counterpart there.
  if (options.peer.empty() || !recipe.box.disk) return result;
  const auto install = options.install ? Install::missing : Install::never;
  result.peer = TRY(run_vagrant(recipe, options.plan.tree, home, install, stop));
  print(to_ratios(result.rows, *result.peer));
  return result;
}

Result<> run(Options options, const Stop& stop) {
  const auto host = TRY(look_at_host());
  print(to_text(host) + "\n");
  const auto home = TRY(os::TempDir::make_in(fs::absolute(options.scratch), "machine-start"));
  options.plan.tree = home.path() / "tree";
  TRY(make_tree(options.plan.tree));
  std::vector<BoxResult> results;
  for (const auto& box : options.boxes)
    results.push_back(TRY(measure_box(box, options, home.path(), stop)));
  print(fmt::format("\nload at the end {:.1f}\n", load_average()));
  if (options.json_file.empty()) return {};
  return os::write_file(options.json_file, json::write(to_json(host, results)) + "\n");
}

}  // namespace
}  // namespace cupel::benchmark

int main(int argc, char** argv) {
  using namespace cupel;
  benchmark::Options options;
  if (const int status = benchmark::parse(argc, argv, options); status >= 0) return status;
  StopSource source;
  const os::SignalWatch watch({SIGINT, SIGTERM, SIGHUP}, [&](int) { source.request(); });
  const auto done = benchmark::run(std::move(options), source.stop());
  if (done) return 0;
  benchmark::say(done.error().text());
  return 1;
}
