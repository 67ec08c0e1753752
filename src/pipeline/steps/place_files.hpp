// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "os/archive.hpp"
#include "pipeline/interpreter/node_files.hpp"
#include "place/place.hpp"

namespace cupel::pipeline::steps {

Result<> make_directory(place::Place& place, const std::string& directory, const Stop& stop);

/// Packs what is selected into the file `to` on our side. A directory that is not there holds
/// nothing.
Result<os::PackSummary> pull_to_file(place::Place& place, const std::string& directory,
                                     const os::PackOptions& options, const os::fs::path& to,
                                     const Stop& stop);

/// The artifacts below `root` that match Ant patterns, sorted; none where it is missing. What was
/// recorded of machines lies there too, and is none of them unless a pattern begins with machines/.
Result<std::vector<std::string>> artifacts_below(const os::fs::path& root,
                                                 std::string_view patterns);

/// Ant's selection, as steps take it: "a/**, b" and excludes.
os::Selection selection_of(std::string_view includes, std::string_view excludes,
                           os::Selection::Defaults defaults);

/// Copies the selected files of a place below `to`, and names them, sorted.
Result<std::vector<std::string>> fetch(place::Place& place, const std::string& directory,
                                       const os::Selection& selection, const os::fs::path& to,
                                       const Stop& stop);

}  // namespace cupel::pipeline::steps
