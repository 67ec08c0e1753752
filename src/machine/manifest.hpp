// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/stop.hpp"
#include "machine/origin.hpp"
#include "machine/sealed_file.hpp"

namespace cupel::machine {

/// What a snapshot consists of. It is written last: a snapshot without one is half a snapshot.
struct Manifest {
  Digest key;
  std::string box;    ///< for people
  std::string shape;  ///< for people
  std::string layer;  ///< for people: the step that it was frozen behind; empty: the box itself
  Digest below;       ///< the key of the layer below; empty: the box itself
  std::vector<SealedFile> files;
  /// Empty: an earlier cupel made it, which wrote none.
  std::optional<Origin> origin = std::nullopt;
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

std::string write_manifest(const Manifest& manifest);
/// Whole or an error: it carries a digest of itself.
Result<Manifest> parse_manifest(std::string_view text);

/// That of a snapshot's directory; says nothing of its files.
Result<Manifest> load_manifest(const std::filesystem::path& directory);

/// Digests the files, punches holes into them, syncs them, and writes manifest.json.
Result<> seal(const std::filesystem::path& directory, Manifest manifest,
              const std::vector<std::string>& names, const Stop& stop);

/// Compares the files with the manifest. One that was touched since is digested anew, so a copied
/// snapshot is accepted and an edited one is not. Any failure but stopped: do not use it.
Result<Manifest> verify(const std::filesystem::path& directory, const Digest& key,
                        const Stop& stop);

}  // namespace cupel::machine
