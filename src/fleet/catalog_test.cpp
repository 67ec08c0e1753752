// SPDX-License-Identifier: Apache-2.0
#include "fleet/catalog.hpp"

#include <gtest/gtest.h>

namespace cupel::fleet {
namespace {

Settings with_node(const std::string& name, std::vector<std::string> labels) {
  NodeSettings node;
  node.name = name;
  node.labels = std::move(labels);
  return {{node}, {}};
}

TEST(Catalog, AnyIsTheDefaultBox) {
  const Catalog catalog(with_node("mine", {"linux"}));

  for (const auto* label : {"", "any", "cupel/debian-12"})
    EXPECT_EQ(catalog.choose(label).value().box, default_box) << label;
  EXPECT_EQ(catalog.choose("cupel/tiny").value().box, tiny_box);
}

TEST(Catalog, ChoosesByExpression) {
  const Catalog catalog(with_node("mine", {"linux", "bpf"}));

  EXPECT_EQ(catalog.choose("linux && !old").value().name, "mine");
  EXPECT_EQ(catalog.choose("mine").value().name, "mine");
  EXPECT_EQ(catalog.choose("linux && old").error().fault(), Fault::not_found);
  EXPECT_EQ(catalog.choose("linux &&").error().fault(), Fault::invalid);
}

TEST(Catalog, AnUnknownLabelIsAnErrorThatListsTheKnownOnes) {
  const Catalog catalog(with_node("mine", {"linux"}));

  EXPECT_EQ(catalog.choose("linus").error().text(),
            "no node has the label 'linus', did you mean 'linux'?; known labels: any, "
            "cupel/debian-12, cupel/tiny, debian-12, linux, mine, tiny; add a [[node]] with it to "
            "cupel.toml");
}

}  // namespace
}  // namespace cupel::fleet
