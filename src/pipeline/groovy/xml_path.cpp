// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <pugixml.hpp>

#include "pipeline/groovy/collections.hpp"
#include "pipeline/groovy/java_classes.hpp"

namespace cupel::pipeline {
namespace {

using Values = std::vector<Value>;
using Nodes = std::vector<pugi::xml_node>;
using DocumentPtr =
    std::shared_ptr<const pugi::xml_document>;  // shared: of all that points into it

constexpr int max_depth = 500;

/// Without the prefix of its namespace.
std::string_view local_name(std::string_view name) { return name.substr(name.rfind(':') + 1); }

/// Such attributes are none of the element's own.
bool declares_namespace(const pugi::xml_attribute& attribute) {
  const std::string_view name = attribute.name();
  return name == "xmlns" || name.starts_with("xmlns:");
}

Nodes elements_in(const pugi::xml_node& node) {
  Nodes found;
  for (const auto& child : node.children())
    if (child.type() == pugi::node_element) found.push_back(child);
  return found;
}

void add_text(const pugi::xml_node& node, std::string& text) {
  for (const auto& child : node.children()) {
    if (child.type() == pugi::node_element) add_text(child, text);
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata)
      text += child.value();
  }
}

/// A GPathResult of XmlSlurper: an element, those that a path leads to, or attributes. Cannot be
/// changed.
class XmlPath final : public Object {
 public:
  enum class Kind { node, children, attributes, nothing };
  /// `texts`: of attributes. Without both it is nothing.
  XmlPath(DocumentPtr of, Kind its_kind, std::string its_name, Nodes elements, Values values = {})
      : document(std::move(of)),
        kind(its_kind),
        name(std::move(its_name)),
        nodes(std::move(elements)),
        texts(std::move(values)) {}

  std::string type_name() const override {
    const std::string package = "groovy.util.slurpersupport.";
    switch (kind) {
      case Kind::node: return package + "NodeChild";
      case Kind::children: return package + "NodeChildren";
      case Kind::attributes: return package + "Attributes";
      case Kind::nothing: break;
    }
    return package + "NoChildren";
  }
  std::string text() const override {
    std::string all;
    for (const auto& node : nodes) add_text(node, all);
    for (const auto& one : texts)
      if (const auto* value = one.as_text()) all += *value;
    return all;
  }
  Outcome<std::string> to_string() override { return text(); }
  /// By its text.
  Outcome<bool> equals(const Value& other) override { return text() == TRY(text_of(other)); }
  Outcome<std::int32_t> hash() override { return hash_of(Value(text())); }
  Outcome<bool> truth() override { return kind != Kind::nothing; }
  std::optional<Value> plain() const override { return Value(text()); }
  Outcome<Values> items() override {
    Values all;
    for (const auto& node : nodes) all.push_back(one(node));
    for (const auto& value : texts) all.push_back(make(Kind::attributes, name, {}, {value}));
    return all;
  }
  Outcome<Value> get(const std::string& wanted, Context&) override {
    if (wanted == "*") return children();
    if (wanted == "**") return Value::list(TRY(depth_first()));
    if (wanted == "..") return parents();
    return wanted.starts_with('@') ? attributes(wanted.substr(1)) : children(wanted);
  }
  Outcome<void> set(const std::string& wanted, const Value&, Context&) override {
    return raise("java.lang.UnsupportedOperationException",
                 "XML that was read cannot be changed: {}", wanted);
  }
  Outcome<Value> at(const Value& key, Context& context) override {
    const auto* place = key.as_integer();
    if (!place) return get(TRY(text_of(key)), context);
    auto all = TRY(items());
    const auto size = static_cast<std::int64_t>(all.size());
    const auto index = *place < 0 ? *place + size : *place;
    if (index < 0 || index >= size) return nothing();
    return std::move(all[static_cast<std::size_t>(index)]);
  }
  const Method* method(std::string_view wanted) const override;

  Value make(Kind of, std::string called, Nodes elements, Values values = {}) const {
    return Value(std::shared_ptr<Object>(std::make_shared<XmlPath>(
        document, of, std::move(called), std::move(elements), std::move(values))));
  }
  Value one(const pugi::xml_node& node) const {
    return make(Kind::node, std::string(local_name(node.name())), {node});
  }
  Value nothing() const { return make(Kind::nothing, name, {}); }

  /// All, or those of a name.
  Value children(const std::string& wanted = "*") const {
    Nodes found;
    for (const auto& node : nodes)
      for (const auto& child : elements_in(node))
        if (wanted == "*" || local_name(child.name()) == local_name(wanted)) found.push_back(child);
    return make(Kind::children, wanted, std::move(found));
  }

