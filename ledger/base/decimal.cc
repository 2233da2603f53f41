#include "ledger/base/decimal.h"

#include <algorithm>

#include "ledger/base/check.h"

namespace suyuan {
namespace {

constexpr uint8_t kScaleMax = 9;
constexpr int64_t kUnitsMax = 999'999'999'999'999'999;
__extension__ using Wide = __int128;  // 10^18 * 10^9 * 2 fits.

Wide scaled(const Decimal& value, uint8_t scale) {
  Wide units = value.units();
  for (uint8_t s = value.scale(); s < scale; ++s) units *= 10;
  return units;
}

std::optional<Decimal> reduce(Wide units, uint8_t scale) {
  while (scale > 0 && units % 10 == 0) {
    units /= 10;
    --scale;
  }
  if (units > kUnitsMax || units < -kUnitsMax) return std::nullopt;
  return Decimal::make(static_cast<int64_t>(units), scale);
}

}  // namespace

std::optional<Decimal> Decimal::make(int64_t units, uint8_t scale) {
  if (scale > kScaleMax || units > kUnitsMax || units < -kUnitsMax) return std::nullopt;
  while (scale > 0 && units % 10 == 0) {
    units /= 10;
    --scale;
  }
  Decimal value;
  value.units_ = units;
  value.scale_ = scale;
  return value;
}

std::optional<Decimal> Decimal::parse(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  const size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const bool has_fraction = point != std::string_view::npos;
  const std::string_view fraction = has_fraction ? text.substr(point + 1) : std::string_view{};
  if (whole.empty() || (whole.size() > 1 && whole.front() == '0')) return std::nullopt;
  if (has_fraction && fraction.empty()) return std::nullopt;
  if (whole.size() > 18 || fraction.size() > kScaleMax) return std::nullopt;
  Wide units = 0;
  for (const std::string_view part : {whole, fraction}) {
    for (const char c : part) {
      if (c < '0' || c > '9') return std::nullopt;
      units = units * 10 + (c - '0');
    }
  }
  return reduce(negative ? -units : units, static_cast<uint8_t>(fraction.size()));
}

std::string Decimal::to_text() const {
  std::string digits = std::to_string(units_ < 0 ? -units_ : units_);
  if (digits.size() <= scale_) digits.insert(0, scale_ + 1 - digits.size(), '0');
  if (scale_ > 0) digits.insert(digits.size() - scale_, 1, '.');
  if (units_ < 0) digits.insert(0, 1, '-');
  return digits;
}

std::optional<Decimal> Decimal::plus(const Decimal& other) const {
  const uint8_t scale = std::max(scale_, other.scale_);
  return reduce(scaled(*this, scale) + scaled(other, scale), scale);
}

std::optional<Decimal> Decimal::minus(const Decimal& other) const {
  const uint8_t scale = std::max(scale_, other.scale_);
  return reduce(scaled(*this, scale) - scaled(other, scale), scale);
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
  const uint8_t scale = std::max(a.scale_, b.scale_);
  const Wide left = scaled(a, scale);
  const Wide right = scaled(b, scale);
  if (left < right) return std::strong_ordering::less;
  return left > right ? std::strong_ordering::greater : std::strong_ordering::equal;
}

}  // namespace suyuan
