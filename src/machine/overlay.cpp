// SPDX-License-Identifier: Apache-2.0
#include "machine/overlay.hpp"

#include <fcntl.h>

#include "os/fd.hpp"

namespace cupel::machine {

namespace {

constexpr std::uint64_t cluster_bits = 16;
constexpr std::uint64_t cluster = std::uint64_t{1} << cluster_bits;
constexpr std::uint64_t header_length = 104;
constexpr std::size_t longest_backing = 1023;  // by the format

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
  image.put(header_length, 0xe2792aca, 4);  // extension: format of the backing image
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

}  // namespace cupel::machine
