// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/place_files.hpp"

namespace cupel::pipeline::steps {
namespace {

using Kind = syntax::ParameterKind;

Outcome<void> check_encoding(const Arguments& arguments) {
  const auto encoding = lower(TRY(arguments.text("encoding", "utf-8")));
  if (encoding != "utf-8" && encoding != "utf8")
    return refuse("the encoding '{}' is not supported; files are taken as UTF-8", encoding);
  return {};
}

Outcome<place::Output> capture(StepContext& context, std::vector<std::string> argv) {
  auto* node = TRY(context.node());
  place::Command command;
  command.argv = std::move(argv);
  auto output = place::run_captured(node->place(), command, context.stop(), max_text);
  if (!output) return tl::unexpected(context.failure(std::move(output.error())));
  return std::move(*output);
}

/// readFile 'path'
class ReadFile final : public SignedStep {
 public:
  ReadFile()
      : SignedStep(
            {"readFile", {{"file", Kind::text, true}, {"encoding", Kind::text}}, "file", false}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    TRY(check_encoding(arguments));
    const auto path = TRY(context.resolve(TRY(arguments.text("file"))));
    auto output = TRY(capture(context, {"cat", "--", path}));
    if (output.exit.status != 0) return raise("java.nio.file.NoSuchFileException", "{}", path);
    return Value(std::move(output.out));
  }
};

/// writeFile file: 'path', text: 'text'
class WriteFile final : public SignedStep {
 public:
  WriteFile()
      : SignedStep(
            {"writeFile",
             {{"file", Kind::text, true}, {"text", Kind::text, true}, {"encoding", Kind::text}},
             "",
             false}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    TRY(check_encoding(arguments));
    const os::fs::path path = TRY(context.resolve(TRY(arguments.text("file"))));
    const auto text = TRY(arguments.text("text"));
    auto* node = TRY(context.node());
    if (path.filename().empty())
      return raise("java.io.IOException", "writeFile: {} names no file", path.string());
    auto pushed = push_text(node->place(), path.parent_path().string(), path.filename().string(),
                            text, 0644, context.stop());
    if (!pushed) return tl::unexpected(context.failure(std::move(pushed.error())));
    return Value();
  }
};

/// fileExists 'path'
class FileExists final : public SignedStep {
 public:
  FileExists() : SignedStep({"fileExists", {{"file", Kind::text, true}}, "file", false}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto path = TRY(context.resolve(TRY(arguments.text("file"))));
    return Value(TRY(capture(context, {"test", "-e", path})).exit.status == 0);
  }
};

/// isUnix()
class IsUnix final : public SignedStep {
 public:
  IsUnix() : SignedStep({"isUnix", {}, "", false}) {}

  Outcome<Value> run(const Arguments&, StepContext& context) const override {
    TRY(context.node());
    return Value(true);
  }
};

}  // namespace

std::unique_ptr<Step> make_read_file() { return std::make_unique<ReadFile>(); }
std::unique_ptr<Step> make_write_file() { return std::make_unique<WriteFile>(); }
std::unique_ptr<Step> make_file_exists() { return std::make_unique<FileExists>(); }
std::unique_ptr<Step> make_is_unix() { return std::make_unique<IsUnix>(); }

}  // namespace cupel::pipeline::steps
