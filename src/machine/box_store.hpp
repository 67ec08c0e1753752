// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "machine/box.hpp"
#include "machine/box_build.hpp"
#include "machine/box_record.hpp"
#include "machine/paths.hpp"

namespace cupel::machine {

/// A box on disk.
struct StoredBox {
  BoxRecord record;
  std::filesystem::path directory;
  Bytes used;  ///< on disk, holes left out
  /// outdated: of another recipe than ours. touched: its files were changed since it was made.
  enum class State { current, outdated, touched } state = State::current;
  friend bool operator==(const StoredBox&, const StoredBox&) = default;
};

/// The boxes of one user, in boxes/NAME/KEY-CONTENT/{vmlinux,initramfs,disk.raw,packages.list,
/// box.json}. Such a directory never changes: a box that is built anew gets another one, and the
/// one before it stays for the machines and snapshots that were made of it. Threads and processes
/// may share a store.
class BoxStore {
 public:
  explicit BoxStore(Paths paths, BoxRecipe recipe = debian_recipe(), BoxOptions options = {});

  /// All that are there, by name, newest first. Reads no box's files.
  Result<std::vector<StoredBox>> list() const;

  /// The newest box of that name and of our recipe, if it is whole. Fast, unless its files were
  /// touched: then they are read. not_found if no such box can be made.
  Result<std::optional<Box>> find(const std::string& name, const Stop& stop) const;

  /// All that is there of that name, half-built ones too; not_found if there is nothing. Waits
  /// while somebody builds.
  Result<> remove(const std::string& name, const Stop& stop);

  /// As find(), and builds what is missing: minutes. One build at a time; another cupel's is waited
  /// for and then used. Newer packages on the mirror are no reason to build.
  Result<Box> ensure(const std::string& name, const BoxProgressSink& sink, const Stop& stop);

  /// Builds with the mirror's newest packages, whatever is there.
  Result<Box> rebuild(const std::string& name, const BoxProgressSink& sink, const Stop& stop);

  /// The one of that name and content, of whatever recipe; nothing if it is not there.
  std::optional<StoredBox> with_content(const std::string& name, const Digest& content) const;

  /// Box::ready of boxes of that name.
  std::vector<std::string> ready_of(const std::string& name) const;

  /// What becomes of this host's own box of the same name: refuse: none may be there. replace: new
  /// machines are made of the other one.
  enum class Own { refuse, replace };
  /// Whether a box from elsewhere fits: it is of our recipe, and no other of that name is used.
  /// Where it is to lie.
  Result<std::filesystem::path> place_for(const BoxRecord& record, Own own) const;
  /// Takes such a box over by renaming `directory`, unless it is there. Its files were verified.
  Result<Box> admit(const std::filesystem::path& directory, BoxRecord record, Own own,
                    const Stop& stop);

  /// The last lines that the latest build of that box wrote to stderr.
  std::vector<std::string> last_words(const std::string& name) const;

 private:
  std::filesystem::path home_of(const BoxKind& kind) const;
  BoxBuild build_of(const BoxKind& kind, BoxBuild::Packages packages) const;
  std::vector<StoredBox> stored(const std::string& name, const std::filesystem::path& home) const;
  Result<std::optional<Box>> find_kind_of(const BoxKind& kind, const Stop& stop) const;
  Result<os::FileLock> take_lock(const BoxProgressSink& sink, const Stop& stop) const;
  Result<Box> make(const BoxKind& kind, BoxBuild::Packages packages, const BoxProgressSink& sink,
                   const Stop& stop);
  Box box_of(const BoxKind& kind, const StoredBox& stored) const;
  Result<> drop_old_ones(const BoxKind& kind) const;

  Paths paths_;
  BoxRecipe recipe_;
  BoxOptions options_;
};

}  // namespace cupel::machine
