// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/file_list.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "pipeline/steps/node_access.hpp"

namespace cupel::pipeline::steps {
namespace {

/// One line, or nothing if it is the rest of a name with a line's end in it.
std::optional<ListedFile> parse_line(std::string_view line) {
  const auto word = [&line]() {
    const auto end = std::min(line.find(' '), line.size());
    const auto one = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return one;
  };
  const auto mode = word();
  const auto size = parse_integer(word());
  const auto seconds = parse_integer(word());
  if (mode.empty() || !size || !seconds || !line.starts_with("./")) return std::nullopt;
  unsigned bits = 0;
  for (const char c : mode) {
    const auto digit = std::string_view("0123456789abcdef").find(c);
    if (digit == std::string_view::npos || mode.size() > 7) return std::nullopt;
    bits = bits * 16 + static_cast<unsigned>(digit);
  }
  constexpr unsigned kind_mask = 0xF000, directory = 0x4000;
  ListedFile file;
  file.kind =
      (bits & kind_mask) == directory ? ListedFile::Kind::directory : ListedFile::Kind::file;
  file.length = *size;
  file.modified_ms = *seconds * 1000;
  file.path = line.substr(2);
  return file;
}

}  // namespace

std::vector<ListedFile> parse_listing(std::string_view text) {
  std::vector<ListedFile> files;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (auto file = parse_line(line))
      files.push_back(std::move(*file));
    else if (!files.empty())
      files.back().path += "\n" + std::string(line);
  }
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

Outcome<std::vector<ListedFile>> list_files(StepContext& context, const std::string& directory,
                                            ListDepth depth) {
  // Only what busybox has too.
  static constexpr const char* script =
      "cd -- \"$0\" 2>/dev/null || exit 0; "
      "find . -mindepth 1 $1 -exec stat -c '%f %s %Y %n' {} +";
  const auto output = TRY(capture(
      context, {"sh", "-c", script, directory, depth == ListDepth::one ? "-maxdepth 1" : ""}));
  // A file that vanishes meanwhile is told on stderr.
  return parse_listing(output.out);
}

Outcome<std::vector<std::string>> matching_files(StepContext& context, const std::string& directory,
                                                 os::Selection selection, LetterCase letter_case) {
  const bool ignored = letter_case == LetterCase::ignored;
  if (ignored)
    for (auto* patterns : {&selection.includes, &selection.excludes})
      for (auto& pattern : *patterns) pattern = lower(pattern);
  std::vector<std::string> names;
  for (const auto& file : TRY(list_files(context, directory, ListDepth::all)))
    if (file.kind == ListedFile::Kind::file &&
        os::selects(selection, ignored ? lower(file.path) : file.path))
      names.push_back(file.path);
  return names;
}

Outcome<Value> file_value(const ListedFile& file, const std::string& path) {
  const bool directory = file.kind == ListedFile::Kind::directory;
  auto map = std::make_shared<Map>();
  const auto slash = path.rfind('/');
  const auto name = slash == std::string::npos ? path : path.substr(slash + 1);
  TRY(Outcome<void>(map->put(Value("name"), Value(name))));
  TRY(Outcome<void>(map->put(Value("path"), Value(directory ? path + "/" : path))));
  TRY(Outcome<void>(map->put(Value("directory"), Value(directory))));
  TRY(Outcome<void>(map->put(Value("length"), Value(directory ? std::int64_t{0} : file.length))));
  TRY(Outcome<void>(map->put(Value("lastModified"), Value(file.modified_ms))));
  return Value(std::move(map));
}

}  // namespace cupel::pipeline::steps
