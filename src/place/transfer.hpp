// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "os/archive.hpp"
#include "place/place.hpp"

namespace cupel::place {

/// The bytes of a file on our side, piece by piece. The file must outlive the source's use.
Result<os::ByteSource> read_in_pieces(const os::fs::path& path, const Stop& stop);

/// Sends what lies below a directory of ours below one of the place, however large it is.
Result<> push_directory(Place& place, const std::string& directory, const os::fs::path& root,
                        const Stop& stop);

/// Sends one file of ours, with its mode, as `path` of the place, which is absolute.
Result<> push_file(Place& place, const std::string& path, const os::fs::path& file,
                   const Stop& stop);

}  // namespace cupel::place
