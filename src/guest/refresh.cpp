// SPDX-License-Identifier: Apache-2.0
#include "guest/refresh.hpp"

#include <fcntl.h>
#include <linux/random.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "base/text.hpp"
#include "guest/small_file.hpp"
#include "os/fd.hpp"

namespace cupel::guest {
namespace {

Result<> add_entropy(const std::string& entropy) {
  if (entropy.empty()) return {};
  const auto device = TRY(os::open_file("/dev/urandom", O_RDONLY));
  // The kernel's rand_pool_info: how many bits, how many bytes, the bytes.
  std::vector<int> pool(2 + (entropy.size() + sizeof(int) - 1) / sizeof(int));
  pool[0] = static_cast<int>(entropy.size() * 8);
  pool[1] = static_cast<int>(entropy.size());
  std::memcpy(&pool[2], entropy.data(), entropy.size());
  if (::ioctl(device.get(), RNDADDENTROPY, pool.data()) != 0)
    return fail_errno(errno, "credit entropy");
  if (::ioctl(device.get(), RNDRESEEDCRNG) != 0) return fail_errno(errno, "reseed");
  return {};
}

Result<> set_clock(std::int64_t time_ns) {
  if (time_ns == 0) return {};
  constexpr std::int64_t second = 1'000'000'000;
  timespec time{};
  time.tv_sec = time_ns / second;
  time.tv_nsec = time_ns % second;
  if (::clock_settime(CLOCK_REALTIME, &time) != 0) return fail_errno(errno, "set the clock");
  return {};
}

Result<> set_machine_id(const std::string& id) {
  if (id.empty()) return {};
  TRY(write_small_file("/etc/machine-id", id + "\n", Missing::is_left));
  TRY(write_small_file("/run/machine-id", id + "\n", Missing::is_left));
  constexpr auto dbus = "/var/lib/dbus/machine-id";
  struct stat found {};
  if (::lstat(dbus, &found) == 0 && S_ISREG(found.st_mode))
    TRY(write_small_file(dbus, id + "\n", Missing::is_left));
  return {};
}

Result<> set_host_name(const std::string& name) {
  if (name.empty()) return {};
  std::array<char, 256> old{};
  ::gethostname(old.data(), old.size() - 1);
  if (::sethostname(name.data(), name.size()) != 0) return fail_errno(errno, "set the host name");
  TRY(write_small_file("/etc/hostname", name + "\n", Missing::is_left));
  const auto hosts = read_small_file("/etc/hosts");
  if (!hosts) return {};
  const auto changed = rename_in_hosts(*hosts, old.data(), name);
  if (changed != *hosts) TRY(write_small_file("/etc/hosts", changed, Missing::is_left));
  return {};
}

/// "old" and "old.domain" are the machine; "older" is not.
std::string renamed(std::string_view word, std::string_view old_name, std::string_view new_name) {
  const bool is_own = !old_name.empty() && word.substr(0, old_name.size()) == old_name &&
                      (word.size() == old_name.size() || word[old_name.size()] == '.');
  if (!is_own) return std::string(word);
  return std::string(new_name) + std::string(word.substr(old_name.size()));
}

std::string rename_in_line(std::string_view line, std::string_view old_name,
                           std::string_view new_name) {
  constexpr std::string_view blank = " \t";
  std::string result;
  while (!line.empty()) {
    const auto gap = std::min(line.find_first_not_of(blank), line.size());
    result += line.substr(0, gap);
    line.remove_prefix(gap);
    const auto word = line.substr(0, line.find_first_of(blank));
    result += renamed(word, old_name, new_name);
    line.remove_prefix(word.size());
  }
  return result;
}

}  // namespace

std::string rename_in_hosts(std::string_view hosts, std::string_view old_name,
                            std::string_view new_name) {
  std::string result;
  while (!hosts.empty()) {
    const auto line = hosts.substr(0, hosts.find('\n'));
    const bool own =
        line.substr(0, 9) == "127.0.1.1" && line.size() > 9 && (line[9] == ' ' || line[9] == '\t');
    result += own ? rename_in_line(line, old_name, new_name) : std::string(line);
    hosts.remove_prefix(line.size());
    if (!hosts.empty()) {
      result += '\n';
      hosts.remove_prefix(1);
    }
  }
  return result;
}

std::string refresh(const wire::Refresh& wanted) {
  std::vector<std::string> problems;
  for (const auto& done : {add_entropy(wanted.entropy), set_clock(wanted.time_ns),
                           set_machine_id(wanted.machine_id), set_host_name(wanted.host_name)})
    if (!done) problems.push_back(done.error().text());
  return join(problems, "; ");
}

}  // namespace cupel::guest
