// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"

#include <nettle/sha2.h>
#include <sys/random.h>

#include <array>
#include <cerrno>

#include "base/check.hpp"

namespace cupel {

struct Hasher::Context {
  sha256_ctx state{};
  Context() { nettle_sha256_init(&state); }
};

Hasher::Hasher() : context_(std::make_unique<Context>()) {}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

Hasher& Hasher::feed(std::string_view bytes) {
  nettle_sha256_update(&context_->state, bytes.size(),
                       reinterpret_cast<const std::uint8_t*>(bytes.data()));
  return *this;
}

Hasher& Hasher::feed_part(std::string_view bytes) {
  return feed(fmt::format("{}:", bytes.size())).feed(bytes);
}

Digest Hasher::finish() {
  std::array<std::uint8_t, SHA256_DIGEST_SIZE> bytes{};
  nettle_sha256_digest(&context_->state, bytes.size(), bytes.data());
  return {to_hex(std::string(bytes.begin(), bytes.end()))};
}

Digest digest_of(std::string_view bytes) { return Hasher().feed(bytes).finish(); }

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t done = 0;
  while (done < count) {
    const auto got = getrandom(bytes.data() + done, count - done, 0);
    if (got < 0 && errno == EINTR) continue;
    CHECK(got > 0, "the kernel gives no random bytes");
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::string to_hex(std::string_view bytes) {
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char c : bytes)
    fmt::format_to(std::back_inserter(hex), "{:02x}", static_cast<unsigned char>(c));
  return hex;
}

}  // namespace cupel
