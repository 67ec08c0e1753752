// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/yaml_text.hpp"
#include "pipeline/steps/encoding.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/node_access.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

/// readYaml file: 'x.yaml'  |  readYaml text: 'a: 1'
class ReadYaml final : public SignedStep {
 public:
  ReadYaml()
      : SignedStep(step("readYaml", "",
                        "Reads YAML: one document as its value, several as a list of them",
                        {takes("file", Kind::text, "", "A file of the node, and behind it:"),
                         takes("text", Kind::text, "", "More text"),
                         takes("codePointLimit", Kind::number, "3145728", "How long it may be"),
                         takes("maxAliasesForCollections", Kind::number, "50",
                               "How many aliases of lists and maps it may have, at most 1000")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto file = TRY(arguments.text("file", ""));
    auto text = file.empty() && arguments.has("text") ? std::string()
                                                      : TRY(file_text(arguments, file, context));
    if (arguments.has("text")) text += (text.empty() ? "" : "\n") + TRY(arguments.text("text"));
    YamlLimits limits;
    if (arguments.has("maxAliasesForCollections"))
      limits.aliases = TRY(limit(arguments, "maxAliasesForCollections", 1000));
    if (arguments.has("codePointLimit"))
      limits.bytes = TRY(limit(arguments, "codePointLimit", max_text));
    auto documents = parse_yaml(text, limits);
    if (!documents)
      return raise("org.yaml.snakeyaml.error.YAMLException", "{}", documents.error().text());
    if (documents->size() == 1) return std::move(documents->front());
    return Value::list(std::move(*documents));
  }

 private:
  static Outcome<std::string> file_text(const Arguments& arguments, const std::string& file,
                                        StepContext& context) {
    if (file.empty()) return file_or_text(arguments, context, "readYaml");
    const auto path = TRY(context.resolve(file));
    const auto kind = TRY(kind_of(context, path));
    if (kind == PathKind::missing)
      return raise("java.io.FileNotFoundException", "{} does not exist.", path);
    if (kind == PathKind::directory)
      return raise("java.io.FileNotFoundException", "{} is a directory.", path);
    return read_node_file(context, file);
  }

  static Outcome<std::size_t> limit(const Arguments& arguments, const char* name,
                                    std::size_t most) {
    const auto number = TRY(arguments.integer(name));
    if (number < 0 || static_cast<std::size_t>(number) > most)
      return raise("java.lang.IllegalArgumentException", "{} > {}", number, most);
    return static_cast<std::size_t>(number);
  }
};

/// writeYaml file: 'x.yaml', data: map
class WriteYaml final : public SignedStep {
 public:
  WriteYaml()
      : SignedStep(step("writeYaml", "", "Writes a value, or several documents, as YAML",
                        {takes("file", Kind::text, "", "The file of the node; or:"),
                         takes("returnText", Kind::flag, "false", "Whether to give the text"),
                         takes("data", Kind::any, "", "The value; or:"),
                         takes("datas", Kind::list, "", "One value for each document"),
                         takes("charset", Kind::text, "UTF-8", "The file's encoding"),
                         takes("overwrite", Kind::flag, "false",
                               "Whether a file that is there is replaced")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto file = TRY(arguments.text("file", ""));
    const bool give = TRY(arguments.flag("returnText"));
    if (file.empty() && !give)
      return raise("java.lang.IllegalArgumentException",
                   "either file or returnText must be provided to writeYaml");
    const bool overwrite = TRY(arguments.flag("overwrite"));
    const auto charset = TRY(arguments.text("charset", ""));
    if (give && (!file.empty() || overwrite || !charset.empty()))
      return raise("java.lang.IllegalArgumentException",
                   "cannot provide {} to writeYaml when using returnText",
                   !file.empty() ? "file"
                   : overwrite   ? "overwrite"
                                 : "charset");
    auto text = TRY(text_of(arguments));
    if (give) return Value(std::move(text));
    const auto path = TRY(context.resolve(file));
    const auto kind = TRY(kind_of(context, path));
    if (kind == PathKind::directory)
      return raise("java.io.FileNotFoundException", "{} is a directory.", path);
    if (kind == PathKind::file && !overwrite)
      return raise("java.nio.file.FileAlreadyExistsException", "{} already exist.", path);
    TRY(write_node_file(context, file,
                        TRY(Outcome<std::string>(encoded(std::move(text), charset)))));
    return Value();
  }

 private:
  static Outcome<std::string> text_of(const Arguments& arguments) {
    const auto* data = arguments.find("data");
    const auto* datas = arguments.find("datas");
    if ((data == nullptr) == (datas == nullptr))
      return raise("java.lang.IllegalArgumentException",
                   "{} of data and datas must be provided to writeYaml", data ? "only one" : "one");
    auto text = data ? write_yaml(*data)
                     : write_yaml_documents(TRY(Outcome<std::vector<Value>>(elements(*datas))));
    if (!text)
      return raise("java.lang.IllegalArgumentException",
                   "data parameter has invalid content (no-basic classes): {}",
                   text.error().text());
    return std::move(*text);
  }
};

}  // namespace

std::unique_ptr<Step> make_read_yaml() { return std::make_unique<ReadYaml>(); }
std::unique_ptr<Step> make_write_yaml() { return std::make_unique<WriteYaml>(); }

}  // namespace cupel::pipeline::steps
