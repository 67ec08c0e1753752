// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/bytes.hpp"
#include "pipeline/groovy/collections.hpp"
#include "pipeline/groovy/java_classes.hpp"
#include "pipeline/groovy/regex_values.hpp"
#include "pipeline/groovy/string_builder.hpp"
#include "pipeline/groovy/text_format.hpp"
#include "pipeline/groovy/text_methods.hpp"

namespace cupel::pipeline {
namespace {

template <typename T, typename... A>
Value object(A... arguments) {
  return Value(std::shared_ptr<Object>(std::make_shared<T>(std::move(arguments)...)));
}

/// new String(), new String(text), new String(bytes or characters, charset)
Outcome<Value> new_string(StaticCall& call) {
  if (call.count() == 0) return Value("");
  const auto& value = call.arguments[0];
  const auto* list = value.list_here();
  if (!list) return Value(TRY(call.text(0)));
  if (list->type == "char[]") {
    std::string whole;
    for (const auto& one : list->items) whole += TRY(text_of(one));
    return Value(std::move(whole));
  }
  const auto charset = call.count() > 1 ? TRY(call.text(1)) : std::string("UTF-8");
  return Value(TRY(decode_text(TRY(bytes_of(value)), charset)));
}

Outcome<Value> format(StaticCall& call) {
  std::size_t first = 0;
  if (!call.arguments[0].is_text() && call.count() > 1) first = 1;  // a Locale
  std::vector<Value> values(call.arguments.begin() + static_cast<std::ptrdiff_t>(first) + 1,
                            call.arguments.end());
  if (values.size() == 1 && values[0].list_here()) values = TRY(elements_of(values[0]));
  return Value(TRY(format_java(TRY(call.text(first)), values)));
}

Outcome<Value> join(StaticCall& call) {
  const auto separator = TRY(call.text(0));
  std::vector<Value> parts(call.arguments.begin() + 1, call.arguments.end());
  if (parts.size() == 1 && !parts[0].is_text()) parts = TRY(elements_of(parts[0]));
  std::string whole;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    whole += (i > 0 ? separator : std::string()) + TRY(text_of(parts[i]));
    if (whole.size() > max_text) return refuse("the text would be too long");
  }
  TRY(call.evaluator.charge(whole.size()));
  return Value(std::move(whole));
}

Outcome<Value> value_of(StaticCall& call) {
  const auto* list = call.arguments[0].list_here();
  if (list && list->type == "char[]") return new_string(call);
  return Value(TRY(call.text(0)));
}

template <const char* Name>
Outcome<Value> new_builder(StaticCall& call) {
  std::string text;
  if (call.count() == 1 && !call.arguments[0].is_number()) text = TRY(call.text(0));
  return object<StringBuilderObject>(std::string(Name), std::move(text));
}
constexpr char builder_name[] = "java.lang.StringBuilder";
constexpr char buffer_name[] = "java.lang.StringBuffer";
constexpr char writer_name[] = "java.io.StringWriter";
constexpr char reader_name[] = "java.io.StringReader";

/// A PrintWriter on a StringWriter writes into it.
Outcome<Value> new_print_writer(StaticCall& call) {
  if (dynamic_cast<StringBuilderObject*>(call.arguments[0].object_here())) return call.arguments[0];
  return refuse("a PrintWriter of a {} is not supported; use writeFile",
                call.arguments[0].type_name());
}

Outcome<Value> compile(StaticCall& call) {
  const auto flags = call.count() == 2 ? TRY(call.integer(1)) : 0;
  return object<PatternObject>(
      TRY(compile_regex(TRY(call.text(0)), call.evaluator, static_cast<std::uint32_t>(flags))));
}

Outcome<Value> matches(StaticCall& call) {
  return Value(
      TRY(matches_whole(call.arguments[1], call.arguments[0], call.evaluator, call.context)));
}

template <std::int64_t Number>
Outcome<Value> constant(StaticCall&) {
  return Value(Number);
}

class DigestObject final : public Object {
 public:
  explicit DigestObject(std::string algorithm) : algorithm_(std::move(algorithm)) {}
  std::string type_name() const override { return "java.security.MessageDigest"; }
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    if ((name == "update" || name == "leftShift") && arguments.size() == 1) {
      fed_ += TRY(bytes_of(arguments[0]));
      return Value();
    }
    if (name == "digest" && arguments.size() <= 1) {
      if (arguments.size() == 1) fed_ += TRY(bytes_of(arguments[0]));
      const auto hex = TRY(digest(std::exchange(fed_, {}), algorithm_));
      std::string bytes;
      for (std::size_t i = 0; i < hex.size(); i += 2)
        bytes += static_cast<char>(BigInteger::parse(hex.substr(i, 2), 16)->low());
      return byte_array(bytes);
    }
    if (name == "reset" && arguments.empty()) {
      fed_.clear();
      return Value();
    }
    if (name == "getAlgorithm" && arguments.empty()) return Value(algorithm_);
    return Object::call(name, arguments, context);
  }

