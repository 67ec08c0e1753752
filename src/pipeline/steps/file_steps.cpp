// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "pipeline/steps/encoding.hpp"
#include "pipeline/steps/file_list.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/node_access.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

constexpr const char* encodings_text =
    "The file's encoding, as Java and iconv name it; Base64 for bytes";

Outcome<std::string> encoding_of(const Arguments& arguments) {
  return Outcome<std::string>(arguments.text("encoding", "UTF-8"));
}

Outcome<std::string> changed(Result<std::string> text) {
  if (!text)
    return raise("java.nio.charset.UnsupportedCharsetException", "{}", text.error().text());
  return std::move(*text);
}

/// readFile 'path'
class ReadFile final : public SignedStep {
 public:
  ReadFile()
      : SignedStep(step("readFile", "file", "Reads a file of the node, and gives its text",
                        {needs("file", Kind::text, "The file, relative to the current directory"),
                         takes("encoding", Kind::text, "UTF-8", encodings_text)})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    auto bytes = TRY(read_node_file(context, TRY(arguments.text("file"))));
    return Value(TRY(changed(decoded(std::move(bytes), TRY(encoding_of(arguments))))));
  }
};

/// writeFile file: 'path', text: 'text'
class WriteFile final : public SignedStep {
 public:
  WriteFile()
      : SignedStep(step("writeFile", "", "Writes a text to a file of the node",
                        {needs("file", Kind::text, "The file; directories on the way are made"),
                         needs("text", Kind::text, "What it is to hold"),
                         takes("encoding", Kind::text, "UTF-8", encodings_text)})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    auto text = TRY(arguments.text("text"));
    const auto bytes = TRY(changed(encoded(std::move(text), TRY(encoding_of(arguments)))));
    TRY(write_node_file(context, TRY(arguments.text("file")), bytes));
    return Value();
  }
};

/// prependToFile file: 'path', content: 'text'
class PrependToFile final : public SignedStep {
 public:
  PrependToFile()
      : SignedStep(step("prependToFile", "", "Puts a text before what a file holds",
                        {needs("file", Kind::text, "The file; made where it is missing"),
                         needs("content", Kind::text, "What comes first")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto file = TRY(arguments.text("file"));
    auto text = TRY(arguments.text("content"));
    if (TRY(kind_of(context, TRY(context.resolve(file)))) != PathKind::missing)
      text += TRY(read_node_file(context, file));
    TRY(write_node_file(context, file, text));
    return Value();
  }
};

/// fileExists 'path'
class FileExists final : public SignedStep {
 public:
  FileExists()
      : SignedStep(step("fileExists", "file", "Whether there is such a file or directory",
                        {needs("file", Kind::text, "The path")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto path = TRY(context.resolve(TRY(arguments.text("file"))));
    return Value(TRY(capture(context, {"test", "-e", path})).exit.status == 0);
  }
};

/// touch 'path'
class Touch final : public SignedStep {
 public:
  Touch()
      : SignedStep(step(
            "touch", "file", "Makes a file where it is missing, and sets its time",
            {needs("file", Kind::text, "The file"),
             takes("timestamp", Kind::number, "now", "The time, in milliseconds since 1970")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto file = TRY(arguments.text("file"));
    const auto path = TRY(context.resolve(file));
    std::string when;
    if (arguments.has("timestamp"))
      when = "@" + std::to_string(TRY(arguments.integer("timestamp")) / 1000);
    const auto output = TRY(capture(
        context, {"sh", "-c",
                  "mkdir -p -- \"$(dirname -- \"$0\")\" && "
                  "if [ -n \"$1\" ]; then touch -d \"$1\" -- \"$0\"; else touch -- \"$0\"; fi",
                  path, when}));
    if (output.exit.status != 0)
      return raise("java.io.IOException", "touch {}: {}", path, trim(output.err));
    for (const auto& one :
         TRY(list_files(context, os::fs::path(path).parent_path().string(), ListDepth::one)))
      if (one.path == os::fs::path(path).filename().string()) return file_value(one, file);
    return Value();
  }
};

/// isUnix()
class IsUnix final : public SignedStep {
 public:
  IsUnix() : SignedStep(step("isUnix", "", "Whether the node is a Unix; here always true", {})) {}

  Outcome<Value> run(const Arguments&, StepContext& context) const override {
    TRY(context.node());
    return Value(true);
  }
};

}  // namespace

std::unique_ptr<Step> make_read_file() { return std::make_unique<ReadFile>(); }
std::unique_ptr<Step> make_write_file() { return std::make_unique<WriteFile>(); }
std::unique_ptr<Step> make_prepend_to_file() { return std::make_unique<PrependToFile>(); }
std::unique_ptr<Step> make_file_exists() { return std::make_unique<FileExists>(); }
std::unique_ptr<Step> make_touch() { return std::make_unique<Touch>(); }
std::unique_ptr<Step> make_is_unix() { return std::make_unique<IsUnix>(); }

}  // namespace cupel::pipeline::steps
