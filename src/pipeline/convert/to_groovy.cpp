// SPDX-License-Identifier: Apache-2.0
#include "pipeline/convert/to_groovy.hpp"

#include "base/text.hpp"
#include "pipeline/convert/document.hpp"
#include "pipeline/convert/groovy_text.hpp"

namespace cupel::pipeline::convert {
namespace {

/// Writes one section after the other. Each method is shown the node that it needs, with its place.
class Writer {
 public:
  explicit Writer(const syntax::Vocabulary& vocabulary) : vocabulary_(vocabulary) {}

  Result<std::string> pipeline(const Node& root) {
    const auto node = TRY(root.member("pipeline"));
    TRY(node.only({"agent", "stages", "options", "environment", "tools", "post", "libraries",
                   "parameters", "triggers"}));
    out_.open("pipeline");
    if (const auto libraries = TRY(node.find("libraries"))) TRY(this->libraries(*libraries));
    TRY(agent(TRY(node.member("agent"))));
    for (const auto* name : {"options", "triggers", "parameters"})
      if (const auto section = TRY(node.find(name))) TRY(calls(name, *section));
    TRY(common(node));
    TRY(stages("stages", TRY(node.member("stages"))));
    if (const auto section = TRY(node.find("post"))) TRY(post(*section));
    out_.close();
    return out_.take();
  }

 private:
  Result<> libraries(const Node& node) {
    out_.open("libraries");
    for (const auto& one : TRY(TRY(node.member("libraries")).elements()))
      out_.line("lib(" + TRY(value(one)) + ")");
    out_.close();
    return {};
  }

  /// environment and tools.
  Result<> common(const Node& node) {
    if (const auto section = TRY(node.find("tools"))) {
      out_.open("tools");
      for (const auto& one : TRY(section->elements()))
        out_.line(TRY(word(TRY(one.member("key")))) + " " + TRY(value(TRY(one.member("value")))));
      out_.close();
    }
    if (const auto section = TRY(node.find("environment"))) {
      out_.open("environment");
      for (const auto& one : TRY(section->elements()))
        out_.line(TRY(word(TRY(one.member("key")))) + " = " +
                  TRY(value_or_call(TRY(one.member("value")))));
      out_.close();
    }
    return {};
  }

  Result<> agent(const Node& node) {
    TRY(node.only({"type", "arguments", "argument"}));
    const auto type = TRY(word(TRY(node.member("type"))));
    if (const auto arguments = TRY(node.find("arguments"))) {
      out_.open("agent");
      TRY(map(type, *arguments));
      out_.close();
    } else if (const auto argument = TRY(node.find("argument"))) {
      out_.line("agent { " + type + " " + TRY(value(*argument)) + " }");
    } else {
      out_.line("agent " + type);
    }
    return {};
  }

  Result<> map(const std::string& name, const Node& entries) {
    out_.open(name);
    for (const auto& one : TRY(entries.elements())) {
      if (TRY(one.find("name"))) {  // a step of provision
        out_.line(TRY(call(one)));
        continue;
      }
      const auto key = TRY(word(TRY(one.member("key"))));
      const auto inner = TRY(one.member("value"));
      if (inner.is_array())
        TRY(map(key, inner));
      else
        out_.line(key + " " + TRY(value(inner)));
    }
    out_.close();
    return {};
  }

  /// options, triggers or parameters: {"options": [call, ...]}
  Result<> calls(const std::string& name, const Node& node) {
    out_.open(name);
    for (const auto& one : TRY(TRY(node.member(name)).elements())) out_.line(TRY(call(one)));
    out_.close();
    return {};
  }

  Result<std::string> call(const Node& node) {
    const auto name = TRY(word(TRY(node.member("name"))));
    std::vector<std::string> arguments;
    if (const auto given = TRY(node.find("arguments")))
      for (const auto& one : TRY(given->elements())) {
        if (const auto key = TRY(one.find("key")))
          arguments.push_back(TRY(argument_name(*key)) + ": " +
                              TRY(value_or_call(TRY(one.member("value")))));
        else
          arguments.push_back(TRY(value_or_call(one)));
      }
    return name + "(" + join(arguments, ", ") + ")";
  }

