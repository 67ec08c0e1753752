// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/known_types.hpp"

#include <unordered_map>

namespace cupel::pipeline {
namespace {

constexpr auto primitive = KnownType::Kind::primitive;
constexpr auto interface = KnownType::Kind::interface;
constexpr auto exception = KnownType::Kind::exception;

std::vector<KnownType> values() {
  return {
      {"boolean", {}, primitive},
      {"byte", {}, primitive},
      {"char", {}, primitive},
      {"short", {}, primitive},
      {"int", {}, primitive},
      {"long", {}, primitive},
      {"float", {}, primitive},
      {"double", {}, primitive},
      {"void", {}, primitive},
      {"java.lang.Object", {}},
      {"java.lang.Class", {}},
      {"java.lang.Comparable", {}, interface},
      {"java.lang.CharSequence", {}, interface},
      {"java.lang.Iterable", {}, interface},
      {"java.lang.Cloneable", {}, interface},
      {"java.lang.Runnable", {}, interface},
      {"java.lang.AutoCloseable", {}, interface},
      {"java.io.Closeable", {"java.lang.AutoCloseable"}, interface},
      {"java.io.Serializable", {}, interface},
      {"java.util.concurrent.Callable", {}, interface},
      {"java.lang.Boolean", {"java.lang.Comparable", "java.io.Serializable"}},
      {"java.lang.Character", {"java.lang.Comparable", "java.io.Serializable"}},
      {"java.lang.Number", {"java.io.Serializable"}},
      {"java.lang.Byte", {"java.lang.Number", "java.lang.Comparable"}},
      {"java.lang.Short", {"java.lang.Number", "java.lang.Comparable"}},
      {"java.lang.Integer", {"java.lang.Number", "java.lang.Comparable"}},
      {"java.lang.Long", {"java.lang.Number", "java.lang.Comparable"}},
      {"java.lang.Float", {"java.lang.Number", "java.lang.Comparable"}},
      {"java.lang.Double", {"java.lang.Number", "java.lang.Comparable"}},
      {"java.math.BigInteger", {"java.lang.Number", "java.lang.Comparable"}},
      {"java.math.BigDecimal", {"java.lang.Number", "java.lang.Comparable"}},
      {"java.lang.String",
       {"java.lang.CharSequence", "java.lang.Comparable", "java.io.Serializable"}},
      {"groovy.lang.GString",
       {"java.lang.CharSequence", "java.lang.Comparable", "java.io.Serializable"}},
      {"org.codehaus.groovy.runtime.GStringImpl", {"groovy.lang.GString"}},
      {"groovy.lang.Closure", {"java.lang.Cloneable", "java.lang.Runnable"}},
      {"org.codehaus.groovy.runtime.MethodClosure", {"groovy.lang.Closure"}},
      {"groovy.lang.GroovyObject", {}, interface},
      {"groovy.lang.Script", {"groovy.lang.GroovyObject"}},
      {"groovy.lang.Binding", {}},
      {"groovy.lang.MetaClass", {}, interface},
      {"groovy.util.slurpersupport.GPathResult", {"java.lang.Iterable"}},
      {"groovy.util.slurpersupport.NodeChild", {"groovy.util.slurpersupport.GPathResult"}},
      {"groovy.util.slurpersupport.NodeChildren", {"groovy.util.slurpersupport.GPathResult"}},
      {"groovy.util.slurpersupport.Attributes", {"groovy.util.slurpersupport.NodeChildren"}},
      {"groovy.util.slurpersupport.NoChildren", {"groovy.util.slurpersupport.GPathResult"}},
      {"java.lang.Enum", {"java.lang.Comparable", "java.io.Serializable"}},
      {"java.lang.Thread", {"java.lang.Runnable"}},
      {"java.util.function.Function", {}, interface},
      {"java.util.function.BiFunction", {}, interface},
      {"java.util.function.Supplier", {}, interface},
      {"java.util.function.Consumer", {}, interface},
      {"java.util.function.Predicate", {}, interface},
  };
}

std::vector<KnownType> collections() {
  return {
      {"java.util.Iterator", {}, interface},
      {"java.util.Comparator", {}, interface},
      {"java.util.RandomAccess", {}, interface},
      {"java.util.Collection", {"java.lang.Iterable"}, interface},
      {"java.util.List", {"java.util.Collection"}, interface},
      {"java.util.Queue", {"java.util.Collection"}, interface},
      {"java.util.Deque", {"java.util.Queue"}, interface},
      {"java.util.Set", {"java.util.Collection"}, interface},
      {"java.util.SortedSet", {"java.util.Set"}, interface},
      {"java.util.NavigableSet", {"java.util.SortedSet"}, interface},
      {"java.util.Map", {}, interface},
      {"java.util.SortedMap", {"java.util.Map"}, interface},
      {"java.util.NavigableMap", {"java.util.SortedMap"}, interface},
      {"java.util.concurrent.ConcurrentMap", {"java.util.Map"}, interface},
      {"java.util.Map$Entry", {}, interface},
      {"java.util.AbstractList", {"java.util.List"}},
      {"java.util.ArrayList",
       {"java.util.AbstractList", "java.util.List", "java.util.RandomAccess", "java.lang.Cloneable",
        "java.io.Serializable"}},
      {"java.util.LinkedList",
       {"java.util.AbstractList", "java.util.List", "java.util.Deque", "java.io.Serializable"}},
      {"java.util.ArrayDeque", {"java.util.Deque"}},
      {"java.util.PriorityQueue", {"java.util.Queue", "java.io.Serializable"}},
      {"java.util.Vector", {"java.util.AbstractList", "java.util.List"}},
      {"java.util.Stack", {"java.util.Vector"}},
      {"java.util.concurrent.CopyOnWriteArrayList", {"java.util.List"}},
      {"java.util.Arrays$ArrayList", {"java.util.AbstractList"}},
      {"java.util.Collections$UnmodifiableRandomAccessList", {"java.util.List"}},
      {"java.util.Collections$UnmodifiableMap", {"java.util.Map"}},
      {"java.util.Collections$UnmodifiableSet", {"java.util.Set"}},
      {"java.util.HashSet", {"java.util.Set", "java.lang.Cloneable", "java.io.Serializable"}},
      {"java.util.LinkedHashSet", {"java.util.HashSet"}},
      {"java.util.TreeSet", {"java.util.NavigableSet", "java.io.Serializable"}},
      {"java.util.AbstractMap", {"java.util.Map"}},
      {"java.util.HashMap",
       {"java.util.AbstractMap", "java.util.Map", "java.lang.Cloneable", "java.io.Serializable"}},
      {"java.util.LinkedHashMap", {"java.util.HashMap"}},
      {"java.util.TreeMap", {"java.util.NavigableMap", "java.io.Serializable"}},
      {"java.util.Hashtable", {"java.util.Map"}},
      {"java.util.concurrent.ConcurrentHashMap", {"java.util.concurrent.ConcurrentMap"}},
      {"groovy.lang.Range", {"java.util.List"}, interface},
      {"groovy.lang.IntRange", {"groovy.lang.Range"}},
      {"groovy.lang.ObjectRange", {"groovy.lang.Range"}},
      {"groovy.lang.EmptyRange", {"groovy.lang.Range"}},
  };
}

std::vector<KnownType> exceptions() {
  return {
      {"java.lang.Throwable", {"java.io.Serializable"}, exception},
      {"java.lang.Exception", {"java.lang.Throwable"}, exception},
      {"java.lang.Error", {"java.lang.Throwable"}, exception},
      {"java.lang.RuntimeException", {"java.lang.Exception"}, exception},
      {"java.lang.IllegalArgumentException", {"java.lang.RuntimeException"}, exception},
      {"java.util.IllegalFormatException", {"java.lang.IllegalArgumentException"}, exception},
      {"java.util.IllegalFormatConversionException",
       {"java.util.IllegalFormatException"},
       exception},
      {"java.util.MissingFormatArgumentException", {"java.util.IllegalFormatException"}, exception},
      {"java.util.UnknownFormatConversionException",
       {"java.util.IllegalFormatException"},
       exception},
      {"java.io.UnsupportedEncodingException", {"java.io.IOException"}, exception},
      {"java.security.NoSuchAlgorithmException", {"java.lang.Exception"}, exception},
      {"java.lang.NumberFormatException", {"java.lang.IllegalArgumentException"}, exception},
      {"java.lang.IllegalStateException", {"java.lang.RuntimeException"}, exception},
      {"java.lang.UnsupportedOperationException", {"java.lang.RuntimeException"}, exception},
      {"java.lang.NullPointerException", {"java.lang.RuntimeException"}, exception},
      {"java.lang.ArithmeticException", {"java.lang.RuntimeException"}, exception},
      {"java.lang.SecurityException", {"java.lang.RuntimeException"}, exception},
      {"java.lang.NegativeArraySizeException", {"java.lang.RuntimeException"}, exception},
      {"java.lang.ArrayStoreException", {"java.lang.RuntimeException"}, exception},
      {"java.lang.IndexOutOfBoundsException", {"java.lang.RuntimeException"}, exception},
      {"java.lang.StringIndexOutOfBoundsException",
       {"java.lang.IndexOutOfBoundsException"},
       exception},
      {"java.lang.ArrayIndexOutOfBoundsException",
       {"java.lang.IndexOutOfBoundsException"},
       exception},
      {"java.lang.ClassCastException", {"java.lang.RuntimeException"}, exception},
      {"java.lang.CloneNotSupportedException", {"java.lang.Exception"}, exception},
      {"java.lang.InterruptedException", {"java.lang.Exception"}, exception},
      {"java.lang.ReflectiveOperationException", {"java.lang.Exception"}, exception},
      {"java.lang.ClassNotFoundException", {"java.lang.ReflectiveOperationException"}, exception},
      {"java.lang.NoSuchFieldException", {"java.lang.ReflectiveOperationException"}, exception},
      {"java.lang.NoSuchMethodException", {"java.lang.ReflectiveOperationException"}, exception},
      {"java.lang.AssertionError", {"java.lang.Error"}, exception},
      {"java.lang.NoSuchMethodError", {"java.lang.Error"}, exception},
      {"java.lang.StackOverflowError", {"java.lang.Error"}, exception},
      {"java.lang.OutOfMemoryError", {"java.lang.Error"}, exception},
      {"java.util.NoSuchElementException", {"java.lang.RuntimeException"}, exception},
      {"java.util.InputMismatchException", {"java.util.NoSuchElementException"}, exception},
      {"java.util.ConcurrentModificationException", {"java.lang.RuntimeException"}, exception},
      {"java.util.EmptyStackException", {"java.lang.RuntimeException"}, exception},
      {"java.util.MissingResourceException", {"java.lang.RuntimeException"}, exception},
      {"java.util.regex.PatternSyntaxException", {"java.lang.IllegalArgumentException"}, exception},
      {"org.xml.sax.SAXException", {"java.lang.Exception"}, exception},
      {"org.xml.sax.SAXParseException", {"org.xml.sax.SAXException"}, exception},
      {"java.util.concurrent.TimeoutException", {"java.lang.Exception"}, exception},
      {"java.util.concurrent.ExecutionException", {"java.lang.Exception"}, exception},
      {"java.util.concurrent.CancellationException",
       {"java.lang.IllegalStateException"},
       exception},
      {"java.text.ParseException", {"java.lang.Exception"}, exception},
      {"java.time.DateTimeException", {"java.lang.RuntimeException"}, exception},
      {"java.time.format.DateTimeParseException", {"java.time.DateTimeException"}, exception},
      {"java.time.temporal.UnsupportedTemporalTypeException",
       {"java.time.DateTimeException"},
       exception},
      {"java.io.IOException", {"java.lang.Exception"}, exception},
      {"java.io.UncheckedIOException", {"java.lang.RuntimeException"}, exception},
      {"java.io.FileNotFoundException", {"java.io.IOException"}, exception},
      {"java.io.EOFException", {"java.io.IOException"}, exception},
      {"java.io.NotSerializableException", {"java.io.IOException"}, exception},
      {"java.nio.file.FileSystemException", {"java.io.IOException"}, exception},
      {"java.nio.file.NoSuchFileException", {"java.nio.file.FileSystemException"}, exception},
      {"java.nio.file.FileAlreadyExistsException",
       {"java.nio.file.FileSystemException"},
       exception},
      {"java.nio.file.AccessDeniedException", {"java.nio.file.FileSystemException"}, exception},
      {"java.nio.charset.UnsupportedCharsetException",
       {"java.lang.IllegalArgumentException"},
       exception},
      {"net.sf.json.JSONException", {"java.lang.RuntimeException"}, exception},
      {"org.yaml.snakeyaml.error.YAMLException", {"java.lang.RuntimeException"}, exception},
      {"java.net.MalformedURLException", {"java.io.IOException"}, exception},
      {"java.net.UnknownHostException", {"java.io.IOException"}, exception},
      {"java.net.SocketException", {"java.io.IOException"}, exception},
      {"java.net.ConnectException", {"java.net.SocketException"}, exception},
      {"java.net.URISyntaxException", {"java.lang.Exception"}, exception},
      {"org.codehaus.groovy.runtime.typehandling.GroovyCastException",
       {"java.lang.ClassCastException"},
       exception},
      {"org.codehaus.groovy.runtime.powerassert.PowerAssertionError",
       {"java.lang.AssertionError"},
       exception},
      {"groovy.lang.GroovyRuntimeException", {"java.lang.RuntimeException"}, exception},
      {"groovy.lang.MissingPropertyException", {"groovy.lang.GroovyRuntimeException"}, exception},
      {"groovy.lang.MissingMethodException", {"groovy.lang.GroovyRuntimeException"}, exception},
      {"groovy.lang.ReadOnlyPropertyException",
       {"groovy.lang.MissingPropertyException"},
       exception},
      {"groovy.json.JsonException", {"groovy.lang.GroovyRuntimeException"}, exception},
      {"hudson.AbortException", {"java.io.IOException"}, exception},
      {"hudson.remoting.ChannelClosedException", {"java.io.IOException"}, exception},
      {"hudson.remoting.RequestAbortedException", {"java.lang.RuntimeException"}, exception},
      {"org.jenkinsci.plugins.workflow.steps.FlowInterruptedException",
       {"java.lang.InterruptedException"},
       exception},
      {"org.jenkinsci.plugins.workflow.steps.MissingContextVariableException",
       {"java.lang.Exception"},
       exception},
      {"cupel.UnsupportedException", {"java.lang.Error"}, exception},
  };
}

}  // namespace

std::span<const KnownType> known_types() {
  static const auto types = [] {
    auto all = values();
    for (auto& type : collections()) all.push_back(std::move(type));
    for (auto& type : exceptions()) all.push_back(std::move(type));
    return all;
  }();
  return types;
}

const KnownType* find_known_type(std::string_view name) {
  static const auto by_name = [] {
    std::unordered_map<std::string_view, const KnownType*> types;
    for (const auto& type : known_types()) types.emplace(type.name, &type);
    return types;
  }();
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : found->second;
}

}  // namespace cupel::pipeline
