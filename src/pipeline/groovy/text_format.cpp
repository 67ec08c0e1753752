// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/text_format.hpp"

#include <cmath>
#include <optional>

#include "pipeline/groovy/methods.hpp"
#include "pipeline/groovy/numbers.hpp"
#include "pipeline/groovy/text_methods.hpp"
#include "pipeline/groovy/time_text.hpp"
#include "pipeline/groovy/utf8.hpp"

namespace cupel::pipeline {
namespace {

constexpr std::int64_t max_width = 1'000'000;

/// %[index$][flags][width][.precision]conversion
struct Specifier {
  std::string written;
  std::optional<std::size_t> index;
  std::string flags;
  std::optional<std::int64_t> width, precision;
  char conversion = 0;
  char date = 0;  ///< behind a t
  bool has(char flag) const { return flags.find(flag) != std::string::npos; }
};

tl::unexpected<Signal> mismatch(const Specifier& specifier, const Value& value) {
  return raise("java.util.IllegalFormatConversionException", "{} != {}", specifier.conversion,
               value.type_name());
}

class Formatter {
 public:
  Formatter(std::string_view format, const std::vector<Value>& arguments)
      : format_(format), arguments_(arguments) {}

  Outcome<std::string> run() {
    while (at_ < format_.size()) {
      const auto percent = std::min(format_.find('%', at_), format_.size());
      text_ += format_.substr(at_, percent - at_);
      at_ = percent;
      if (at_ < format_.size()) TRY(one(TRY(specifier())));
      if (text_.size() > max_text) return refuse("the text would be too long");
    }
    return std::move(text_);
  }

 private:
  std::optional<std::int64_t> digits() {
    std::optional<std::int64_t> number;
    while (at_ < format_.size() && is_digit(static_cast<unsigned char>(format_[at_])))
      number = std::min(number.value_or(0) * 10 + (format_[at_++] - '0'), max_width + 1);
    return number;
  }

  Outcome<Specifier> specifier() {
    Specifier found;
    const auto begin = at_++;
    const auto before = at_;
    if (const auto number = digits(); number && at_ < format_.size() && format_[at_] == '$') {
      found.index = static_cast<std::size_t>(*number);
      ++at_;
    } else {
      at_ = before;
    }
    while (at_ < format_.size() &&
           std::string_view("-#+ 0,(<").find(format_[at_]) != std::string::npos)
      found.flags += format_[at_++];
    found.width = digits();
    if (at_ < format_.size() && format_[at_] == '.') {
      ++at_;
      found.precision = digits();
    }
    if (at_ < format_.size()) found.conversion = format_[at_++];
    if ((found.conversion == 't' || found.conversion == 'T') && at_ < format_.size())
      found.date = format_[at_++];
    found.written = format_.substr(begin, at_ - begin);
    if (found.conversion == 0 ||
        std::string_view("bBhHsScCdoxXeEfgGaAtT%n").find(found.conversion) == std::string::npos)
      return raise("java.util.UnknownFormatConversionException", "Conversion = '{}'",
                   found.conversion ? found.conversion : '%');
    if (found.width.value_or(0) > max_width || found.precision.value_or(0) > max_width)
      return refuse("a format width of more than {} is not supported", max_width);
    return found;
  }

  Outcome<Value> argument(const Specifier& specifier) {
    std::size_t place = next_;
    if (specifier.has('<'))
      place = last_;
    else if (specifier.index)
      place = *specifier.index - 1;
    else
      ++next_;
    if (place >= arguments_.size())
      return raise("java.util.MissingFormatArgumentException", "Format specifier '{}'",
                   specifier.written);
    last_ = place;
    return arguments_[place];
  }

  Outcome<void> one(const Specifier& specifier) {
    if (specifier.conversion == 'n') {
      text_ += '\n';
      return {};
    }
    if (specifier.conversion == '%') {
      pad(specifier, "%");
      return {};
    }
    const auto value = TRY(argument(specifier));
    auto text = TRY(converted(specifier, value));
    if (std::isupper(static_cast<unsigned char>(specifier.conversion)) != 0)
      text = upper_case(text);
    pad(specifier, text);
    return {};
  }

  void pad(const Specifier& specifier, const std::string& text) {
    const auto missing = specifier.width.value_or(0) - character_count(text);
    const std::string blanks(static_cast<std::size_t>(std::max<std::int64_t>(missing, 0)), ' ');
    text_ += specifier.has('-') ? text + blanks : blanks + text;
  }

  static Outcome<std::string> converted(const Specifier& specifier, const Value& value) {
    switch (specifier.conversion) {
      case 'b':
      case 'B':
        return cut(specifier, value.is_null()   ? "false"
                              : value.as_flag() ? (*value.as_flag() ? "true" : "false")
                                                : "true");
      case 's':
      case 'S': return cut(specifier, TRY(text_of(value)));
      case 'h':
      case 'H':
        if (value.is_null()) return cut(specifier, "null");
        return cut(specifier, fmt::format("{:x}", static_cast<std::uint32_t>(TRY(hash_of(value)))));
      case 'c':
      case 'C': return character(specifier, value);
      case 't':
      case 'T': return format_date_field(value, specifier.date);
      case 'd':
      case 'o':
      case 'x':
      case 'X': return whole(specifier, value);
      default: return floating(specifier, value);
    }
  }