 private:
  std::string algorithm_;
  std::string fed_;
};

Outcome<Value> digest_instance(StaticCall& call) {
  auto algorithm = TRY(call.text(0));
  TRY(digest("", algorithm));
  return object<DigestObject>(std::move(algorithm));
}

template <const char* Name>
Outcome<Value> text_constant(StaticCall&) {
  return Value(Name);
}
constexpr char utf_8[] = "UTF-8", latin_1[] = "ISO-8859-1", ascii[] = "US-ASCII";

Order ignoring_case() {
  return [](const Value& a, const Value& b) -> Outcome<int> {
    const auto x = lower_case(TRY(text_of(a))), y = lower_case(TRY(text_of(b)));
    return x < y ? -1 : x > y ? 1 : 0;
  };
}

}  // namespace

std::span<const JavaClass> text_classes() {
  static const std::vector<JavaClass> classes = {
      {.name = "java.lang.String",
       .construct = {0, 3, new_string},
       .methods = {{"format", {1, any_number, format}},
                   {"join", {1, any_number, join}},
                   {"valueOf", {1, 1, value_of}},
                   {"copyValueOf", {1, 1, value_of}}},
       .properties = {{"CASE_INSENSITIVE_ORDER",
                       [](StaticCall&) -> Outcome<Value> {
                         return comparator_value(ignoring_case());
                       }}}},
      {.name = "java.lang.StringBuilder", .construct = {0, 1, new_builder<builder_name>}},
      {.name = "java.lang.StringBuffer", .construct = {0, 1, new_builder<buffer_name>}},
      {.name = "java.io.StringWriter", .construct = {0, 1, new_builder<writer_name>}},
      {.name = "java.io.StringReader", .construct = {1, 1, new_builder<reader_name>}},
      {.name = "java.io.PrintWriter", .construct = {1, 2, new_print_writer}},
      {.name = "java.security.MessageDigest",
       .methods = {{"getInstance", {1, 1, digest_instance}}}},
      {.name = "java.nio.charset.StandardCharsets",
       .properties = {{"UTF_8", text_constant<utf_8>},
                      {"ISO_8859_1", text_constant<latin_1>},
                      {"US_ASCII", text_constant<ascii>}}},
  };
  return classes;
}

std::span<const JavaClass> regex_classes() {
  static const std::vector<JavaClass> classes = {
      {.name = "java.util.regex.Pattern",
       .methods = {{"compile", {1, 2, compile}},
                   {"matches", {2, 2, matches}},
                   {"quote",
                    {1, 1,
                     [](StaticCall& c) -> Outcome<Value> {
                       return Value(Regex::quote(TRY(c.text(0))));
                     }}}},
       .properties = {{"CASE_INSENSITIVE", constant<Regex::case_insensitive>},
                      {"MULTILINE", constant<Regex::multiline>},
                      {"DOTALL", constant<Regex::dotall>},
                      {"COMMENTS", constant<Regex::comments>},
                      {"LITERAL", constant<Regex::literal>},
                      {"UNIX_LINES", constant<Regex::unix_lines>},
                      {"UNICODE_CASE", constant<Regex::unicode_case>},
                      {"CANON_EQ", constant<Regex::canon_eq>},
                      {"UNICODE_CHARACTER_CLASS", constant<Regex::unicode_character_class>}}},
      {.name = "java.util.regex.Matcher",
       .methods = {{"quoteReplacement",
                    {1, 1,
                     [](StaticCall& c) -> Outcome<Value> {
                       return Value(quote_replacement(TRY(c.text(0))));
                     }}}}},
  };
  return classes;
}

}  // namespace cupel::pipeline