  Value attributes(const std::string& wanted) const {
    Values found;
    for (const auto& node : nodes)
      for (const auto& attribute : node.attributes())
        if (!declares_namespace(attribute) &&
            (attribute.name() == wanted || local_name(attribute.name()) == wanted)) {
          found.emplace_back(attribute.value());
          break;
        }
    return make(Kind::attributes, wanted, {}, std::move(found));
  }

  Value parents() const {
    Nodes found;
    for (const auto& node : nodes) {
      const auto parent = node.parent();
      const auto& known = parent.type() == pugi::node_element ? parent : node;
      if (std::find(found.begin(), found.end(), known) == found.end()) found.push_back(known);
    }
    return found.size() == 1 ? one(found[0]) : make(Kind::children, name, std::move(found));
  }

  /// With itself.
  Outcome<Values> depth_first() const {
    Values all;
    Nodes left(nodes.rbegin(), nodes.rend());
    while (!left.empty()) {
      const auto node = left.back();
      left.pop_back();
      all.push_back(one(node));
      const auto inner = elements_in(node);
      left.insert(left.end(), inner.rbegin(), inner.rend());
    }
    return all;
  }

  Outcome<Values> breadth_first() const {
    Values all;
    auto left = nodes;
    for (std::size_t i = 0; i < left.size(); ++i) {
      all.push_back(one(left[i]));
      for (const auto& child : elements_in(left[i])) left.push_back(child);
    }
    return all;
  }

  const DocumentPtr document;
  const Kind kind;
  const std::string name;
  const Nodes nodes;
  const Values texts;
};

const XmlPath& self(MethodCall& call) {
  return static_cast<const XmlPath&>(*call.self.object_here());
}

/// Those of a path that { } accepts, as a path.
Outcome<Value> find_all(MethodCall& call) {
  const auto& path = self(call);
  Nodes nodes;
  Values texts;
  for (const auto& item : TRY(call.items())) {
    if (!TRY(call.test({item}))) continue;
    const auto& one = static_cast<const XmlPath&>(*item.object_here());
    nodes.insert(nodes.end(), one.nodes.begin(), one.nodes.end());
    texts.insert(texts.end(), one.texts.begin(), one.texts.end());
  }
  const auto kind = path.kind == XmlPath::Kind::attributes ? path.kind : XmlPath::Kind::children;
  return path.make(kind, path.name, std::move(nodes), std::move(texts));
}

Outcome<Value> find(MethodCall& call) {
  for (const auto& item : TRY(call.items()))
    if (TRY(call.test({item}))) return item;
  return self(call).nothing();
}

/// Of the first element.
Outcome<Value> attribute_map(MethodCall& call) {
  auto map = std::make_shared<Map>();
  if (!self(call).nodes.empty())
    for (const auto& attribute : self(call).nodes[0].attributes())
      if (!declares_namespace(attribute))
        TRY(Outcome<void>(map->put(Value(attribute.name()), Value(attribute.value()))));
  return Value(std::move(map));
}

/// The texts that stand in the element itself.
Outcome<Value> local_text(MethodCall& call) {
  Values texts;
  for (const auto& node : self(call).nodes)
    for (const auto& child : node.children())
      if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata)
        texts.emplace_back(child.value());
  return call.list_value(std::move(texts));
}

/// toInteger() and its kin: of the text.
template <const char* Name>
Outcome<Value> of_text(MethodCall& call) {
  return call.evaluator.invoke(Value(self(call).text()), Name, {}, call.context);
}
constexpr char to_integer[] = "toInteger", to_long[] = "toLong", to_float[] = "toFloat",
               to_double[] = "toDouble", to_big_integer[] = "toBigInteger",
               to_big_decimal[] = "toBigDecimal", to_boolean[] = "toBoolean", to_url[] = "toURL",
               to_uri[] = "toURI";

