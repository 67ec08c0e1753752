// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "pipeline/syntax/diagnostic.hpp"
#include "pipeline/syntax/signature.hpp"

namespace cupel::editor {

/// A language server for pipelines: answers messages, knows the documents that are open. Pure:
/// whoever has the streams gives it messages and sends its answers. One thread.
class Server {
 public:
  /// What holds for one document.
  struct Language {
    std::function<std::vector<pipeline::syntax::Diagnostic>(const pipeline::syntax::Source&)> check;
    std::span<const pipeline::syntax::StepSignature>
        steps;                 ///< borrowed until the next is asked for
    std::string trouble = {};  ///< why it is not what it should be: shown to the person once
  };
  using LanguageOf = std::function<Language(const std::string& uri)>;
  static constexpr std::size_t most_documents = 256;
  static constexpr std::size_t largest_document = 16U << 20;

  Server(LanguageOf language_of, std::string version)
      : language_of_(std::move(language_of)), version_(std::move(version)) {}

  /// What is to be sent after this message, in order. Nothing that comes in is too wrong to be
  /// answered.
  std::vector<json::Value> handle(std::string_view message);

  /// The client said `exit`.
  bool ended() const { return ended_; }
  /// 0 if it said `shutdown` before.
  int exit_status() const { return state_ == State::shut_down ? 0 : 1; }

 private:
  enum class State { fresh, ready, shut_down };
  using Answer = Result<json::Value>;

  /// One of those that are known.
  Answer request(const std::string& method, const json::Value& parameters);
  void notification(const std::string& method, const json::Value& parameters);
  json::Value initialize();
  Result<> open(const json::Value& parameters);
  Result<> change(const json::Value& parameters);
  void close(const json::Value& parameters);
  Answer hover(const json::Value& parameters) const;
  Answer completion(const json::Value& parameters) const;
  void publish(const std::string& uri);

  LanguageOf language_of_;
  std::string version_;
  std::string trouble_;  ///< the last that was shown
  State state_ = State::fresh;
  bool ended_ = false;
  std::map<std::string, std::string> documents_;  // text by URI
  std::vector<json::Value> out_;
};

}  // namespace cupel::editor
