// SPDX-License-Identifier: Apache-2.0
#include <cctype>

#include "pipeline/groovy/bytes.hpp"
#include "pipeline/groovy/java_classes.hpp"
#include "pipeline/groovy/object.hpp"
#include "pipeline/groovy/text_methods.hpp"

namespace cupel::pipeline {
namespace {

Outcome<Value> encode(StaticCall& call) {
  const auto text = TRY(call.text(0));
  std::string whole;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 &&
        (std::isalnum(byte) != 0 || std::string_view(".-*_").find(c) != std::string::npos))
      whole += c;
    else if (c == ' ')
      whole += '+';
    else
      whole += fmt::format("%{:02X}", byte);
  }
  return Value(std::move(whole));
}

std::optional<int> hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

/// %XX, and + as a blank.
Outcome<std::string> percent_decoded(const std::string& text, bool plus) {
  std::string whole;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus) {
      whole += ' ';
    } else if (text[i] == '%') {
      const auto high = i + 2 < text.size() ? hex(text[i + 1]) : std::nullopt;
      const auto low = i + 2 < text.size() ? hex(text[i + 2]) : std::nullopt;
      if (!high || !low)
        return raise("java.lang.IllegalArgumentException",
                     "URLDecoder: Incomplete trailing escape (%) pattern");
      whole += static_cast<char>(static_cast<unsigned char>(*high * 16 + *low));
      i += 2;
    } else {
      whole += text[i];
    }
  }
  return whole;
}

struct Parts {
  std::optional<std::string> scheme, user, host, query, fragment;
  std::string path;
  std::int64_t port = -1;
  bool authority = false;
};

Parts parts_of(std::string text) {
  Parts parts;
  if (const auto at = text.find('#'); at != std::string::npos) {
    parts.fragment = text.substr(at + 1);
    text.erase(at);
  }
  if (const auto at = text.find('?'); at != std::string::npos) {
    parts.query = text.substr(at + 1);
    text.erase(at);
  }
  if (const auto at = text.find_first_of(":/");
      at != std::string::npos && text[at] == ':' && at > 0) {
    parts.scheme = text.substr(0, at);
    text.erase(0, at + 1);
  }
  if (text.starts_with("//")) {
    parts.authority = true;
    const auto end = std::min(text.find('/', 2), text.size());
    auto authority = text.substr(2, end - 2);
    text.erase(0, end);
    if (const auto at = authority.rfind('@'); at != std::string::npos) {
      parts.user = authority.substr(0, at);
      authority.erase(0, at + 1);
    }
    const auto colon = authority.rfind(':');
    if (colon != std::string::npos && authority.find(']', colon) == std::string::npos) {
      if (const auto port = BigInteger::parse(authority.substr(colon + 1)))
        parts.port = port->low();
      authority.erase(colon);
    }
    parts.host = authority;
  }
  parts.path = text;
  return parts;
}

Value text_or_null(const std::optional<std::string>& text) { return text ? Value(*text) : Value(); }

/// A URI or URL: taken apart, never opened.
class AddressObject final : public Object {
 public:
  AddressObject(std::string type, std::string text)
      : type_(std::move(type)), text_(std::move(text)), parts_(parts_of(text_)) {}
  std::string type_name() const override { return type_; }
  std::string text() const override { return text_; }
  Outcome<std::string> to_string() override { return text_; }
  std::optional<Value> plain() const override { return Value(text_); }
  Outcome<bool> equals(const Value& other) override {
    const auto* address = dynamic_cast<const AddressObject*>(other.object_here());
    return address && address->text_ == text_;
  }
  Outcome<Value> get(const std::string& name, Context& context) override {
    if (name == "scheme" || name == "protocol") return text_or_null(parts_.scheme);
    if (name == "host") return text_or_null(parts_.host);
    if (name == "port") return Value(parts_.port);
    if (name == "path") return Value(TRY(percent_decoded(parts_.path, false)));
    if (name == "rawPath") return Value(parts_.path);
    if (name == "file") return Value(parts_.path + (parts_.query ? "?" + *parts_.query : ""));
    if (name == "query" || name == "rawQuery") return text_or_null(parts_.query);
    if (name == "fragment" || name == "ref") return text_or_null(parts_.fragment);
    if (name == "userInfo") return text_or_null(parts_.user);
    if (name == "authority") return text_or_null(parts_.host);
    if (name == "text" || name == "bytes" || name == "content")
      return refuse(
          "{} of a URL is not supported: it would be read by the controller; use sh 'curl ...' or "
          "httpRequest",
          name);
    return Object::get(name, context);
  }
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    if (arguments.empty()) {
      if (name == "toString" || name == "toExternalForm" || name == "toASCIIString")
        return Value(text_);
      if (name == "toURL" || name == "toURI" || name == "normalize")
        return Value(std::shared_ptr<Object>(std::make_shared<AddressObject>(
            name == "toURL" ? "java.net.URL" : "java.net.URI", text_)));
      if (name == "openConnection" || name == "openStream" || name == "newReader" ||
          name == "getText")
        return refuse(
            "{}() of a URL is not supported: it would run on the controller; use sh 'curl ...'",
            name);
      if (name.starts_with("get") && name.size() > 3) {
        auto property = name.substr(3);
        property[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(property[0])));
        return get(property, context);
      }
    }
    return Object::call(name, arguments, context);
  }

 private:
  std::string type_, text_;
  Parts parts_;
};

