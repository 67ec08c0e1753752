// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iconv.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cupel::pipeline::steps {

/// Changes a text that comes in pieces from one encoding into another, in any of the names that
/// iconv knows, Java's among them. What cannot be changed becomes U+FFFD, or '?' where the target
/// has no such character. One thread.
class Transcoder {
 public:
  /// invalid: no such encoding.
  static Result<Transcoder> make(const std::string& from, const std::string& to);
  std::string feed(std::string_view bytes);
  /// What a cut character and the encoding's own end leave.
  std::string finish();

 private:
  struct Close {
    void operator()(void* state) const { ::iconv_close(state); }
  };
  explicit Transcoder(void* state, std::string replacement)
      : state_(state), replacement_(std::move(replacement)) {}
  void convert(std::string& text);

  std::unique_ptr<void, Close> state_;
  std::string replacement_;
  std::string rest_;  ///< an incomplete character
};

bool is_utf8(std::string_view encoding);

/// Bytes in `encoding` as UTF-8, and the other way. "Base64" too: then the text is the bytes' form.
Result<std::string> decoded(std::string bytes, const std::string& encoding);
Result<std::string> encoded(std::string text, const std::string& encoding);

std::string to_base64(std::string_view bytes);
Result<std::string> from_base64(std::string_view text);

}  // namespace cupel::pipeline::steps
