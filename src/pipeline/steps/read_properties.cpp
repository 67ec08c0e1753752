// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/encoding.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/node_access.hpp"
#include "pipeline/steps/properties_text.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

/// readProperties file: 'x.properties'  |  readProperties text: 'a=1', defaults: [b: '2']
class ReadProperties final : public SignedStep {
 public:
  ReadProperties()
      : SignedStep(step(
            "readProperties", "", "Reads Java properties from a file, a text or both: a map",
            {takes("file", Kind::text, "", "A file of the node; a missing one holds nothing"),
             takes("text", Kind::text, "", "Lines NAME=VALUE, which win over the file's"),
             takes("defaults", Kind::map, "", "What holds where neither says anything"),
             takes("interpolate", Kind::flag, "false", "Whether ${name} is replaced by its value"),
             takes("charset", Kind::text, "ISO-8859-1", "The file's encoding")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    Properties all;
    if (const auto* defaults = arguments.find("defaults")) {
      if (!defaults->as_map())
        return raise("java.lang.IllegalArgumentException",
                     "readProperties: defaults must be a map, not a {}", defaults->type_name());
      for (const auto& [key, value] : defaults->as_map()->entries())
        set_property(all, TRY(Outcome<std::string>(to_text(key))),
                     TRY(Outcome<std::string>(to_text(value))));
    }
    const auto file = TRY(arguments.text("file", ""));
    if (!file.empty())
      TRY(add_file(file, TRY(arguments.text("charset", "ISO-8859-1")), all, context));
    TRY(add(TRY(arguments.text("text", "")), all));
    if (TRY(arguments.flag("interpolate"))) {
      context.print("Interpolation set to true, starting to parse the variable!");
      auto changed = interpolated(all);
      if (changed) {
        all = std::move(*changed);
      } else {
        context.print("Got exception while interpolating the variables: " + changed.error().text());
        context.print("Returning the original properties list!");
      }
    }
    auto map = std::make_shared<Map>();
    for (auto& [name, value] : all)
      TRY(Outcome<void>(map->put(Value(name), Value(std::move(value)))));
    return Value(std::move(map));
  }

 private:
  static Outcome<void> add(std::string_view text, Properties& all) {
    auto read = properties_of(text);
    if (!read) return raise("java.lang.IllegalArgumentException", "{}", read.error().text());
    if (all.empty()) {
      all = std::move(*read);
      return {};
    }
    for (auto& [name, value] : *read) set_property(all, name, std::move(value));
    return {};
  }

  static Outcome<void> add_file(const std::string& file, const std::string& charset,
                                Properties& all, StepContext& context) {
    const auto path = TRY(context.resolve(file));
    const auto kind = TRY(kind_of(context, path));
    if (kind == PathKind::file) {
      auto bytes = TRY(read_node_file(context, file));
      return add(TRY(Outcome<std::string>(decoded(std::move(bytes), charset))), all);
    }
    context.print("warning: " + path +
                  (kind == PathKind::directory ? " is a directory" : " does not exist") +
                  ", omitting from properties gathering");
    return {};
  }
};

}  // namespace

std::unique_ptr<Step> make_read_properties() { return std::make_unique<ReadProperties>(); }

}  // namespace cupel::pipeline::steps
