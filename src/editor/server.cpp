// SPDX-License-Identifier: Apache-2.0
#include "editor/server.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "editor/surrounding.hpp"
#include "editor/text_position.hpp"
#include "editor/vocabulary_at.hpp"

namespace cupel::editor {
namespace {

// JSON-RPC's and the protocol's codes.
constexpr int parse_error = -32700;
constexpr int invalid_request = -32600;
constexpr int method_not_found = -32601;
constexpr int invalid_params = -32602;
constexpr int not_initialized = -32002;

json::Value error(const json::Value& id, int code, std::string_view text) {
  return json::Object{
      {"jsonrpc", "2.0"}, {"id", id}, {"error", json::Object{{"code", code}, {"message", text}}}};
}

json::Value to_json(const TextPosition& position) {
  return json::Object{{"line", position.line}, {"character", position.character}};
}

json::Value range(const pipeline::syntax::Source& source, const pipeline::syntax::Span& span) {
  return json::Object{{"start", to_json(position_of(source, span.begin))},
                      {"end", to_json(position_of(source, span.end))}};
}

Result<const json::Value*> member(const json::Value& value, std::string_view key) {
  const auto* found = value.find(key);
  if (!found) return fail(Fault::invalid, "there is no '{}'", key);
  return found;
}

Result<std::string> uri_of(const json::Value& parameters) {
  return TRY(member(parameters, "textDocument"))->text("uri");
}

Result<TextPosition> position(const json::Value& value) {
  const TextPosition made{TRY(value.integer("line")), TRY(value.integer("character"))};
  if (made.line < 0 || made.character < 0) return fail(Fault::invalid, "a negative position");
  return made;
}

/// One change, of a range or of everything.
Result<> apply(const json::Value& change, std::string& text) {
  auto replacement = TRY(change.text("text"));
  const auto* range = change.find("range");
  if (!range || range->is_null()) {
    text = std::move(replacement);
    return {};
  }
  const auto begin = offset_of(text, TRY(position(*TRY(member(*range, "start")))));
  const auto end = offset_of(text, TRY(position(*TRY(member(*range, "end")))));
  if (end < begin) return fail(Fault::invalid, "a range that ends before it begins");
  text.replace(begin, end - begin, replacement);
  return {};
}

int kind_of(Offer::Kind kind) {
  switch (kind) {  // CompletionItemKind
    case Offer::Kind::section: return 14;
    case Offer::Kind::step: return 3;
    case Offer::Kind::parameter: return 5;
    case Offer::Kind::value: return 12;
  }
  return 1;
}

json::Value markdown(std::string text) {
  return json::Object{{"kind", "markdown"}, {"value", std::move(text)}};
}

bool is_request(std::string_view method) {
  return method == "initialize" || method == "textDocument/hover" ||
         method == "textDocument/completion" || method == "shutdown";
}

/// The file's name, for messages.
std::string name_of(const std::string& uri) { return uri.substr(uri.rfind('/') + 1); }

}  // namespace

std::vector<json::Value> Server::handle(std::string_view message) {
  out_.clear();
  const auto parsed = json::parse(message);
  if (!parsed) return {error({}, parse_error, parsed.error().text())};
  const auto* id = parsed->find("id");
  const auto method = parsed->text("method");
  if (!method) {
    // An answer to a request of ours; we make none.
    if (parsed->find("result") || parsed->find("error")) return {};
    return {error(id ? *id : json::Value(), invalid_request, "there is no method")};
  }
  static const json::Value nothing = json::Object{};
  const auto* parameters = parsed->find("params");
  if (!id) {
    notification(*method, parameters ? *parameters : nothing);
    return std::move(out_);
  }
  if (state_ == State::fresh && *method != "initialize")
    return {error(*id, not_initialized, "initialize comes first")};
  if (state_ == State::shut_down) return {error(*id, invalid_request, "the server was shut down")};
  if (!is_request(*method))
    return {error(*id, method_not_found,
                  fmt::format("the method '{}' is not known", printable(*method)))};
  auto answer = request(*method, parameters ? *parameters : nothing);
  if (!answer)
    out_.push_back(error(*id, invalid_params, answer.error().text()));
  else
    out_.push_back(json::Object{{"jsonrpc", "2.0"}, {"id", *id}, {"result", std::move(*answer)}});
  return std::move(out_);
}

Server::Answer Server::request(const std::string& method, const json::Value& parameters) {
  if (method == "initialize") return initialize();
  if (method == "textDocument/hover") return hover(parameters);
  if (method == "textDocument/completion") return completion(parameters);
  state_ = State::shut_down;
  return json::Value();
}

void Server::notification(const std::string& method, const json::Value& parameters) {
  if (method == "exit") {
    ended_ = true;
    return;
  }
  if (state_ != State::ready) return;
  // A notification has no answer: one that is wrong is passed over, as the protocol wants.
  if (method == "textDocument/didOpen") static_cast<void>(open(parameters).has_value());
  if (method == "textDocument/didChange") static_cast<void>(change(parameters).has_value());
  if (method == "textDocument/didClose") close(parameters);
}

json::Value Server::initialize() {
  state_ = State::ready;
  constexpr int incremental = 2;
  json::Object capabilities{
      {"positionEncoding", "utf-16"},
      {"textDocumentSync", json::Object{{"openClose", true}, {"change", incremental}}},
      {"hoverProvider", true},
      {"completionProvider", json::Object{{"triggerCharacters", json::Array{"(", " ", ","}}}}};
  return json::Object{{"capabilities", std::move(capabilities)},
                      {"serverInfo", json::Object{{"name", "cupel"}, {"version", version_}}}};
}

Result<> Server::open(const json::Value& parameters) {
  const auto* document = TRY(member(parameters, "textDocument"));
  const auto uri = TRY(document->text("uri"));
  auto text = TRY(document->text("text"));
  if (text.size() > largest_document ||
      (documents_.size() >= most_documents && !documents_.contains(uri)))
    return fail(Fault::unavailable, "too much is open");
  documents_[uri] = std::move(text);
  publish(uri);
  return {};
}

Result<> Server::change(const json::Value& parameters) {
  const auto uri = TRY(uri_of(parameters));
  const auto found = documents_.find(uri);
  if (found == documents_.end()) return fail(Fault::not_found, "the document is not open");
  const auto* changes = TRY(member(parameters, "contentChanges"))->as_array();
  if (!changes) return fail(Fault::invalid, "contentChanges is no array");
  auto text = found->second;
  for (const auto& one : *changes) {
    TRY(apply(one, text));
    if (text.size() > largest_document)
      return fail(Fault::unavailable, "the document is too large");
  }
  found->second = std::move(text);
  publish(uri);
  return {};
}

void Server::close(const json::Value& parameters) {
  const auto uri = uri_of(parameters);
  if (!uri || documents_.erase(*uri) == 0) return;
  out_.push_back(
      json::Object{{"jsonrpc", "2.0"},
                   {"method", "textDocument/publishDiagnostics"},
                   {"params", json::Object{{"uri", *uri}, {"diagnostics", json::Array{}}}}});
}

void Server::publish(const std::string& uri) {
  const pipeline::syntax::Source source(name_of(uri), documents_[uri]);
  const auto language = language_of_(uri);
  if (language.trouble != trouble_ && !language.trouble.empty())
    out_.push_back(
        json::Object{{"jsonrpc", "2.0"},
                     {"method", "window/showMessage"},
                     {"params", json::Object{{"type", 1}, {"message", language.trouble}}}});
  trouble_ = language.trouble;
  json::Array list;
  for (const auto& one : language.check(source)) {
    const bool is_error = one.severity == pipeline::syntax::Severity::error;
    list.push_back(
        json::Object{{"range", range(source, one.span)},
                     {"severity", is_error ? 1 : 2},
                     {"source", "cupel"},
                     {"message", one.hint.empty() ? one.message : one.message + "; " + one.hint}});
  }
  out_.push_back(
      json::Object{{"jsonrpc", "2.0"},
                   {"method", "textDocument/publishDiagnostics"},
                   {"params", json::Object{{"uri", uri}, {"diagnostics", std::move(list)}}}});
}

Server::Answer Server::hover(const json::Value& parameters) const {
  const auto found = documents_.find(TRY(uri_of(parameters)));
  if (found == documents_.end()) return json::Value();
  const auto& text = found->second;
  const auto offset = offset_of(text, TRY(position(*TRY(member(parameters, "position")))));
  const auto word = word_at(text, offset);
  const auto begin = static_cast<std::size_t>(word.data() - text.data());
  auto text_about = about(word, surrounding_of(text, begin), language_of_(found->first).steps);
  if (!text_about) return json::Value();
  return json::Object{{"contents", markdown(std::move(*text_about))}};
}

Server::Answer Server::completion(const json::Value& parameters) const {
  const auto found = documents_.find(TRY(uri_of(parameters)));
  json::Array items;
  if (found == documents_.end()) return items;
  const auto& text = found->second;
  const auto offset = offset_of(text, TRY(position(*TRY(member(parameters, "position")))));
  const auto word = word_at(std::string_view(text).substr(0, offset), offset);
  const auto language = language_of_(found->first);
  for (auto& offer : offers_at(surrounding_of(text, offset - word.size()), language.steps)) {
    json::Object item{{"label", offer.word}, {"kind", kind_of(offer.kind)}};
    if (!offer.about.empty()) item.emplace_back("documentation", markdown(std::move(offer.about)));
    if (!offer.insert.empty()) item.emplace_back("insertText", std::move(offer.insert));
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace cupel::editor
