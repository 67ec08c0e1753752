// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <variant>

#include "base/error.hpp"
#include "model/verdict.hpp"
#include "pipeline/groovy/object.hpp"
#include "pipeline/groovy/value.hpp"
#include "pipeline/syntax/source.hpp"

namespace cupel::pipeline {

/// Something thrown: by `throw`, by a step that failed, by an operation that Groovy refuses, or by
/// an interruption (a timeout, an abort), which carries the result that it gives to the run.
class Exception : public Object {
 public:
  Exception(std::string class_name, std::string message)
      : class_name_(std::move(class_name)), message_(std::move(message)) {}
  Exception(std::string class_name, std::optional<std::string> message)
      : class_name_(std::move(class_name)),
        message_(message.value_or("")),
        has_message_(message.has_value()) {}

  std::string type_name() const override { return class_name_; }
  std::string text() const override;
  Outcome<Value> get(const std::string& name, Context& context) override;
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override;

  void set_message(std::string message) {
    message_ = std::move(message);
    has_message_ = true;
  }
  /// Fully qualified: "hudson.AbortException".
  const std::string& class_name() const { return class_name_; }
  const std::string& message() const { return message_; }
  /// Whether `catch (TYPE e)` takes it; the type may be without its package.
  bool is_a(std::string_view type) const override;
  Outcome<std::string> to_string() override;

  /// Ordinary exceptions make a FAILURE; interruptions say themselves.
  model::Verdict verdict() const { return interruption.value_or(model::Verdict::failure); }

  std::optional<model::Verdict> interruption;
  /// An abort from outside, or a timeout whose step has not been left yet: `retry` does not retry.
  bool actual = false;
  /// Not the pipeline's fault: a machine or a tool of ours failed.
  bool infrastructure = false;
  /// The log has it already.
  bool reported = false;
  std::shared_ptr<Value> cause;
  std::vector<Value> suppressed;
  std::optional<syntax::Span> where;
  const syntax::Source* source = nullptr;  ///< that `where` lies in; null: the Jenkinsfile

 private:
  std::string class_name_;
  std::string message_;
  bool has_message_ = true;
};
using ExceptionPtr = std::shared_ptr<Exception>;  // shared: a Groovy value, as any object

struct Return {
  Value value;
};
struct Break {
  std::string label;
};
struct Continue {
  std::string label;
};
struct Throw {
  ExceptionPtr exception;
};
/// A limit of the interpreter was reached; no `catch` takes it.
struct Exhausted {
  ExceptionPtr exception;
};

/// How control leaves an expression or statement other than by its end. Travels by TRY.
class Signal {
 public:
  using Kind = std::variant<Return, Break, Continue, Throw, Exhausted>;
  template <typename T>
  requires std::is_constructible_v<Kind, T> Signal(T kind) : kind_(std::move(kind)) {}
  /// An Error becomes a thrown hudson.AbortException with its text.
  Signal(Error error);

  const Kind& kind() const { return kind_; }
  /// What was thrown, or the limit that was reached; null for the rest.
  ExceptionPtr exception() const;
  Error as_error() const;
  Signal& add_frame(std::string) { return *this; }
  /// Says where it was thrown, if nobody did yet.
  void place(const syntax::Span& span, const syntax::Source* source = nullptr);

 private:
  Kind kind_;
};

/// A value, or a Signal. Dropping one does not compile.
template <typename T>
class [[nodiscard]] Outcome : public tl::expected<T, Signal> {
 public:
  using Base = tl::expected<T, Signal>;
  using Base::Base;
  Outcome(Result<T> result) : Base(from(std::move(result))) {}

 private:
  static Base from(Result<T> result) {
    if (!result) return tl::unexpected(Signal(std::move(result.error())));
    if constexpr (std::is_void_v<T>)
      return {};
    else
      return Base(std::move(*result));
  }
};

/// An exception as an Error with its text, for those who only know failures.
template <typename T>
Result<T> as_result(Outcome<T> outcome) {
  if (outcome) return std::move(*outcome);
  return tl::unexpected(outcome.error().as_error());
}

/// Throws an exception of a Java or Groovy class.
template <typename... Args>
tl::unexpected<Signal> raise(std::string class_name, fmt::format_string<Args...> format,
                             Args&&... args) {
  return tl::unexpected(Signal(Throw{std::make_shared<Exception>(
      std::move(class_name), fmt::format(format, std::forward<Args>(args)...))}));
}

/// No signature of method: TYPE.NAME() ..., in Groovy's words.
tl::unexpected<Signal> missing_method(const std::string& type, const std::string& name,
                                      const std::vector<Value>& values);

/// What is not in the interpreter yet, or never will be: an error that names it.
template <typename... Args>
tl::unexpected<Signal> refuse(fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected(Signal(Exhausted{std::make_shared<Exception>(
      "cupel.UnsupportedException", fmt::format(format, std::forward<Args>(args)...))}));
}

/// An interruption: `actual` while what caused it is still being left.
tl::unexpected<Signal> interrupt(std::string message, model::Verdict verdict);

/// The exception classes that `new` and `catch` know, with their packages; null if unknown.
const std::string* known_exception(std::string_view name);

}  // namespace cupel::pipeline
