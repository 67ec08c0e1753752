// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/stop.hpp"
#include "machine/box_recipe.hpp"

namespace cupel::machine {

/// Each program that the scripts need is there; unavailable names the Debian package.
Result<> check_programs(const BoxKind& kind);

/// `directory` has room for `needed`; unavailable says how much there is.
Result<> check_space(const std::filesystem::path& directory, Bytes needed);

/// True if a file like /etc/subuid gives the user (by name or number) 65536 ids or more. Pure.
bool grants_ids(std::string_view text, std::string_view user, unsigned number);

/// What to put before a command so that all its processes and mounts end with it, and it with us
/// (with the calling thread, to be exact, which must stay): a process and a mount namespace of its
/// own, and for a plain user a user namespace in which it is root. A box whose files have one owner
/// is built without namespaces where the kernel refuses them.
Result<std::vector<std::string>> find_cage(const BoxKind& kind, const Stop& stop);

}  // namespace cupel::machine
