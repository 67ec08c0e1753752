// SPDX-License-Identifier: Apache-2.0
#include "tree.hpp"

#include <fcntl.h>

#include <random>

#include "base/crew.hpp"
#include "os/archive.hpp"
#include "os/fd.hpp"

namespace cupel::benchmark {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t small_files = 1000, small_size = 64'000, files_a_directory = 50;
constexpr std::size_t large_files = 4, large_size = 9'000'000;
constexpr std::size_t chunk = 1U << 20;

Result<> write_noise(const fs::path& path, std::size_t size, std::mt19937_64& noise) {
  std::string bytes;
  while (bytes.size() < size) {
    const auto word = noise();
    bytes.append(reinterpret_cast<const char*>(&word), sizeof word);
  }
  bytes.resize(size);
  const auto fd = TRY(os::open_file(path.string(), O_WRONLY | O_CREAT | O_TRUNC, 0644));
  return os::write_all(fd, bytes, Stop{});
}

}  // namespace

Result<> make_tree(const fs::path& directory) {
  std::mt19937_64 noise(100);  // NOLINT(cert-msc51-cpp): the same tree each time is the point
  for (std::size_t i = 0; i < small_files; ++i) {
    const auto below = directory / fmt::format("part{:02}", i / files_a_directory);
    TRY(os::make_directories(below));
    TRY(write_noise(below / fmt::format("file{:04}", i), small_size, noise));
  }
  for (std::size_t i = 0; i < large_files; ++i)
    TRY(write_noise(directory / fmt::format("large{}", i), large_size, noise));
  return {};
}

Result<> push_tree(place::Place& place, const fs::path& tree, const std::string& target,
                   const Stop& stop) {
  auto pipe = TRY(os::make_pipe());
  Crew crew(stop);
  crew.add("pack", [&](const Stop& packing) -> Result<> {
    const auto end = std::move(pipe.write);  // closed, so that the reader sees the end
    const auto sink = [&](std::string_view bytes) { return os::write_all(end, bytes, packing); };
    TRY(os::pack(tree, {}, sink, packing));
    return {};
  });
  std::string bytes;
  const auto source = [&]() -> Result<std::string_view> {
    bytes = TRY(os::read_some(pipe.read, chunk, stop));
    return std::string_view(bytes);
  };
  const auto pushed = place.push(source, target, stop);
  if (!pushed) crew.stop();
  const auto packed = crew.join();
  if (!pushed) return pushed;
  return packed;
}

}  // namespace cupel::benchmark
