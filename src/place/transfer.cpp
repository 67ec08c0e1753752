// SPDX-License-Identifier: Apache-2.0
#include "place/transfer.hpp"

#include <fcntl.h>

#include <memory>

namespace cupel::place {

Result<os::ByteSource> read_in_pieces(const os::fs::path& path, const Stop& stop) {
  constexpr std::size_t piece_size = 256U << 10;
  // shared: std::function must be copyable, and its copies read on in the same file.
  const auto file = std::make_shared<os::Fd>(TRY(os::open_file(path.string(), O_RDONLY)));
  const auto piece = std::make_shared<std::string>();
  return os::ByteSource([file, piece, stop]() -> Result<std::string_view> {
    *piece = TRY(os::read_some(*file, piece_size, stop));
    return std::string_view(*piece);
  });
}

Result<> push_directory(Place& place, const std::string& directory, const os::fs::path& root,
                        const Stop& stop) {
  const auto aside = TRY(os::TempDir::make("push"));
  const auto archive = aside.path() / "files.tar";
  {
    const auto file = TRY(os::open_file(archive.string(), O_WRONLY | O_CREAT | O_TRUNC));
    const auto write = [&](std::string_view bytes) { return os::write_all(file, bytes, stop); };
    TRY(os::pack(root, {}, write, stop));
  }
  return place.push(TRY(read_in_pieces(archive, stop)), directory, stop);
}

Result<> push_file(Place& place, const std::string& path, const os::fs::path& file,
                   const Stop& stop) {
  const os::fs::path target(path);
  const auto aside = TRY(os::TempDir::make("push"));
  std::error_code error;
  if (os::fs::is_symlink(os::fs::symlink_status(file, error)))
    return fail(Fault::invalid, "{} is a symbolic link", file.string());
  os::fs::copy_file(file, aside.path() / target.filename(), error);
  if (error) return fail(Fault::invalid, "read {}: {}", file.string(), error.message());
  return push_directory(place, target.parent_path().string(), aside.path(), stop);
}

}  // namespace cupel::place
