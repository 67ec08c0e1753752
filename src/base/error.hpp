// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace cupel {

/// What a caller could do about a failure. Branch on this, never on the text.
enum class Fault {
  invalid,      ///< the input is wrong: a person must change it
  not_found,    ///< the named thing is not there
  denied,       ///< rights are missing
  unavailable,  ///< a tool, a host, space or a service is missing now; it may be there later
  timeout,      ///< the deadline passed
  stopped,      ///< somebody asked us to stop
  conflict,     ///< the thing is in another state than needed
  internal,     ///< our own mistake, or a foreign program's nonsense
};

std::string_view name(Fault fault);

/// A failure: its kind, the innermost message, and a frame from each level that passed it on.
class Error {
 public:
  Error(Fault fault, std::string message) : fault_(fault), message_(std::move(message)) {}

  Fault fault() const { return fault_; }

  /// Adds what this level knew, outside of all that is there already.
  Error& add_frame(std::string frame);

  /// "outermost: ...: innermost", one line.
  std::string text() const;

  /// The innermost message alone.
  const std::string& message() const { return message_; }

 private:
  Fault fault_;
  std::string message_;
  std::vector<std::string> frames_;  // innermost first
};

/// A value or an Error. Dropping one does not compile.
template <typename T = void>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using Base = tl::expected<T, Error>;
  using Base::Base;
};

template <typename... Args>
tl::unexpected<Error> fail(Fault fault, fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected<Error>(Error(fault, fmt::format(format, std::forward<Args>(args)...)));
}

/// The same, with the text of an errno value behind it: "open x: no such file or directory".
template <typename... Args>
tl::unexpected<Error> fail_errno(int error_number, fmt::format_string<Args...> format,
                                 Args&&... args);

/// What to do about an errno value, and its text in lower case.
Fault fault_of_errno(int error_number);
std::string errno_text(int error_number);

template <typename... Args>
tl::unexpected<Error> fail_errno(int error_number, fmt::format_string<Args...> format,
                                 Args&&... args) {
  return tl::unexpected<Error>(Error(fault_of_errno(error_number),
                                     fmt::format(format, std::forward<Args>(args)...) + ": " +
                                         errno_text(error_number)));
}

namespace detail {

/// E: Error, or what else has add_frame (the interpreter's Signal).
template <typename E>
void frame(E&) {}
template <typename E, typename... Args>
void frame(E& error, fmt::format_string<Args...> format, Args&&... args) {
  error.add_frame(fmt::format(format, std::forward<Args>(args)...));
}

template <typename R>
typename R::value_type take(R&& result) {
  if constexpr (!std::is_void_v<typename R::value_type>) return std::move(*result);
}

}  // namespace detail
}  // namespace cupel

#define CUPEL_JOIN_TOKENS(a, b) a##b
#define CUPEL_TOKEN(a, b) CUPEL_JOIN_TOKENS(a, b)

/// The result has a name of its own in each use, so that one TRY may stand inside another.
#define CUPEL_TRY(result, expression, ...)                             \
  __extension__({                                                      \
    auto result = (expression);                                        \
    if (!result) {                                                     \
      ::cupel::detail::frame(result.error() __VA_OPT__(, ) __VA_ARGS__); \
      return ::tl::unexpected(std::move(result.error()));              \
    }                                                                  \
    ::cupel::detail::take(std::move(result));                          \
  })

/// TRY(expr) or TRY(expr, "doing {}", x): the value, or returns the error with that frame added.
#define TRY(...) CUPEL_TRY(CUPEL_TOKEN(cupel_result_, __COUNTER__), __VA_ARGS__)
