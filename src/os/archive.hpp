// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/stop.hpp"
#include "os/files.hpp"
#include "os/glob.hpp"

namespace cupel::os {

/// Trees as pax tar streams: modes, times, symbolic and hard links, extended attributes and sparse
/// files are kept; owners where the unpacker says so. libarchive does the format, we walk and
/// write the trees: by descriptors and without chdir, so that any thread may.

/// Takes the next bytes of a stream. May block.
using ByteSink = std::function<Result<>(std::string_view bytes)>;
/// Returns a view of its own: one that is made of a string it returns would dangle.
template <typename Give>
concept GivesViews = std::same_as<std::invoke_result_t<Give&>, Result<std::string_view>>;
/// Gives the next bytes of a stream; empty at its end. The view is good until the next call.
class ByteSource : public std::function<Result<std::string_view>()> {
 public:
  template <GivesViews Give>
  ByteSource(Give give) : std::function<Result<std::string_view>()>(std::move(give)) {}
};

struct PackOptions {
  Selection selection;
  /// Only these paths (relative to the root) and what is below them, in this order, when not empty.
  std::vector<std::string> paths;
  /// Empty directories too? Ant's selections name files only.
  enum class Take { everything, files } take = Take::everything;
};
struct PackSummary {
  std::uint64_t files = 0;
  Bytes bytes;  ///< content, holes counted
};
/// Packs what lies below `root`, names in the order of their bytes. A file that vanishes or shrinks
/// meanwhile is no failure; one that cannot be read is. Sockets are left out.
Result<PackSummary> pack(const fs::path& root, const PackOptions& options, const ByteSink& sink,
                         const Stop& stop);

struct UnpackOptions {
  /// all: owners and set-id bits and devices as in the stream (needs root; for our own trees).
  /// plain: files, directories and links only, owned by us, no set-id bits (for foreign bytes).
  enum class Trust { all, plain } trust = Trust::plain;
  /// Owner of all that is unpacked, instead of the stream's (Trust::all only).
  std::optional<std::pair<unsigned, unsigned>> owner;
};
/// Unpacks below `root` (made if missing) and never outside it, whatever the stream says: a path
/// that leads out, or through a link, fails with invalid, as a cut or foreign stream does. What was
/// unpacked before stays. Takes the source to its end. Files that are there are replaced.
Result<PackSummary> unpack(const ByteSource& source, const fs::path& root,
                           const UnpackOptions& options, const Stop& stop);

}  // namespace cupel::os
