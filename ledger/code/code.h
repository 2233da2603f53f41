// Product codes (formats.md 1): one canonical text for each thing, in whatever form it was sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"

namespace suyuan {

enum class CodeType : uint8_t {
  gtin_class,    // AI 01: a trade item
  variant,       // 01 + 22
  lot,           // 01 + 10
  serial,        // 01 + 21, or 01 + 235: one unit
  sscc,          // 00: a logistic unit
  location,      // 414, 414 + 254, 417: a place or a party
  asset,         // 8003, 8004
  container,     // ISO 6346
  parcel,        // UPU S10
  order,         // numbers in the issuer's name space
  payment,
  customs_list,
  document,      // other documents: 253, 415 + 8020, the issuer's own numbers
  other_gs1,     // the other primary keys
  uri,           // any other absolute URI
};
std::string_view word(CodeType type);  // "lot", as documentation and JSON write it

// A valid code. Only parse_code() makes one. docs/identifiers.md lists all accepted forms.
class ProductCode {
 public:
  const std::string& text() const { return text_; }  // canonical
  CodeType type() const { return type_; }

  // Decoded values; empty if the code has none.
  const std::string& gtin() const { return gtin_; }      // 14 digits
  const std::string& lot() const { return lot_; }        // AI 10
  const std::string& serial() const { return serial_; }  // AI 21, 235 or 8011

  // Returns the canonical code of the trade item whose lot, unit, variant or piece this is.
  std::optional<std::string> class_of() const;
  // Returns the coarser codes that this code's text names, nearest first: the class of a unit or
  // lot, the type of an asset. Not a unit's lot: only its commissioning event states that.
  std::vector<std::string> parents() const;

  // Returns whether it is goods, a package, a container or a parcel: it can be held, and be inside
  // another. An own URI may name such a thing.
  bool is_physical() const { return physical_; }
  bool is_document() const { return document_; }

  friend bool operator==(const ProductCode& a, const ProductCode& b) { return a.text_ == b.text_; }

 private:
  ProductCode() = default;
  friend struct CodeMaker;  // code.cc

  std::string text_;
  CodeType type_ = CodeType::uri;
  bool physical_ = false;
  bool document_ = false;
  std::string gtin_;
  std::string lot_;
  std::string serial_;
};

// Parses a Digital Link, element string, EPC URN, bare digits, registered URN form, or another
// absolute URI.
Result<ProductCode> parse_code(std::string_view sent);

// Returns whether it is an EPC of a scheme without a GS1 key: gid, usdod, adi, imovn.
bool is_plain_epc(std::string_view canonical);

// Checks a code in a supplier's payload. Errors: CODE_NOT_CANONICAL with the canonical text, or the
// reason why it is not a valid code.
Result<Done> check_canonical(std::string_view code);

// Returns SHA-256("suyuan/code/v1\n" ‖ canonical code).
Hash code_key(std::string_view canonical);

// Returns a number in its issuer's name space; docs/identifiers.md says who the issuer is for each
// type. Requires: type is order, payment, customs_list or document.
Result<ProductCode> own_number(CodeType type, std::string_view issuer, std::string_view number);
Result<ProductCode> container_code(std::string_view iso6346);
Result<ProductCode> parcel_code(std::string_view s10);

// Names that only registry payloads may give (formats.md 1, 9). check_canonical() refuses them.
std::string party_code(std::string_view id);
std::string product_code(std::string_view gtin14);
std::string site_code(std::string_view gln13);
bool is_registry_code(std::string_view code);  // begins with "urn:suyuan:"
Result<Done> check_registry_code(std::string_view code);
// [a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?
Result<Done> check_party_id(std::string_view id);

}  // namespace suyuan
