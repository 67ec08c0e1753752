// SPDX-License-Identifier: Apache-2.0
#include "machine/acceleration.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include <cerrno>
#include <vector>

#include "base/json.hpp"
#include "os/files.hpp"

namespace cupel::machine {

using namespace std::chrono_literals;

namespace {

constexpr const char* device = "/dev/kvm";
constexpr auto longest_trial = 60s;

std::string owning_group() {
  constexpr std::size_t enough = 4096;
  struct stat status {};
  group entry{};
  group* found = nullptr;
  std::vector<char> buffer(enough);
  if (::stat(device, &status) != 0 ||
      ::getgrgid_r(status.st_gid, &entry, buffer.data(), buffer.size(), &found) != 0 || !found)
    return "kvm";
  return entry.gr_name;
}

/// What can be said without a trial; nothing if the device can be opened.
std::optional<Acceleration> judge_device() {
  if (os::open_file(device, O_RDWR)) return std::nullopt;
  if (errno == EACCES || errno == EPERM) {
    const auto group = owning_group();
    return Acceleration{
        Accelerator::tcg,
        fmt::format("no right to use {}: you are not in the group {}", device, group),
        fmt::format("sudo usermod -aG {} $USER, then log in again", group)};
  }
  if (errno == ENOENT)
    return Acceleration{Accelerator::tcg, fmt::format("there is no {}", device),
                        "sudo modprobe kvm_intel || sudo modprobe kvm_amd (virtualisation must be "
                        "switched on in the firmware)"};
  return Acceleration{Accelerator::tcg, fmt::format("{}: {}", device, errno_text(errno)), ""};
}

Acceleration try_kvm(const Paths& paths, const Recipe& trial, const Stop& stop) {
  const auto begin = std::chrono::steady_clock::now();
  const auto machine =
      Machine::boot(trial, {paths.machines, "", "trial"}, stop.within(longest_trial));
  const auto took = std::chrono::steady_clock::now() - begin;
  if (machine)
    return {Accelerator::kvm, fmt::format("a machine booted with KVM in {}", to_text(took)), ""};
  const auto& error = machine.error();
  const auto why = error.fault() == Fault::timeout
                       ? fmt::format("a machine did not come up within {}", to_text(longest_trial))
                       : error.text();
  return {Accelerator::tcg, fmt::format("{} exists, but KVM does not work: {}", device, why),
          "use a host whose KVM runs a stock kernel (not one nested by paravirtualisation)"};
}

}  // namespace

Result<HostFacts> host_facts() {
  HostFacts facts;
  utsname name{};
  if (::uname(&name) != 0) return fail_errno(errno, "ask for the kernel's name");
  facts.kernel = name.release;
  const auto cpus = TRY(os::read_file("/proc/cpuinfo"));
  for (const auto& line : split(cpus, '\n')) {
    if (!line.starts_with("model name")) continue;
    facts.cpu = trim(std::string_view(line).substr(line.find(':') + 1));
    break;
  }
  facts.qemu = TRY(qemu_identity());
  facts.boot = trim(TRY(os::read_file("/proc/sys/kernel/random/boot_id")));
  return facts;
}

MachineShape accelerated(MachineShape shape, Accelerator accelerator, const HostFacts& host) {
  shape.accelerator = accelerator;
  if (accelerator == Accelerator::kvm) {
    shape.cpu = "host";
    shape.host_cpu = host.cpu;
  }
  return shape;
}

std::string write_verdict(const Acceleration& verdict, const HostFacts& host) {
  return json::write(json::Object{{"kernel", host.kernel},
                                  {"cpu", host.cpu},
                                  {"qemu", host.qemu},
                                  {"boot", host.boot},
                                  {"kvm", verdict.accelerator == Accelerator::kvm},
                                  {"reason", verdict.reason},
                                  {"mend", verdict.mend}}) +
         "\n";
}

std::optional<Acceleration> parse_verdict(std::string_view text, const HostFacts& host) {
  const auto document = json::parse(text);
  if (!document) return std::nullopt;
  const auto is = [&](std::string_view key, const std::string& value) {
    const auto found = document->text(key);
    return found && *found == value;
  };
  const auto kvm = document->flag("kvm");
  const auto reason = document->text("reason");
  const auto mend = document->text("mend");
  if (!kvm || !reason || !mend || !is("kernel", host.kernel) || !is("cpu", host.cpu) ||
      !is("qemu", host.qemu) || !is("boot", host.boot))
    return std::nullopt;
  return Acceleration{*kvm ? Accelerator::kvm : Accelerator::tcg, *reason, *mend};
}

Result<Acceleration> decide_acceleration(const Paths& paths, Recipe trial, const Progress& progress,
                                         const Stop& stop) {
  if (auto verdict = judge_device()) return *verdict;
  const auto host = TRY(host_facts());
  if (const auto text = os::read_file(paths.acceleration))
    if (auto verdict = parse_verdict(*text, host)) return *verdict;
  trial.shape = accelerated(trial.shape, Accelerator::kvm, host);
  progress(fmt::format("Finding out whether KVM works here (once; {} at the most)",
                       to_text(longest_trial)));
  const auto verdict = try_kvm(paths, trial, stop);
  // Being stopped is no verdict.
  TRY(stop.check());
  TRY(os::make_directories(paths.acceleration.parent_path()));
  TRY(os::write_file(paths.acceleration, write_verdict(verdict, host)));
  return verdict;
}

}  // namespace cupel::machine
