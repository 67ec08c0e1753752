// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <vector>

#include "cli/text_output.hpp"
#include "cupel/qemu_machines.hpp"
#include "cupel/run_command.hpp"
#include "fleet/settings.hpp"
#include "machine/box_store.hpp"
#include "os/process.hpp"

namespace cupel {
namespace {

namespace fs = os::fs;

/// One thing that was looked at.
struct Finding {
  enum class Grade { good, worse, missing } grade = Grade::good;  ///< worse: works, but not well
  std::string what;
  std::string mend;  ///< the command that mends it, or nothing
};

Finding program(const std::string& name, const std::string& purpose, const std::string& package) {
  if (const auto path = os::find_program(name))
    return {Finding::Grade::good, fmt::format("{}: {}", name, *path), ""};
  return {Finding::Grade::missing, fmt::format("{} is missing: {}", name, purpose),
          "apt install " + package};
}

Finding acceleration(const Surroundings& surroundings) {
  const auto verdict = known_acceleration(surroundings.home.machines(), tell, surroundings.stop);
  if (!verdict)
    return {Finding::Grade::worse,
            fmt::format("machines are emulated (TCG): whether KVM works could not be tried: {}",
                        verdict.error().text()),
            ""};
  if (!*verdict)
    return {Finding::Grade::worse, "whether KVM works is tried once a box is there",
            "cupel box build cupel/tiny"};
  if ((*verdict)->accelerator == machine::Accelerator::kvm)
    return {Finding::Grade::good, fmt::format("KVM is used: {}", (*verdict)->reason), ""};
  return {Finding::Grade::worse,
          fmt::format("machines are emulated (TCG), which is several times slower: {}",
                      (*verdict)->reason),
          (*verdict)->mend};
}

std::vector<Finding> boxes(const Surroundings& surroundings) {
  std::vector<Finding> findings;
  const machine::BoxStore store(surroundings.home.machines());
  for (const auto name : {fleet::default_box, fleet::tiny_box}) {
    const auto box = store.find(std::string(name), surroundings.stop);
    if (box && *box)
      findings.push_back({Finding::Grade::good, fmt::format("box {} is built", name), ""});
    else
      findings.push_back({Finding::Grade::worse,
                          fmt::format("box {} is not built yet: its first run takes minutes", name),
                          fmt::format("cupel box build {}", name)});
  }
  return findings;
}

fs::path nearest_existing(fs::path path) {
  std::error_code ignored;
  while (!path.empty() && path != path.root_path() && !fs::exists(path, ignored))
    path = path.parent_path();
  return path;
}

Finding space(const fs::path& directory, Bytes enough) {
  const auto free = os::free_space(nearest_existing(directory));
  if (!free) return {Finding::Grade::missing, free.error().text(), ""};
  auto text = fmt::format("{} free for {}", to_text(*free), directory.string());
  if (*free >= enough) return {Finding::Grade::good, std::move(text), ""};
  return {Finding::Grade::missing, fmt::format("{}: at least {} are needed", text, to_text(enough)),
          "cupel box rm NAME, or set CUPEL_HOME to a larger disk"};
}

Finding rights(const fs::path& directory) {
  const auto existing = nearest_existing(directory);
  if (::access(existing.c_str(), W_OK | X_OK) == 0)
    return {Finding::Grade::good, fmt::format("{} is writable", directory.string()), ""};
  return {Finding::Grade::missing, fmt::format("{} is not writable", existing.string()),
          fmt::format("chown $USER {}", existing.string())};
}

std::string line_of(const Finding& finding) {
  const auto* sign = finding.grade == Finding::Grade::good    ? "ok      "
                     : finding.grade == Finding::Grade::worse ? "slower  "
                                                              : "MISSING ";
  return sign + printable(finding.what) + "\n" +
         (finding.mend.empty() ? "" : "        mend it: " + finding.mend + "\n");
}

}  // namespace

int doctor(const Surroundings& surroundings) {
  const auto& home = surroundings.home;
  std::vector<Finding> findings = {
      program("qemu-system-x86_64", "it runs the machines", "qemu-system-x86"),
      program("qemu-img", "it makes the machines' disks", "qemu-utils"),
      program("mmdebstrap", "it builds the boxes", "mmdebstrap"),
      program("mke2fs", "it makes the boxes' file systems", "e2fsprogs"),
      program("git", "it says which files of a project run", "git"),
      acceleration(surroundings),
      rights(home.cache),
      rights(home.state),
      space(home.cache, gib(4)),
      space(home.state, gib(1)),
  };
  for (auto& box : boxes(surroundings)) findings.push_back(std::move(box));
  std::string text;
  bool well = true;
  for (const auto& finding : findings) {
    text += line_of(finding);
    well = well && finding.grade != Finding::Grade::missing;
  }
  text += well ? "cupel can run pipelines in machines here\n"
               : "cupel cannot run pipelines in machines here yet\n";
  cli::TextOutput(STDOUT_FILENO, surroundings.stop).write(text);
  return well ? exit_success : exit_failure;
}

}  // namespace cupel
