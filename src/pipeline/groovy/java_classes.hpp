// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "pipeline/groovy/java_class.hpp"

namespace cupel::pipeline {

// The classes by subject, each list in the file of its name.
std::span<const JavaClass> number_classes();
std::span<const JavaClass> text_classes();
std::span<const JavaClass> collection_classes();
std::span<const JavaClass> collection_tools();
std::span<const JavaClass> regex_classes();
std::span<const JavaClass> json_classes();
std::span<const JavaClass> net_classes();
std::span<const JavaClass> atomic_classes();
std::span<const JavaClass> random_classes();
std::span<const JavaClass> system_classes();
/// Known to be there, and refused with the reason and what to use instead.
std::span<const JavaClass> refused_classes();
std::span<const JavaClass> csv_classes();
std::span<const JavaClass> date_classes();
std::span<const JavaClass> time_classes();
std::span<const JavaClass> period_classes();
std::span<const JavaClass> queue_classes();
std::span<const JavaClass> xml_classes();

}  // namespace cupel::pipeline
