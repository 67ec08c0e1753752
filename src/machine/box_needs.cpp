// SPDX-License-Identifier: Apache-2.0
#include "machine/box_needs.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>

#include "os/files.hpp"
#include "os/process.hpp"

namespace cupel::machine {

namespace {

using namespace std::chrono_literals;

struct Need {
  const char* program;
  const char* package;
  std::optional<BoxKind::Owners> only;  ///< by such boxes
};

constexpr std::array<Need, 16> needs{{{"apt-get", "apt", {}},
                                      {"apt-cache", "apt", {}},
                                      {"dpkg-deb", "dpkg", {}},
                                      {"flock", "util-linux", {}},
                                      {"setpriv", "util-linux", {}},
                                      {"unshare", "util-linux", {}},
                                      {"xz", "xz-utils", {}},
                                      {"od", "coreutils", {}},
                                      {"sha256sum", "coreutils", {}},
                                      {"cmp", "diffutils", {}},
                                      {"find", "findutils", {}},
                                      {"sed", "sed", {}},
                                      {"tar", "tar", BoxKind::Owners::many},
                                      {"mmdebstrap", "mmdebstrap", BoxKind::Owners::many},
                                      {"mke2fs", "e2fsprogs", BoxKind::Owners::many},
                                      {"chroot", "coreutils", BoxKind::Owners::many}}};

/// Debian keeps these from the PATH of plain users; the scripts add them.
bool is_installed(const std::string& program) {
  if (os::find_program(program)) return true;
  return ::access(("/usr/sbin/" + program).c_str(), X_OK) == 0 ||
         ::access(("/sbin/" + program).c_str(), X_OK) == 0;
}

std::string user_name() {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found);
  return found != nullptr ? found->pw_name : std::to_string(::geteuid());
}

Result<> check_ids() {
  if (!is_installed("newuidmap"))
    return fail(Fault::unavailable,
                "no program newuidmap, which a build by a plain user needs: apt install uidmap");
  const auto user = user_name();
  for (const auto* path : {"/etc/subuid", "/etc/subgid"}) {
    const auto text = os::read_file(path);
    if (text && grants_ids(*text, user, ::geteuid())) continue;
    return fail(Fault::unavailable,
                "{} gives {} no 65536 subordinate ids, which a build by a plain user needs: "
                "usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {} (as root)",
                path, user, user);
  }
  return {};
}

std::vector<std::string> namespaces(const BoxKind& kind) {
  std::vector<std::string> argv{"unshare", "--mount",      "--pid",
                                "--fork",  "--kill-child", "--mount-proc"};
  if (::geteuid() == 0) return argv;
  argv.insert(argv.begin() + 1, {"--user", "--map-root-user"});
  if (kind.owners == BoxKind::Owners::many) argv.insert(argv.begin() + 3, "--map-auto");
  return argv;
}

/// Dies when we die. We may have died before it asked for that, so it looks whether we are there.
std::vector<std::string> leash() {
  return {"setpriv",
          "--pdeathsig",
          "KILL",
          "sh",
          "-c",
          R"([ "$PPID" = "$0" ] || exit 1; exec "$@")",
          std::to_string(::getpid())};
}

}  // namespace

Result<> check_programs(const BoxKind& kind) {
  for (const auto& need : needs) {
    if (need.only && *need.only != kind.owners) continue;
    if (!is_installed(need.program))
      return fail(Fault::unavailable, "no program {}, which the build of {} needs: apt install {}",
                  need.program, kind.name, need.package);
  }
  return {};
}

Result<> check_space(const std::filesystem::path& directory, Bytes needed) {
  const auto free = TRY(os::free_space(directory));
  if (free >= needed) return {};
  return fail(Fault::unavailable, "not enough space in {}: {} needed, {} free", directory.string(),
              to_text(needed), to_text(free));
}

bool grants_ids(std::string_view text, std::string_view user, unsigned number) {
  const auto number_text = std::to_string(number);
  for (const auto& line : split(text, '\n')) {
    const auto fields = split(trim(line), ':');
    if (fields.size() != 3 || (fields[0] != user && fields[0] != number_text)) continue;
    if (parse_integer(fields[2]).value_or(0) >= 65536) return true;
  }
  return false;
}

Result<std::vector<std::string>> find_cage(const BoxKind& kind, const Stop& stop) {
  if (kind.owners == BoxKind::Owners::many && ::geteuid() != 0) TRY(check_ids());
  auto cage = leash();
  const auto spaces = namespaces(kind);
  os::Spawn probe;
  probe.argv = spaces;
  probe.argv.emplace_back("true");
  const auto tried = TRY(os::capture(std::move(probe), "", stop.within(30s)));
  if (tried.exit.status == 0) {
    cage.insert(cage.end(), spaces.begin(), spaces.end());
    return cage;
  }
  if (kind.owners == BoxKind::Owners::one) return cage;
  return fail(Fault::unavailable,
              "the kernel refuses the namespaces that the build of {} needs: {}", kind.name,
              printable(trim(tried.err)));
}

}  // namespace cupel::machine
