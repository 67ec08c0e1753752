// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "os/glob.hpp"
#include "pipeline/interpreter/step.hpp"

namespace cupel::pipeline::steps {

/// A file or directory on a node, as findFiles tells it.
struct ListedFile {
  std::string path;  ///< relative to where the list was made, without a slash at its end
  enum class Kind { file, directory } kind = Kind::file;
  std::int64_t length = 0;
  std::int64_t modified_ms = 0;
};

enum class ListDepth { one, all };
/// What lies below a directory of the node, sorted by path; a directory that is missing holds
/// nothing. Links are told as what they are linked to is not: as files.
Outcome<std::vector<ListedFile>> list_files(StepContext& context, const std::string& directory,
                                            ListDepth depth);

enum class LetterCase { matters, ignored };
/// The paths of the files (not directories) that are selected, sorted.
Outcome<std::vector<std::string>> matching_files(StepContext& context, const std::string& directory,
                                                 os::Selection selection, LetterCase letter_case);

/// [name:, path:, directory:, length:, lastModified:]; `path` as the pipeline sees it.
Outcome<Value> file_value(const ListedFile& file, const std::string& path);

/// The lines "MODE SIZE SECONDS ./PATH" that `find` printed: foreign bytes. A line that does not
/// begin so belongs to the name before it.
std::vector<ListedFile> parse_listing(std::string_view text);

}  // namespace cupel::pipeline::steps
