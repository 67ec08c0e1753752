// SPDX-License-Identifier: Apache-2.0
#include "guest/users.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "base/text.hpp"
#include "guest/small_file.hpp"

namespace cupel::guest {
namespace {

std::optional<unsigned> number(std::string_view text) {
  const auto value = parse_integer(text);
  if (!value || *value < 0 || *value > 0xfffffffeLL) return std::nullopt;
  return static_cast<unsigned>(*value);
}

/// The fields of the first line for which `wanted` holds.
template <typename Wanted>
std::optional<std::vector<std::string>> find_line(std::string_view table, std::size_t fields,
                                                  Wanted wanted) {
  while (!table.empty()) {
    const auto end = std::min(table.find('\n'), table.size());
    auto parts = split(table.substr(0, end), ':');
    table.remove_prefix(std::min(end + 1, table.size()));
    if (parts.size() >= fields && wanted(parts)) return parts;
  }
  return std::nullopt;
}

std::vector<unsigned> groups_of(std::string_view user, unsigned own, std::string_view table) {
  std::vector<unsigned> groups{own};
  find_line(table, 4, [&](const auto& line) {
    const auto members = split(line[3], ',');
    const auto gid = number(line[2]);
    if (gid && *gid != own && std::find(members.begin(), members.end(), user) != members.end())
      groups.push_back(*gid);
    return false;
  });
  return groups;
}

Result<unsigned> find_group(std::string_view spec, std::string_view table) {
  if (const auto gid = number(spec)) return *gid;
  const auto line = find_line(table, 3, [&](const auto& parts) { return parts[0] == spec; });
  const auto gid = line ? number((*line)[2]) : std::nullopt;
  if (!gid) return fail(Fault::not_found, "there is no group {} in this machine", spec);
  return *gid;
}

}  // namespace

Result<User> find_user(std::string_view spec, std::string_view passwd, std::string_view group) {
  const auto colon = spec.find(':');
  const auto who = spec.substr(0, colon);
  const auto uid = number(who);
  const auto line = find_line(passwd, 7, [&](const auto& parts) {
    return uid ? number(parts[2]) == uid : parts[0] == who;
  });

  User user;
  if (line) {
    const auto own_uid = number((*line)[2]);
    const auto own_gid = number((*line)[3]);
    if (!own_uid || !own_gid) return fail(Fault::invalid, "the entry of user {} is damaged", who);
    user.name = (*line)[0];
    user.uid = *own_uid;
    user.gid = *own_gid;
    user.home = (*line)[5].empty() ? "/" : (*line)[5];
    user.shell = (*line)[6].empty() ? "/bin/sh" : (*line)[6];
  } else if (uid && *uid != 0) {
    user = User{std::string(who), *uid, *uid, {}, "/", "/bin/sh"};
  } else if (!uid && who != "root") {
    return fail(Fault::not_found, "there is no user {} in this machine", who);
  }
  user.groups = groups_of(user.name, user.gid, group);
  if (colon != std::string_view::npos) {
    user.gid = TRY(find_group(spec.substr(colon + 1), group));
    user.groups = {user.gid};
  }
  return user;
}

Result<User> look_up_user(std::string_view spec) {
  const auto self = std::to_string(::geteuid());
  const auto passwd = read_small_file("/etc/passwd").value_or("");
  const auto group = read_small_file("/etc/group").value_or("");
  return find_user(spec.empty() ? self : spec, passwd, group);
}

}  // namespace cupel::guest