  static std::string cut(const Specifier& specifier, const std::string& text) {
    if (!specifier.precision) return text;
    return std::string(characters(text, 0, *specifier.precision));
  }

  static Outcome<std::string> character(const Specifier& specifier, const Value& value) {
    if (value.is_null()) return std::string("null");
    if (const auto* one = value.as_character()) return one->text();
    if (const auto* code = value.as_integer()) return utf8(static_cast<char32_t>(*code));
    return mismatch(specifier, value);
  }

  /// Groups, signs and zeros around the digits of a number.
  static std::string decorated(const Specifier& specifier, std::string digits, bool negative) {
    if (specifier.has(',')) {
      const auto end = std::min(digits.find('.'), digits.size());
      for (auto at = static_cast<std::ptrdiff_t>(end) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    }
    std::string front, back;
    if (negative) {
      front = specifier.has('(') ? "(" : "-";
      back = specifier.has('(') ? ")" : "";
    } else if (specifier.has('+')) {
      front = "+";
    } else if (specifier.has(' ')) {
      front = " ";
    }
    if (specifier.has('0')) {
      const auto used = front.size() + digits.size() + back.size();
      const auto width = static_cast<std::size_t>(specifier.width.value_or(0));
      if (width > used) front.append(width - used, '0');
    }
    return front + digits + back;
  }

  static Outcome<std::string> whole(const Specifier& specifier, const Value& value) {
    if (value.is_null()) return std::string("null");
    if (!value.as_whole() && !value.as_big_integer()) return mismatch(specifier, value);
    auto number = TRY(big_integer_of(value));
    const bool decimal = specifier.conversion == 'd';
    const auto radix = decimal ? 10U : specifier.conversion == 'o' ? 8U : 16U;
    if (!decimal && number.sign() < 0 && value.as_whole()) {
      // Two's complement in the width of the type.
      const auto bits = value.as_whole()->width == Width::long_ ? 64 : 32;
      number = add(number, TRY(Outcome<BigInteger>(shifted(BigInteger(1), bits))));
    }
    auto digits = number.magnitude().text(radix);
    if (!decimal && specifier.has('#')) digits.insert(0, radix == 8 ? "0" : "0x");
    return decorated(specifier, std::move(digits), number.sign() < 0);
  }

  static Outcome<std::string> floating(const Specifier& specifier, const Value& value) {
    if (value.is_null()) return std::string("null");
    if (!value.as_floating() && !value.as_decimal()) return mismatch(specifier, value);
    const auto number = floating_of(value);
    if (std::isnan(number)) return std::string("NaN");
    if (std::isinf(number)) return decorated(specifier, "Infinity", number < 0);
    const auto places = specifier.precision.value_or(6);
    const char kind = static_cast<char>(std::tolower(specifier.conversion));
    if (kind == 'a') return refuse("the format %a is not supported");
    const auto size = std::fabs(number);
    if (kind == 'e' || (kind == 'g' && size != 0 && (size < 1e-4 || size >= std::pow(10, places))))
      return decorated(specifier,
                       fmt::format("{:.{}e}", size,
                                   kind == 'g' ? std::max<std::int64_t>(places - 1, 0) : places),
                       number < 0);
    auto decimal = TRY(decimal_of(value));
    auto after = places;
    if (kind == 'g' && size != 0)
      after = std::max<std::int64_t>(
          places - 1 - static_cast<std::int64_t>(std::floor(std::log10(size))), 0);
    if (kind == 'g' && size == 0) after = std::max<std::int64_t>(places - 1, 0);
    decimal = TRY(Outcome<Decimal>(decimal.rounded(after, Rounding::half_up)));
    auto digits = TRY(Outcome<std::string>(decimal.plain_text()));
    const bool negative = digits.starts_with('-');
    if (negative) digits.erase(0, 1);
    return decorated(specifier, std::move(digits), negative || std::signbit(number));
  }

  std::string_view format_;
  const std::vector<Value>& arguments_;
  std::size_t at_ = 0, next_ = 0, last_ = 0;
  std::string text_;
};

Outcome<Value> formatted(MethodCall& call) {
  auto values = call.arguments;
  if (values.size() == 1 && values[0].list_here()) values = TRY(elements_of(values[0]));
  return call.text_value(TRY(format_java(TRY(call.own_text()), values)));
}

}  // namespace

Outcome<std::string> format_java(std::string_view format, const std::vector<Value>& arguments) {
  return Formatter(format, arguments).run();
}

void add_text_format(MethodTable& table) { table = {{"formatted", {0, any_number, formatted}}}; }

}  // namespace cupel::pipeline