  Result<std::string> value_or_call(const Node& node) {
    return TRY(node.find("name")) ? call(node) : value(node);
  }

  Result<> stages(const std::string& name, const Node& node) {
    out_.open(name);
    for (const auto& one : TRY(node.elements())) TRY(stage(one));
    out_.close();
    return {};
  }

  Result<> stage(const Node& node) {
    TRY(node.only({"name", "agent", "when", "options", "environment", "tools", "input", "post",
                   "branches", "stages", "parallel", "matrix", "failFast"}));
    out_.open("stage(" + groovy_literal(TRY(TRY(node.member("name")).text())) + ")");
    TRY(sections(node));
    const auto branches = TRY(node.find("branches"));
    const auto fast = TRY(node.find("failFast"));
    const bool old = branches && TRY(branches->elements()).size() > 1;
    if (fast && !old) out_.line(TRY(fast->flag()) ? "failFast true" : "failFast false");
    if (branches) TRY(steps(*branches, fast));
    for (const auto* name : {"stages", "parallel"})
      if (const auto inner = TRY(node.find(name))) TRY(stages(name, *inner));
    if (const auto inner = TRY(node.find("matrix"))) TRY(matrix(*inner));
    if (const auto section = TRY(node.find("post"))) TRY(post(*section));
    out_.close();
    return {};
  }

  /// What stands before the body of a stage or of a cell.
  Result<> sections(const Node& node) {
    if (const auto section = TRY(node.find("agent"))) TRY(agent(*section));
    if (const auto section = TRY(node.find("when"))) TRY(when(*section));
    if (const auto section = TRY(node.find("options"))) TRY(calls("options", *section));
    if (const auto section = TRY(node.find("input"))) TRY(input(*section));
    return common(node);
  }

  Result<> steps(const Node& branches, const std::optional<Node>& fast) {
    const auto all = TRY(branches.elements());
    if (all.empty()) return branches.wrong("Array has 0 entries, requires minimum of 1");
    out_.open("steps");
    if (all.size() == 1) {
      TRY(step_list(TRY(all[0].member("steps"))));
    } else {
      out_.open_call("parallel");
      for (std::size_t i = 0; i < all.size(); ++i) {
        const bool last = i + 1 == all.size() && !fast;
        out_.open(groovy_literal(TRY(TRY(all[i].member("name")).text())) + ":");
        TRY(step_list(TRY(all[i].member("steps"))));
        out_.close(last ? "" : ",");
      }
      if (fast) out_.line(TRY(fast->flag()) ? "failFast: true" : "failFast: false");
      out_.close_call();
    }
    out_.close();
    return {};
  }

  Result<> step_list(const Node& node) {
    const auto all = TRY(node.elements());
    if (all.empty()) return node.wrong("Array has 0 entries, requires minimum of 1");
    for (const auto& one : all) TRY(step(one));
    return {};
  }

  Result<> step(const Node& node) {
    TRY(node.only({"name", "arguments", "children"}));
    const auto name = TRY(word(TRY(node.member("name"))));
    const auto given = TRY(node.member("arguments"));
    if (name == "script") return code(name, given);
    const auto text = name + TRY(step_arguments(name, given));
    const auto children = TRY(node.find("children"));
    if (!children) {
      out_.line(text.find('(') == std::string::npos && text == name ? text + "()" : text);
      return {};
    }
    out_.open(text);
    TRY(step_list(*children));
    out_.close();
    return {};
  }

  /// A block of Groovy code, given as text.
  Result<> code(const std::string& name, const Node& given) {
    auto raw = given;
    if (given.is_array()) {
      const auto all = TRY(given.elements());
      if (all.size() != 1) return given.wrong("Invalid argument syntax");
      raw = TRY(all[0].find("key")) ? TRY(all[0].member("value")) : all[0];
    }
    out_.open(name);
    out_.code(TRY(TRY(raw.member("value")).text()));
    out_.close();
    return {};
  }

