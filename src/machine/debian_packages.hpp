// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "place/provision.hpp"

namespace cupel::machine {

/// Fetches with this host's APT, into the cache of the boxes' downloads. The files stay there until
/// APT finds them superseded. Errors: invalid: there is no such package; unavailable: no APT, or
/// the mirror cannot be reached.
place::FetchPackages fetch_debian_packages(std::filesystem::path downloads);

}  // namespace cupel::machine