const MethodTable& path_methods() {
  static const MethodTable table = {
      {"text", {0, 0, [](MethodCall& c) { return c.text_value(self(c).text()); }}},
      {"name", {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(self(c).name); }}},
      {"size",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(static_cast<std::int64_t>(self(c).nodes.size() + self(c).texts.size()));
        }}},
      {"isEmpty",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(self(c).nodes.empty() && self(c).texts.empty());
        }}},
      {"children", {0, 0, [](MethodCall& c) -> Outcome<Value> { return self(c).children(); }}},
      {"parent", {0, 0, [](MethodCall& c) -> Outcome<Value> { return self(c).parents(); }}},
      {"attributes", {0, 0, attribute_map}},
      {"localText", {0, 0, local_text}},
      {"list",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return c.list_value(TRY(c.items())); }}},
      {"depthFirst",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> { return c.list_value(TRY(self(c).depth_first())); }}},
      {"breadthFirst",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return c.list_value(TRY(self(c).breadth_first()));
        }}},
      {"find", {1, 1, find}},
      {"findAll", {1, 1, find_all}},
      {"toInteger", {0, 0, of_text<to_integer>}},
      {"toLong", {0, 0, of_text<to_long>}},
      {"toFloat", {0, 0, of_text<to_float>}},
      {"toDouble", {0, 0, of_text<to_double>}},
      {"toBigInteger", {0, 0, of_text<to_big_integer>}},
      {"toBigDecimal", {0, 0, of_text<to_big_decimal>}},
      {"toBoolean", {0, 0, of_text<to_boolean>}},
      {"toURL", {0, 0, of_text<to_url>}},
      {"toURI", {0, 0, of_text<to_uri>}},
  };
  return table;
}

const Method* XmlPath::method(std::string_view wanted) const {
  const auto found = path_methods().find(wanted);
  return found == path_methods().end() ? nullptr : &found->second;
}

/// Whether elements stand in each other deeper than is read.
bool is_too_deep(pugi::xml_document& document) {
  struct Depth final : pugi::xml_tree_walker {
    bool for_each(pugi::xml_node&) override { return depth() < max_depth; }
  } walker;
  return !document.traverse(walker);
}

tl::unexpected<Signal> wrong(std::string_view text, std::ptrdiff_t offset, std::string_view why) {
  const auto before = text.substr(0, static_cast<std::size_t>(std::max<std::ptrdiff_t>(offset, 0)));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto column = before.size() - (before.rfind('\n') + 1) + 1;
  return raise("org.xml.sax.SAXParseException", "lineNumber: {}; columnNumber: {}; {}", line,
               column, why);
}

/// The `allowDocTypeDeclaration` of new XmlSlurper(validating, namespaceAware, ...).
enum class DocType { refused, allowed };

Outcome<Value> parse_text(MethodCall& call, DocType doc_type) {
  const auto text = TRY(call.text(0));
  TRY(call.evaluator.charge(text.size() * 4));
  auto document = std::make_shared<pugi::xml_document>();
  const auto parsed =
      document->load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_doctype);
  if (!parsed) return wrong(text, parsed.offset, parsed.description());
  for (const auto& child : document->children())
    if (child.type() == pugi::node_doctype && doc_type == DocType::refused)
      return wrong(text, child.offset_debug(), "DOCTYPE is disallowed");
  const auto roots = elements_in(*document);
  if (roots.size() > 1)
    return wrong(text, roots[1].offset_debug(), "there is more than one root element");
  if (is_too_deep(*document)) return refuse("XML that is nested deeper than {}", max_depth);
  const XmlPath top(document, XmlPath::Kind::nothing, "", {});
  return top.one(roots[0]);
}

Outcome<Value> no_files(MethodCall&) {
  return refuse(
      "XmlSlurper.parse() would read files of the controller: parseText(readFile('x.xml'))");
}

class XmlSlurperObject final : public Object {
 public:
  explicit XmlSlurperObject(DocType doc_type) : doc_type_(doc_type) {}
  std::string type_name() const override { return "groovy.util.XmlSlurper"; }
  const Method* method(std::string_view name) const override {
    static const Method strict = {1, 1,
                                  [](MethodCall& c) { return parse_text(c, DocType::refused); }};
    static const Method open = {1, 1,
                                [](MethodCall& c) { return parse_text(c, DocType::allowed); }};
    static const Method file = {1, 1, no_files};
    if (name == "parseText") return doc_type_ == DocType::allowed ? &open : &strict;
    return name == "parse" ? &file : nullptr;
  }

 private:
  DocType doc_type_;
};

Outcome<Value> new_slurper(StaticCall& call) {
  const auto* allows = call.count() == 3 ? call.arguments[2].as_flag() : nullptr;
  return Value(std::shared_ptr<Object>(
      std::make_shared<XmlSlurperObject>(allows && *allows ? DocType::allowed : DocType::refused)));
}

}  // namespace

std::span<const JavaClass> xml_classes() {
  static const std::vector<JavaClass> classes = {
      {.name = "groovy.util.XmlSlurper", .construct = {0, 3, new_slurper}},
  };
  return classes;
}

}  // namespace cupel::pipeline
