// Decimal: an exact quantity as suppliers write it. No floating point is signed or judged.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace suyuan {

// value = units / 10^scale, always reduced: scale is the smallest that holds the value.
// Bounds: scale 0 to 9, |units| below 10^18, so that sums of 4,096 of one scale fit 128 bits.
class Decimal {
 public:
  Decimal() = default;
  // Returns nullopt outside the bounds.
  static std::optional<Decimal> make(int64_t units, uint8_t scale);
  // -?(0|[1-9][0-9]*)(\.[0-9]+)?, at most 9 decimals.
  static std::optional<Decimal> parse(std::string_view text);

  int64_t units() const { return units_; }
  uint8_t scale() const { return scale_; }
  bool is_zero() const { return units_ == 0; }
  bool is_negative() const { return units_ < 0; }
  std::string to_text() const;

  // Returns nullopt if the result is out of bounds.
  std::optional<Decimal> plus(const Decimal& other) const;
  std::optional<Decimal> minus(const Decimal& other) const;

  friend bool operator==(const Decimal&, const Decimal&) = default;
  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);

 private:
  int64_t units_ = 0;
  uint8_t scale_ = 0;
};

}  // namespace suyuan