  Result<std::string> step_arguments(const std::string& name, const Node& given) {
    if (!given.is_array()) return "(" + TRY(value(given)) + ")";
    const auto all = TRY(given.elements());
    if (all.empty()) return std::string("()");
    std::vector<std::string> arguments;
    const auto* signature = syntax::find_signature(vocabulary_.steps, name);
    for (const auto& one : all) {
      const auto key = TRY(one.find("key"));
      if (!key) {
        arguments.push_back(TRY(value(one)));
        continue;
      }
      auto written = TRY(value(TRY(one.member("value"))));
      const auto parameter = TRY(argument_name(*key));
      // Alone, a map would be taken for named arguments.
      const bool needless = all.size() == 1 && signature &&
                            signature->default_parameter == parameter && !written.starts_with('[');
      arguments.push_back(needless ? std::move(written) : parameter + ": " + written);
    }
    return "(" + join(arguments, ", ") + ")";
  }

  Result<> post(const Node& node) {
    out_.open("post");
    for (const auto& one : TRY(TRY(node.member("conditions")).elements())) {
      out_.open(TRY(word(TRY(one.member("condition")))));
      TRY(step_list(TRY(TRY(one.member("branch")).member("steps"))));
      out_.close();
    }
    out_.close();
    return {};
  }

  Result<> when(const Node& node) {
    TRY(node.only({"conditions", "beforeAgent", "beforeInput", "beforeOptions"}));
    out_.open("when");
    for (const auto* name : {"beforeAgent", "beforeInput", "beforeOptions"})
      if (const auto flag = TRY(node.find(name)))
        out_.line(std::string(name) + (TRY(flag->flag()) ? " true" : " false"));
    for (const auto& one : TRY(TRY(node.member("conditions")).elements())) TRY(condition(one));
    out_.close();
    return {};
  }

  Result<> condition(const Node& node) {
    const auto name = TRY(word(TRY(node.member("name"))));
    if (const auto children = TRY(node.find("children"))) {
      out_.open(name);
      for (const auto& one : TRY(children->elements())) TRY(condition(one));
      out_.close();
      return {};
    }
    const auto given = TRY(node.member("arguments"));
    if (name == "expression") return code(name, given);
    out_.line(name + TRY(step_arguments(name, given)));
    return {};
  }

  Result<> input(const Node& node) {
    TRY(node.only({"message", "id", "ok", "submitter", "submitterParameter", "parameters"}));
    out_.open("input");
    out_.line("message " + TRY(value(TRY(node.member("message")))));
    for (const auto* name : {"id", "ok", "submitter", "submitterParameter"})
      if (const auto field = TRY(node.find(name)))
        out_.line(std::string(name) + " " + TRY(value(*field)));
    if (const auto parameters = TRY(node.find("parameters"))) TRY(calls("parameters", *parameters));
    out_.close();
    return {};
  }

  Result<> matrix(const Node& node) {
    TRY(node.only({"axes", "excludes", "stages", "agent", "when", "options", "environment", "tools",
                   "input", "post"}));
    out_.open("matrix");
    TRY(axes("axes", TRY(node.member("axes"))));
    if (const auto excludes = TRY(node.find("excludes"))) {
      out_.open("excludes");
      for (const auto& one : TRY(excludes->elements())) TRY(axes("exclude", one));
      out_.close();
    }
    TRY(sections(node));
    TRY(stages("stages", TRY(node.member("stages"))));
    if (const auto section = TRY(node.find("post"))) TRY(post(*section));
    out_.close();
    return {};
  }

  Result<> axes(const std::string& name, const Node& node) {
    out_.open(name);
    for (const auto& one : TRY(node.elements())) {
      TRY(one.only({"name", "values", "inverse"}));
      out_.open("axis");
      out_.line("name " + groovy_literal(TRY(TRY(one.member("name")).text())));
      std::vector<std::string> values;
      for (const auto& element : TRY(TRY(one.member("values")).elements()))
        values.push_back(TRY(value(element)));
      const auto inverse = TRY(one.find("inverse"));
      const bool unlike = inverse && TRY(inverse->flag());
      out_.line((unlike ? "notValues " : "values ") + join(values, ", "));
      out_.close();
    }
    out_.close();
    return {};
  }

  const syntax::Vocabulary& vocabulary_;
  GroovyText out_;
};

}  // namespace

Result<std::string> to_groovy(const json::Value& document, const syntax::Vocabulary& vocabulary) {
  return Writer(vocabulary).pipeline(Node(document, ""));
}

}  // namespace cupel::pipeline::convert
