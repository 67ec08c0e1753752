// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/height.hpp"

#include <algorithm>

#include "pipeline/syntax/children.hpp"

namespace cupel::pipeline::syntax {

namespace {

class Tallest final : public Children {
 public:
  void child(const Expression& expression) override { raise(expression.height); }
  void child(const Statement& statement) override { raise(statement.height); }
  std::uint32_t height() const { return height_; }

 private:
  void raise(std::uint32_t height) { height_ = std::max(height_, height); }
  std::uint32_t height_ = 0;
};

template <typename Node>
std::uint32_t height(const Node& node) {
  Tallest tallest;
  show_children(node, tallest);
  return tallest.height() + 1;
}

}  // namespace

std::uint32_t height_of(const Expression::Node& node) { return height(node); }

std::uint32_t height_of(const Statement::Node& node) { return height(node); }

}  // namespace cupel::pipeline::syntax
