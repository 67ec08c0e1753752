// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace cupel::machine {

/// One of the scripts and lists that make boxes.
struct RecipeFile {
  std::string path;  ///< relative; in the folder of a box if only that box needs it
  std::string text;
  friend bool operator==(const RecipeFile&, const RecipeFile&) = default;
};

/// A box that the recipe can make.
struct BoxKind {
  std::string name;    ///< "cupel/tiny"
  std::string folder;  ///< "tiny": what the script calls it
  Bytes space;         ///< downloads, half-made trees and the box itself, at the worst moment
  /// many: Debian's packages give files to several users, so the build needs more than one id.
  enum class Owners { one, many } owners = Owners::one;
  friend bool operator==(const BoxKind&, const BoxKind&) = default;
};

/// How boxes are made: `build` among the files is what is run.
struct BoxRecipe {
  std::vector<RecipeFile> files;
  std::vector<BoxKind> kinds;
  friend bool operator==(const BoxRecipe&, const BoxRecipe&) = default;
};

/// What a person may change about a build; empty is the recipe's own choice.
struct BoxOptions {
  std::filesystem::path sources;  ///< an APT sources.list in place of the host's
  std::filesystem::path keyring;
  std::string kernel;  ///< a kernel's package
  std::vector<std::string> extra_packages;
  std::string disk_size;  ///< "10G", of debian-12's disk
  friend bool operator==(const BoxOptions&, const BoxOptions&) = default;
};

/// The files of src/machine/boxes, which are part of the program.
std::vector<RecipeFile> embedded_box_files();
/// The recipe of cupel/tiny and cupel/debian-12.
BoxRecipe debian_recipe();

/// The kind of that name; not_found names the ones there are.
Result<BoxKind> find_kind(const BoxRecipe& recipe, std::string_view name);
/// Over all that decides what is built, but not over the mirror's packages, and not over where they
/// come from.
Digest box_key(const BoxRecipe& recipe, const BoxKind& kind, const BoxOptions& options);
/// The command of Box::ready; empty if the recipe has no `ready` for that box.
std::vector<std::string> ready_command(const BoxRecipe& recipe, const BoxKind& kind);
/// Replaces `directory` by the files.
Result<> unpack_recipe(const BoxRecipe& recipe, const std::filesystem::path& directory);

}  // namespace cupel::machine