Outcome<Value> new_uri(StaticCall& call) {
  auto text = TRY(call.text(0));
  for (std::size_t i = 0; i < text.size(); ++i)
    if (static_cast<unsigned char>(text[i]) <= ' ' ||
        std::string_view("<>\"{}|\\^`").find(text[i]) != std::string::npos)
      return raise("java.net.URISyntaxException", "Illegal character at index {}: {}", i, text);
  return Value(
      std::shared_ptr<Object>(std::make_shared<AddressObject>("java.net.URI", std::move(text))));
}

Outcome<Value> new_url(StaticCall& call) {
  auto text = TRY(call.text(0));
  if (!parts_of(text).scheme)
    return raise("java.net.MalformedURLException", "no protocol: {}", text);
  return Value(
      std::shared_ptr<Object>(std::make_shared<AddressObject>("java.net.URL", std::move(text))));
}

/// Base64.getEncoder() and its kin.
class CoderObject final : public Object {
 public:
  CoderObject(std::string type, Alphabet alphabet, Padding padding)
      : type_(std::move(type)), alphabet_(alphabet), padding_(padding) {}
  std::string type_name() const override { return type_; }
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    if (arguments.size() == 1 && (name == "encodeToString" || name == "encode")) {
      auto text = base64(TRY(bytes_of(arguments[0])), alphabet_, padding_);
      return name == "encode" ? byte_array(text) : Value(std::move(text));
    }
    if (arguments.size() == 1 && name == "decode") {
      const auto bytes = from_base64(TRY(bytes_of(arguments[0])), alphabet_);
      if (!bytes) return raise("java.lang.IllegalArgumentException", "Illegal base64 character");
      return byte_array(*bytes);
    }
    if (arguments.empty() && name == "withoutPadding")
      return Value(std::shared_ptr<Object>(
          std::make_shared<CoderObject>(type_, alphabet_, Padding::without)));
    return Object::call(name, arguments, context);
  }

 private:
  std::string type_;
  Alphabet alphabet_;
  Padding padding_;
};

template <Alphabet alphabet>
Outcome<Value> coder(StaticCall&) {
  return Value(std::shared_ptr<Object>(
      std::make_shared<CoderObject>("java.util.Base64$Encoder", alphabet, Padding::with)));
}

}  // namespace

std::span<const JavaClass> net_classes() {
  static const std::vector<JavaClass> classes = {
      {.name = "java.net.URLEncoder", .methods = {{"encode", {1, 2, encode}}}},
      {.name = "java.net.URLDecoder",
       .methods = {{"decode",
                    {1, 2,
                     [](StaticCall& c) -> Outcome<Value> {
                       return Value(TRY(percent_decoded(TRY(c.text(0)), true)));
                     }}}}},
      {.name = "java.net.URI",
       .construct = {1, 1, new_uri},
       .methods = {{"create", {1, 1, new_uri}}}},
      {.name = "java.net.URL", .construct = {1, 1, new_url}},
      {.name = "java.util.Base64",
       .methods = {{"getEncoder", {0, 0, coder<Alphabet::plain>}},
                   {"getDecoder", {0, 0, coder<Alphabet::plain>}},
                   {"getMimeEncoder", {0, 0, coder<Alphabet::plain>}},
                   {"getMimeDecoder", {0, 0, coder<Alphabet::plain>}},
                   {"getUrlEncoder", {0, 0, coder<Alphabet::url>}},
                   {"getUrlDecoder", {0, 0, coder<Alphabet::url>}}},
       .properties = {{"encoder", coder<Alphabet::plain>},
                      {"decoder", coder<Alphabet::plain>},
                      {"mimeDecoder", coder<Alphabet::plain>},
                      {"urlEncoder", coder<Alphabet::url>},
                      {"urlDecoder", coder<Alphabet::url>}}},
  };
  return classes;
}

}  // namespace cupel::pipeline
