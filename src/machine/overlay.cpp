// SPDX-License-Identifier: Apache-2.0
#include "machine/overlay.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "os/fd.hpp"

namespace cupel::machine {

namespace {

constexpr std::uint64_t cluster_bits = 16;
constexpr std::uint64_t cluster = std::uint64_t{1} << cluster_bits;
constexpr std::uint64_t header_length = 104;
constexpr std::size_t longest_backing = 1023;  // by the format
// Extensions of the header.
constexpr std::uint64_t backing_format = 0xe2792aca;
constexpr std::uint64_t feature_names = 0x6803f857;

/// Big-endian fields at fixed places of an image.
class Image {
 public:
  explicit Image(std::uint64_t size) : bytes_(size, '\0') {}
  void put(std::uint64_t offset, std::uint64_t value, unsigned width) {
    for (unsigned i = 0; i < width; ++i)
      bytes_[offset + i] = static_cast<char>(value >> (8 * (width - 1 - i)) & 0xff);
  }
  void put(std::uint64_t offset, std::string_view text) {
    bytes_.replace(offset, text.size(), text);
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

std::uint64_t divide_up(std::uint64_t value, std::uint64_t by) { return (value + by - 1) / by; }

/// A big-endian field.
std::uint64_t field(std::string_view bytes, std::size_t offset, unsigned width) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < width; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[offset + i]);
  return value;
}

/// What a header of a stranger may say: an image below that is taken as raw bytes, and nothing
/// that leads to further files of this host.
bool names_one_raw_image(std::string_view header) {
  const auto offset = field(header, 8, 8), length = field(header, 16, 4);
  const auto extensions = field(header, 100, 4);
  if (!header.starts_with("QFI\xfb") || field(header, 4, 4) != 3 ||
      field(header, 20, 4) != cluster_bits || field(header, 32, 4) != 0 ||  // not encrypted
      field(header, 60, 4) != 0 || field(header, 72, 8) != 0 ||  // no snapshots, odd features
      extensions < header_length || offset < extensions || offset > cluster || length == 0 ||
      length > longest_backing || length > cluster - offset)
    return false;
  bool raw = false;
  for (auto at = extensions; at + 8 <= offset;) {
    const auto type = field(header, at, 4), size = field(header, at + 4, 4);
    if (type == 0) break;
    if (size > offset - at - 8) return false;
    if (type == backing_format)
      raw = header.substr(at + 8, size) == "raw";
    else if (type != feature_names)
      return false;
    at += 8 + divide_up(size, 8) * 8;
  }
  return raw;
}

}  // namespace

// docs/interop/qcow2.txt of QEMU. The clusters: header, refcount table, refcount block, L1 table.
Result<std::string> empty_overlay(const Backing& backing, Bytes size) {
  const auto name = backing.path.string();
  if (name.size() > longest_backing)
    return fail(Fault::invalid, "the path of the image below is too long: {}", name);
  const auto l1_entries = divide_up(size.count, cluster * (cluster / 8));
  const auto l1_clusters = std::max<std::uint64_t>(divide_up(l1_entries * 8, cluster), 1);
  const auto clusters = 3 + l1_clusters;
  const std::string_view format = backing.format == Backing::Format::raw ? "raw" : "qcow2";

  Image image(clusters * cluster);
  image.put(0, "QFI\xfb");
  image.put(4, 3, 4);
  const auto format_end = header_length + 8 + divide_up(format.size(), 8) * 8;
  const auto name_offset = format_end + 8;
  image.put(8, name_offset, 8);
  image.put(16, name.size(), 4);
  image.put(20, cluster_bits, 4);
  image.put(24, size.count, 8);
  image.put(36, l1_entries, 4);
  image.put(40, 3 * cluster, 8);
  image.put(48, cluster, 8);
  image.put(56, 1, 4);  // clusters of the refcount table
  image.put(96, 4, 4);  // refcounts of 16 bits
  image.put(100, header_length, 4);
  image.put(header_length, backing_format, 4);
  image.put(header_length + 4, format.size(), 4);
  image.put(header_length + 8, format);
  image.put(name_offset, name);
  image.put(cluster, 2 * cluster, 8);
  for (std::uint64_t i = 0; i < clusters; ++i) image.put(2 * cluster + 2 * i, 1, 2);
  return image.take();
}

Result<> make_overlay(const std::filesystem::path& path, const Backing& backing, Bytes size) {
  const auto image = TRY(empty_overlay(backing, size));
  const auto fd = TRY(os::open_file(path, O_WRONLY | O_CREAT | O_EXCL, 0600), "make a disk");
  TRY(os::write_all(fd, image, Stop{}), "make the disk {}", path.string());
  return {};
}

// The name lies behind the extensions of the header, the last in its cluster.
Result<> rebase_overlay(const std::filesystem::path& path, const std::filesystem::path& below) {
  const auto file = TRY(os::open_file(path.string(), O_RDWR | O_NOFOLLOW));
  std::string header(cluster, '\0');
  const auto got = ::pread(file.get(), header.data(), header.size(), 0);
  if (got < 0) return fail_errno(errno, "read {}", path.string());
  if (static_cast<std::uint64_t>(got) < cluster || !names_one_raw_image(header))
    return fail(Fault::invalid, "{} is no overlay of ours", path.filename().string());
  const auto name = below.string();
  const auto offset = field(header, 8, 8);
  if (name.size() > longest_backing || name.size() > cluster - offset)
    return fail(Fault::invalid, "the path of the image below is too long: {}", name);
  Image size(4);
  size.put(0, name.size(), 4);
  const auto write = [&](std::string_view bytes, std::uint64_t at) -> Result<> {
    const auto put = ::pwrite(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (put != static_cast<ssize_t>(bytes.size()))
      return fail_errno(put < 0 ? errno : ENOSPC, "write {}", path.string());
    return {};
  };
  TRY(write(name, offset));
  return write(size.take(), 16);
}

}  // namespace cupel::machine
