// SPDX-License-Identifier: Apache-2.0
#include "host.hpp"

#include <sys/sysinfo.h>
#include <sys/utsname.h>

#include <cstdlib>

#include "machine/shape.hpp"
#include "os/files.hpp"
#include "os/process.hpp"

namespace cupel::benchmark {

namespace {

using namespace std::chrono_literals;

Result<std::string> processor() {
  for (const auto& line : split(TRY(os::read_file("/proc/cpuinfo")), '\n'))
    if (line.starts_with("model name"))
      return std::string(trim(std::string_view(line).substr(line.find(':') + 1)));
  return std::string("unknown");
}

/// "QEMU emulator version 7.2.22 (Debian ...)": the number alone.
Result<std::string> qemu_version() {
  os::Spawn spawn;
  spawn.argv = {std::string(machine::qemu_program), "--version"};
  const auto said = TRY(os::capture(std::move(spawn), {}, Stop{}.within(30s)));
  const auto words = split(said.out.substr(0, said.out.find('\n')), ' ');
  constexpr std::size_t place = 3;
  return words.size() > place ? words[place] : std::string("unknown");
}

}  // namespace

double load_average() {
  double load = 0;
  return ::getloadavg(&load, 1) == 1 ? load : 0;
}

Result<Host> look_at_host() {
  struct sysinfo info {};
  struct utsname name {};
  if (::sysinfo(&info) != 0 || ::uname(&name) != 0)
    return fail(Fault::internal, "the kernel does not describe itself");
  return Host{TRY(processor()),
              static_cast<unsigned>(::get_nprocs()),
              Bytes{info.totalram * info.mem_unit},
              name.release,
              TRY(qemu_version()),
              load_average()};
}

std::string to_text(const Host& host) {
  return fmt::format("{} x {}, {}, Linux {}, QEMU {}, load {:.1f}", host.cpus, host.processor,
                     to_text(host.memory), host.kernel, host.qemu, host.load);
}

}  // namespace cupel::benchmark
