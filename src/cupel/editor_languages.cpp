// SPDX-License-Identifier: Apache-2.0
#include "cupel/editor_languages.hpp"

#include <charconv>

#include "base/check.hpp"

namespace cupel {

namespace fs = os::fs;

fs::path path_of_uri(const std::string& uri) {
  constexpr std::string_view scheme = "file://";
  if (!uri.starts_with(scheme)) return "Jenkinsfile";
  std::string path;
  for (auto i = uri.find('/', scheme.size()); i < uri.size(); ++i) {
    unsigned byte = 0;
    const auto* digits = uri.data() + i + 1;
    if (uri[i] == '%' && i + 2 < uri.size() &&
        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      path += static_cast<char>(byte);
      i += 2;
    } else {
      path += uri[i];
    }
  }
  return path.empty() || path.find('\0') != std::string::npos ? fs::path("Jenkinsfile")
                                                              : fs::path(path);
}

EditorLanguages::Stamps EditorLanguages::look(const Stamps& at) {
  Stamps found;
  for (const auto& [path, _] : at) {
    std::error_code error;
    const auto time = fs::last_write_time(path, error);
    found.emplace_back(path, error ? std::nullopt : std::optional(time));
  }
  return found;
}

EditorLanguages::Known EditorLanguages::learn(const fs::path& file) const {
  Known known;
  const auto add = [&](const fs::path& path) { known.stamps.emplace_back(path, std::nullopt); };
  const auto get = [&]() -> Result<Knowledge> {
    std::error_code ignored;
    // The project is where the document lies; a document that is not saved yet, where we are.
    const auto directory = fs::is_directory(file.parent_path(), ignored) ? file.parent_path() : ".";
    const auto files = TRY(settings_files({directory, file.filename(), named_}, surroundings_));
    // A file that comes up nearer than the one in use is seen, too.
    for (auto at = fs::absolute(directory); at != files.usual.front().parent_path();
         at = at.parent_path()) {
      add(at / "cupel.toml");
      if (at == at.parent_path()) break;
    }
    if (files.named) add(*files.named);
    for (const auto& path : files.usual) add(path);
    return Knowledge::of(TRY(fleet::load_settings(files)), surroundings_);
  };
  auto knowledge = get();
  if (knowledge) {
    for (const auto& directory : knowledge->directories()) add(directory);
    known.knowledge = std::move(*knowledge);
  } else {
    known.trouble = knowledge.error().text();
    auto plain = Knowledge::of({}, surroundings_);
    CHECK(plain, "settings that say nothing are refused");
    known.knowledge = std::move(*plain);
  }
  known.stamps = look(known.stamps);
  return known;
}

editor::Server::Language EditorLanguages::of(const std::string& uri) {
  const auto file = path_of_uri(uri);
  const auto directory = file.parent_path();
  auto found = known_.find(directory);
  if (found == known_.end() || look(found->second.stamps) != found->second.stamps)
    found = known_.insert_or_assign(directory, learn(file)).first;
  const auto& known = found->second;
  const auto& knowledge = *known.knowledge;
  return {[&knowledge](const pipeline::syntax::Source& source) {
            return knowledge.read(source).diagnostics;
          },
          knowledge.signatures(), known.trouble};
}

}  // namespace cupel
