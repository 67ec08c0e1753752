// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"

#include <openssl/evp.h>
#include <sys/random.h>

#include <array>
#include <cerrno>

#include "base/check.hpp"

namespace cupel {

struct Hasher::Context {
  EVP_MD_CTX* state = EVP_MD_CTX_new();
  Context() {
    CHECK(state != nullptr && EVP_DigestInit_ex(state, EVP_sha256(), nullptr) == 1);
  }
  ~Context() { EVP_MD_CTX_free(state); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
};

Hasher::Hasher() : context_(std::make_unique<Context>()) {}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

Hasher& Hasher::feed(std::string_view bytes) {
  CHECK(EVP_DigestUpdate(context_->state, bytes.data(), bytes.size()) == 1);
  return *this;
}

Hasher& Hasher::feed_part(std::string_view bytes) {
  return feed(fmt::format("{}:", bytes.size())).feed(bytes);
}

Digest Hasher::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  CHECK(EVP_DigestFinal_ex(context_->state, bytes.data(), &size) == 1);
  return {to_hex(std::string(bytes.begin(), bytes.begin() + size))};
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
  for (const char c : bytes) fmt::format_to(std::back_inserter(hex), "{:02x}", static_cast<unsigned char>(c));
  return hex;
}

}  // namespace cupel
