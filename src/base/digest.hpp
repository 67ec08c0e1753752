// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cupel {

/// A SHA-256 digest in lower-case hexadecimal, 64 characters.
struct Digest {
  std::string hex;
  friend auto operator<=>(const Digest&, const Digest&) = default;
  /// Enough of it for a name that people read.
  std::string brief() const { return hex.substr(0, 12); }
};

/// Digests what it is fed. Use once.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  Hasher& feed(std::string_view bytes);
  /// A length before the bytes, so that ("ab","c") and ("a","bc") differ.
  Hasher& feed_part(std::string_view bytes);
  Digest finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

Digest digest_of(std::string_view bytes);

/// `count` bytes from the kernel's generator.
std::string random_bytes(std::size_t count);
std::string to_hex(std::string_view bytes);

}  // namespace cupel
