// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/json_text.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/node_access.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

/// readJSON file: 'x.json'  |  readJSON text: '{}'
class ReadJson final : public SignedStep {
 public:
  ReadJson()
      : SignedStep(step("readJSON", "", "Reads JSON: maps, lists, texts, numbers, flags, null",
                        {takes("file", Kind::text, "", "A file of the node; or:"),
                         takes("text", Kind::text, "", "The text itself"),
                         takes("returnPojo", Kind::flag, "false",
                               "Whether maps and lists are plain, and no JSON as text")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const bool plain = TRY(arguments.flag("returnPojo"));
    const auto text = TRY(file_or_text(arguments, context, "readJSON"));
    auto value = parse_json(text);
    if (!value) return raise("net.sf.json.JSONException", "{}", value.error().text());
    if (!plain) make_json_objects(*value);
    return std::move(*value);
  }
};

/// writeJSON file: 'x.json', json: map, pretty: 4
class WriteJson final : public SignedStep {
 public:
  WriteJson()
      : SignedStep(step("writeJSON", "", "Writes a value as JSON",
                        {needs("json", Kind::any, "The value: a map, a list, ..."),
                         takes("file", Kind::text, "", "The file of the node; or:"),
                         takes("returnText", Kind::flag, "false", "Whether to give the text"),
                         takes("pretty", Kind::number, "0",
                               "How many blanks to indent by; 0: all in one line")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto file = TRY(arguments.text("file", ""));
    const bool give = TRY(arguments.flag("returnText"));
    const auto* json = arguments.find("json");
    if (!json)
      return raise("java.lang.IllegalArgumentException",
                   "You must provide the json parameter for writeJSON.");
    if (give && !file.empty())
      return raise("java.lang.IllegalArgumentException",
                   "You cannot provide both file and returnText to writeJSON.");
    if (!give && file.empty())
      return raise("java.lang.IllegalArgumentException",
                   "You must provide the file parameter for writeJSON.");
    const auto pretty = arguments.has("pretty") ? TRY(arguments.integer("pretty")) : 0;
    if (pretty < 0 || pretty > 64)
      return raise("java.lang.IllegalArgumentException", "writeJSON: pretty: {} is not possible",
                   pretty);
    auto text = pretty > 0 ? write_indented_json(*json, static_cast<std::size_t>(pretty))
                           : write_json(*json, JsonStyle::compact_unicode);
    if (!text) return raise("net.sf.json.JSONException", "{}", text.error().text());
    if (give) return Value(std::move(*text));
    if (TRY(kind_of(context, TRY(context.resolve(file)))) == PathKind::directory)
      return raise("java.io.FileNotFoundException", "{} is a directory.",
                   TRY(context.resolve(file)));
    TRY(write_node_file(context, file, *text));
    return Value();
  }
};

}  // namespace

std::unique_ptr<Step> make_read_json() { return std::make_unique<ReadJson>(); }
std::unique_ptr<Step> make_write_json() { return std::make_unique<WriteJson>(); }

}  // namespace cupel::pipeline::steps
