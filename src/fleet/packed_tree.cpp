// SPDX-License-Identifier: Apache-2.0
#include "fleet/packed_tree.hpp"

#include <fcntl.h>

namespace cupel::fleet {

PackedTree::PackedTree(Order order, const Stop& stop) : order_(std::move(order)), crew_(stop) {
  crew_.add("pack", [this](const Stop& crew_stop) -> Result<> {
    auto packed = pack(crew_stop);
    *outcome_.lock() = std::move(packed);
    outcome_.notify();
    return {};
  });
}

PackedTree::~PackedTree() {
  crew_.stop();
  static_cast<void>(crew_.join());  // its outcome is kept apart
  std::error_code ignored;
  os::fs::remove(order_.file, ignored);
}

Result<PackedTree::Facts> PackedTree::pack(const Stop& stop) const {
  auto tree = TRY(read_working_tree(order_.directory, order_.leave_out, stop), "read the project");
  const auto file = TRY(os::open_file(order_.file.string(), O_WRONLY | O_CREAT | O_TRUNC, 0600));
  os::PackOptions options;
  options.paths = std::move(tree.paths);
  Facts facts;
  facts.summary =
      TRY(os::pack(
              tree.root, options,
              [&](std::string_view bytes) { return os::write_all(file, bytes, stop); }, stop),
          "pack the project into {}", order_.file.string());
  facts.environment = std::move(tree.environment);
  facts.remark = std::move(tree.remark);
  return facts;
}

Result<PackedTree::Facts> PackedTree::wait(const Stop& stop) {
  auto outcome = TRY(outcome_.wait(stop, [](const auto& now) { return now.has_value(); }));
  return **outcome;
}

Result<PackedTree::Facts> PackedTree::push_to(place::Place& place, const std::string& directory,
                                              const Stop& stop) {
  auto facts = TRY(wait(stop));
  const auto file = TRY(os::open_file(order_.file.string(), O_RDONLY));
  std::string chunk;
  const auto source = [&]() -> Result<std::string_view> {
    chunk = TRY(os::read_some(file, 256U << 10, stop));
    return std::string_view(chunk);
  };
  TRY(place.push(source, directory, stop), "push the project into {}", place.describe());
  return facts;
}

Result<std::map<std::string, std::string>> PackedTree::check_out(place::Place& place,
                                                                 const std::string& directory,
                                                                 const Stop& stop) {
  return TRY(push_to(place, directory, stop)).environment;
}

Result<pipeline::ScmFacts> PackedTree::facts(const Stop& stop) {
  const auto facts = TRY(wait(stop));
  const auto known = [&facts](const std::string& name) {
    const auto found = facts.environment.find(name);
    return found == facts.environment.end() ? std::string() : found->second;
  };
  return pipeline::ScmFacts{known("GIT_URL"), known("GIT_BRANCH"), known("GIT_COMMIT")};
}

}  // namespace cupel::fleet
