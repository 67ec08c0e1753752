// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/node_access.hpp"

#include "pipeline/interpreter/node_files.hpp"

namespace cupel::pipeline::steps {

Outcome<place::Output> capture(StepContext& context, std::vector<std::string> argv,
                               std::string input) {
  auto* node = TRY(context.node());
  place::Command command;
  command.argv = std::move(argv);
  command.input = std::move(input);
  command.directory = "/";
  auto output = place::run_captured(node->place(), command, context.stop(), max_text);
  if (!output) return tl::unexpected(context.failure(std::move(output.error())));
  return std::move(*output);
}

Outcome<PathKind> kind_of(StepContext& context, const std::string& path) {
  const auto output = TRY(capture(
      context, {"sh", "-c", "[ -d \"$0\" ] && exit 3; [ -e \"$0\" ] && exit 4; exit 5", path}));
  if (output.exit.status == 3) return PathKind::directory;
  return output.exit.status == 4 ? PathKind::file : PathKind::missing;
}

Outcome<std::string> read_node_file(StepContext& context, const std::string& path) {
  const auto whole = TRY(context.resolve(path));
  auto output = TRY(capture(context, {"cat", "--", whole}));
  if (output.exit.status == 0) return std::move(output.out);
  if (TRY(kind_of(context, whole)) == PathKind::missing)
    return raise("java.nio.file.NoSuchFileException", "{}", whole);
  if (TRY(kind_of(context, whole)) == PathKind::directory)
    return raise("java.io.IOException", "{} is a directory", whole);
  return raise("java.io.IOException", "read {}: {}", whole, output.err);
}

Outcome<void> write_node_file(StepContext& context, const std::string& path,
                              std::string_view bytes) {
  const os::fs::path whole = TRY(context.resolve(path));
  auto* node = TRY(context.node());
  if (whole.filename().empty())
    return raise("java.io.IOException", "{} names no file", whole.string());
  auto pushed = push_text(node->place(), whole.parent_path().string(), whole.filename().string(),
                          bytes, 0644, context.stop());
  if (!pushed) return tl::unexpected(context.failure(std::move(pushed.error())));
  return {};
}

Outcome<std::string> file_or_text(const Arguments& arguments, StepContext& context,
                                  std::string_view name) {
  const auto file = TRY(arguments.text("file", ""));
  const auto text = TRY(arguments.text("text", ""));
  if (!file.empty() && !text.empty())
    return raise("java.lang.IllegalArgumentException",
                 "At most one of file or text must be provided to {}.", name);
  if (file.empty() && !arguments.has("text"))
    return raise("java.lang.IllegalArgumentException",
                 "At least one of file or text needs to be provided to {}.", name);
  if (file.empty()) return text;
  return read_node_file(context, file);
}

}  // namespace cupel::pipeline::steps
