// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <pugixml.hpp>

#include "base/text.hpp"
#include "pipeline/groovy/object.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/node_access.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

constexpr int max_depth = 32;

/// An element of a POM as Maven's model shows it: pom.version, pom.getVersion(),
/// pom.parent.version. What is not in the file is null: nothing is inherited.
class PomElement final : public Object {
 public:
  explicit PomElement(std::map<std::string, Value> entries) : entries_(std::move(entries)) {}

  std::string type_name() const override { return "org.apache.maven.model.Model"; }
  Outcome<Value> get(const std::string& name, Context&) override {
    const auto found = entries_.find(name);
    return found == entries_.end() ? Value() : found->second;
  }
  Outcome<void> set(const std::string& name, const Value& value, Context&) override {
    entries_[name] = value;
    return {};
  }
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    const bool property = name.size() > 3 && name[3] >= 'A' && name[3] <= 'Z';
    auto own = property ? name.substr(3) : std::string();
    if (property) own[0] = static_cast<char>(own[0] - 'A' + 'a');
    if (property && name.starts_with("get") && arguments.empty()) return get(own, context);
    if (property && name.starts_with("set") && arguments.size() == 1) {
      TRY(set(own, arguments[0], context));
      return Value();
    }
    return Object::call(name, arguments, context);
  }
  Outcome<std::string> to_string() override {
    std::string all;
    for (const auto* name : {"groupId", "artifactId", "packaging", "version"}) {
      const auto found = entries_.find(name);
      if (found == entries_.end() || !found->second.is_text()) continue;
      all += (all.empty() ? "" : ":") + TRY(Outcome<std::string>(to_text(found->second)));
    }
    return all;
  }
  std::optional<Value> plain() const override {
    auto map = std::make_shared<Map>();
    for (const auto& [name, value] : entries_)
      if (!map->put(Value(name), value)) return std::nullopt;
    return Value(std::move(map));
  }

 private:
  std::map<std::string, Value> entries_;
};

Outcome<Value> value_of(const pugi::xml_node& node, int depth);

bool has_elements(const pugi::xml_node& node) {
  for (const auto& child : node.children())
    if (child.type() == pugi::node_element) return true;
  return false;
}

/// <modules> holds <module>s, <dependencies> <dependency>s: lists. <properties> is a map.
bool is_list(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  for (const auto& child : node.children()) {
    if (child.type() != pugi::node_element) continue;
    const std::string one = child.name();
    if (name != one + "s" && !(one.ends_with("y") && name == one.substr(0, one.size() - 1) + "ies"))
      return false;
  }
  return true;
}

Outcome<Value> elements_of(const pugi::xml_node& node, int depth) {
  std::vector<Value> items;
  for (const auto& child : node.children())
    if (child.type() == pugi::node_element) items.push_back(TRY(value_of(child, depth)));
  return Value::list(std::move(items));
}

Outcome<Value> properties_of(const pugi::xml_node& node) {
  auto map = std::make_shared<Map>();
  for (const auto& child : node.children())
    if (child.type() == pugi::node_element)
      TRY(Outcome<void>(
          map->put(Value(child.name()), Value(std::string(trim(child.text().get()))))));
  return Value(std::move(map));
}

Outcome<Value> value_of(const pugi::xml_node& node, int depth) {
  if (depth > max_depth) return raise("java.io.IOException", "the POM is nested too deep");
  if (std::string_view(node.name()) == "properties") return properties_of(node);
  if (!has_elements(node)) return Value(std::string(trim(node.text().get())));
  if (is_list(node)) return elements_of(node, depth + 1);
  std::map<std::string, Value> entries;
  for (const auto& child : node.children())
    if (child.type() == pugi::node_element) entries[child.name()] = TRY(value_of(child, depth + 1));
  return Value(std::shared_ptr<Object>(std::make_shared<PomElement>(std::move(entries))));
}

/// readMavenPom file: 'pom.xml'
class ReadMavenPom final : public SignedStep {
 public:
  ReadMavenPom()
      : SignedStep(step("readMavenPom", "",
                        "Reads a Maven project: version, groupId, artifactId, parent, properties, "
                        "modules, ... as they stand in the file",
                        {takes("file", Kind::text, "pom.xml", "The file of the node")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto file = TRY(arguments.text("file", "pom.xml"));
    // The file is what is recorded: a resumed run has the same objects of it.
    const auto digest = TRY(Outcome<std::string>(arguments.digest()));
    const auto known = TRY(context.run().interpreter.perform(
        {"readMavenPom", digest, Replay::reads}, context.outer(),
        [&](const StepId&, Attempt&) -> Outcome<Value> {
          return Value(TRY(read_node_file(context, file)));
        }));
    const auto text = TRY(Outcome<std::string>(to_text(known)));
    pugi::xml_document document;
    const auto parsed = document.load_buffer(text.data(), text.size());
    if (!parsed)
      return raise("org.codehaus.plexus.util.xml.pull.XmlPullParserException", "{}: {} at byte {}",
                   file, parsed.description(), parsed.offset);
    const auto project = document.child("project");
    if (!project)
      return raise("org.codehaus.plexus.util.xml.pull.XmlPullParserException",
                   "{}: Expected root element 'project'", file);
    auto value = TRY(value_of(project, 0));
    if (!value.is_text()) {
      const auto object = value.as_object();
      if (object && TRY(object->get("packaging", context.outer())).is_null())
        TRY(object->set("packaging", Value("jar"), context.outer()));
      return value;
    }
    return Value(std::shared_ptr<Object>(
        std::make_shared<PomElement>(std::map<std::string, Value>{{"packaging", Value("jar")}})));
  }
};

}  // namespace

std::unique_ptr<Step> make_read_maven_pom() { return std::make_unique<ReadMavenPom>(); }

}  // namespace cupel::pipeline::steps
