// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "pipeline/groovy/java_classes.hpp"
#include "pipeline/groovy/random.hpp"

namespace cupel::pipeline {
namespace {

Outcome<Value> millis(StaticCall& call) {
  return Value::long_of(TRY(clock_millis(call.evaluator, call.context)));
}

Outcome<Value> nanos(StaticCall& call) {
  return call.evaluator.observe(call.context, "clock", []() -> Outcome<Value> {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return Value::long_of(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
  });
}

Outcome<Value> no_environment(StaticCall&) {
  return refuse(
      "the controller's environment cannot be read (Jenkins' sandbox refuses it too); use "
      "env.NAME");
}
Outcome<Value> no_properties(StaticCall&) {
  return refuse(
      "the controller's system properties cannot be read (Jenkins' sandbox refuses it too)");
}
Outcome<Value> no_exit(StaticCall&) {
  return refuse("System.exit() would end the controller; use error '...' or currentBuild.result");
}
Outcome<Value> no_output(StaticCall&) {
  return refuse("System.out is the controller's log; use echo or println");
}
Outcome<Value> no_file(StaticCall&) {
  return refuse(
      "files of the controller cannot be used; in a workspace there are the steps "
      "readFile, writeFile, fileExists, findFiles and sh");
}
Outcome<Value> no_thread(StaticCall&) {
  return refuse("threads are not supported; use the step parallel");
}
Outcome<Value> no_sleep(StaticCall&) {
  return refuse("Thread.sleep() would block the controller; use the step sleep");
}
Outcome<Value> no_process(StaticCall&) {
  return refuse("processes of the controller are not supported; use the step sh");
}
Outcome<Value> no_jenkins(StaticCall&) {
  return refuse(
      "there is no Jenkins controller: Jenkins' own objects (hudson.model, "
      "jenkins.model) cannot be used; see env, params and currentBuild");
}
Outcome<Value> no_calendar(StaticCall&) {
  return refuse("Calendar is not supported; use java.time or Date");
}
Outcome<Value> no_categories(StaticCall&) {
  return refuse("TimeCategory is not supported; use java.time.Duration");
}
Outcome<Value> no_xml(StaticCall&) { return refuse("XmlParser is not supported; use XmlSlurper"); }

JavaClass refused(std::string_view name, Outcome<Value> (*reason)(StaticCall&)) {
  // Whatever is asked of it, the answer is the reason.
  JavaClass refused_class{.name = name, .construct = {0, 100, reason}};
  for (const std::string_view method :
       {"sleep", "start", "get", "getInstance", "getRuntime", "createTempFile", "readAllLines",
        "write", "exists", "currentThread", "of", "getActiveInstance", "newThread", "builder"})
    refused_class.methods.emplace(method, StaticMethod{0, 100, reason});
  for (const std::string_view property :
       {"instance", "instanceOrNull", "runtime", "separator", "pathSeparator", "allItems"})
    refused_class.properties.emplace(property, reason);
  return refused_class;
}

}  // namespace

std::span<const JavaClass> system_classes() {
  static const std::vector<JavaClass> classes = {
      {.name = "java.lang.System",
       .methods = {{"currentTimeMillis", {0, 0, millis}},
                   {"nanoTime", {0, 0, nanos}},
                   {"lineSeparator",
                    {0, 0, [](StaticCall&) -> Outcome<Value> { return Value("\n"); }}},
                   {"identityHashCode",
                    {1, 1,
                     [](StaticCall&) -> Outcome<Value> {
                       return refuse("System.identityHashCode() differs from run to run");
                     }}},
                   {"getenv", {0, 1, no_environment}},
                   {"getProperty", {1, 2, no_properties}},
                   {"setProperty", {2, 2, no_properties}},
                   {"getProperties", {0, 0, no_properties}},
                   {"exit", {0, 1, no_exit}}},
       .properties = {{"env", no_environment},
                      {"properties", no_properties},
                      {"out", no_output},
                      {"err", no_output}}},
  };
  return classes;
}

std::span<const JavaClass> refused_classes() {
  static const std::vector<JavaClass> classes = {
      refused("java.io.File", no_file),
      refused("java.io.FileReader", no_file),
      refused("java.io.FileWriter", no_file),
      refused("java.io.FileInputStream", no_file),
      refused("java.io.FileOutputStream", no_file),
      refused("java.nio.file.Files", no_file),
      refused("java.nio.file.Paths", no_file),
      refused("java.nio.file.Path", no_file),
      refused("java.lang.Thread", no_sleep),
      refused("java.util.concurrent.Executors", no_thread),
      refused("java.util.Timer", no_thread),
      refused("java.lang.Runtime", no_process),
      refused("java.lang.ProcessBuilder", no_process),
      refused("jenkins.model.Jenkins", no_jenkins),
      refused("hudson.model.Hudson", no_jenkins),
      refused("hudson.FilePath", no_file),
      refused("java.util.Calendar", no_calendar),
      refused("java.util.GregorianCalendar", no_calendar),
      refused("groovy.time.TimeCategory", no_categories),
      refused("groovy.util.XmlParser", no_xml),
  };
  return classes;
}

}  // namespace cupel::pipeline
