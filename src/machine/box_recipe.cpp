// SPDX-License-Identifier: Apache-2.0
#include "machine/box_recipe.hpp"

#include <algorithm>

#include "os/files.hpp"

namespace cupel::machine {

namespace {

bool belongs_to(const RecipeFile& file, const BoxKind& kind) {
  const auto slash = file.path.find('/');
  return slash == std::string::npos || file.path.substr(0, slash) == kind.folder;
}

}  // namespace

BoxRecipe debian_recipe() {
  // As measured with Debian 12.13's packages, and a tenth more.
  return {embedded_box_files(),
          {{"cupel/tiny", "tiny", mib(700), BoxKind::Owners::one},
           {"cupel/debian-12", "debian-12", mib(4300), BoxKind::Owners::many}}};
}

Result<BoxKind> find_kind(const BoxRecipe& recipe, std::string_view name) {
  std::vector<std::string> known;
  for (const auto& kind : recipe.kinds) {
    if (kind.name == name) return kind;
    known.push_back(kind.name);
  }
  return fail(Fault::not_found, "there is no box {:?}; the boxes are {}", name, join(known, ", "));
}

Digest box_key(const BoxRecipe& recipe, const BoxKind& kind, const BoxOptions& options) {
  Hasher hasher;
  hasher.feed_part(kind.name).feed_part(kind.folder);
  for (const auto& file : recipe.files)
    if (belongs_to(file, kind)) hasher.feed_part(file.path).feed_part(file.text);
  hasher.feed_part(options.kernel).feed_part(options.disk_size);
  hasher.feed_part(join(options.extra_packages, " "));
  return hasher.finish();
}

std::vector<std::string> ready_command(const BoxRecipe& recipe, const BoxKind& kind) {
  const auto path = kind.folder + "/ready";
  for (const auto& file : recipe.files)
    if (file.path == path) return {"/bin/sh", "-c", file.text};
  return {};
}

Result<> unpack_recipe(const BoxRecipe& recipe, const std::filesystem::path& directory) {
  TRY(os::remove_tree(directory));
  TRY(os::make_directories(directory));
  for (const auto& file : recipe.files) {
    const auto path = directory / file.path;
    TRY(os::make_directories(path.parent_path()));
    TRY(os::write_file(path, file.text, file.text.starts_with("#!") ? 0755U : 0644U));
  }
  return {};
}

}  // namespace cupel::machine
