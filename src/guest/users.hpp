// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace cupel::guest {

/// Who a command runs as. Read from the files themselves: a static program has no NSS, and the
/// machine may have lost everything else.
struct User {
  std::string name = "root";
  unsigned uid = 0;
  unsigned gid = 0;
  std::vector<unsigned> groups;  ///< supplementary
  std::string home = "/root";
  std::string shell = "/bin/sh";
  friend bool operator==(const User&, const User&) = default;
};

/// NAME, UID, NAME:GROUP or UID:GID, looked up in the texts of /etc/passwd and /etc/group. A number
/// need not be known there, nor need root.
Result<User> find_user(std::string_view spec, std::string_view passwd, std::string_view group);

/// The same from the files. Empty: the user that we are.
Result<User> look_up_user(std::string_view spec);

}  // namespace cupel::guest
