// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/stop.hpp"

namespace cupel::os {

/// Owns a file descriptor; closes it once.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int number) : number_(number) {}
  ~Fd() { reset(); }
  Fd(Fd&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) {
      reset();
      number_ = std::exchange(other.number_, -1);
    }
    return *this;
  }

  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }
  void reset();
  int release() { return std::exchange(number_, -1); }

 private:
  int number_ = -1;
};

struct Pipe {
  Fd read;
  Fd write;
};
/// Close-on-exec on both ends.
Result<Pipe> make_pipe();
Result<> set_nonblocking(const Fd& fd);
Result<Fd> duplicate(int fd);

/// Opens with O_CLOEXEC; `flags` and `mode` as for open(2).
Result<Fd> open_file(const std::string& path, int flags, unsigned mode = 0666);

/// At most `limit` bytes that are there; empty at the end of the stream. Blocks until something is.
Result<std::string> read_some(const Fd& fd, std::size_t limit, const Stop& stop);
/// All of it, blocking as needed.
Result<> write_all(const Fd& fd, std::string_view bytes, const Stop& stop);

}  // namespace cupel::os
