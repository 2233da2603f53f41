#include "ledger/registry/act_rules.h"

#include <algorithm>

#include "ledger/base/control.h"
#include "ledger/base/limits.h"
#include "ledger/code/check_digit.h"
#include "ledger/code/code.h"
#include "ledger/event/vocabulary.h"
#include "ledger/registry/genesis.h"

namespace suyuan {
namespace {

// 1900-01-01 to 9999-12-31, both in UTC, as for the times of events.
constexpr int64_t kMomentMsMin = -2'208'988'800'000;
constexpr int64_t kMomentMsMax = 253'402'214'399'999;
constexpr int kOffsetMinutesMax = 14 * 60;

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string element(const std::string& list, size_t index) {
  return list + "[" + std::to_string(index) + "]";
}

// Visits one act and collects its faults.
class Check {
 public:
  Errors take() && { return std::move(errors_); }

  void operator()(const RegisterParty& act) {
    party(act.party);
    if (std::ranges::find(act.party.roles, Role::authority) != act.party.roles.end()) {
      add(Code::INVALID_FIELD, "only genesis gives the role authority", "party.roles");
    }
    bound(act.keys.size(), "keys");
  }
  void operator()(const AmendParty& act) { party(act.party); }
  void operator()(const AddKey& act) { party_id(act.party, "party"); }
  void operator()(const RevokeKey& act) {
    party_id(act.party, "party");
    optional_text(act.reason, "reason");
  }
  void operator()(const GrantDelegation& act) {
    party_id(act.party, "party");
    party_id(act.signer, "signer");
    if (act.until) moment(*act.until, "until");
    if (act.party == act.signer) {
      add(Code::INVALID_FIELD, "a party needs no delegation to sign for itself", "signer");
    }
  }
  void operator()(const EndDelegation& act) {
    party_id(act.party, "party");
    party_id(act.signer, "signer");
  }
  void operator()(const RegisterProduct& act) { product(act.product); }
  void operator()(const AmendProduct& act) { product(act.product); }
  void operator()(const RegisterSite& act) { site(act.site); }
  void operator()(const AmendSite& act) { site(act.site); }

 private:
  void add(Code code, std::string message, std::string field) {
    if (errors_.size() == limits::kErrorsPerBatchMax) return;
    errors_.push_back({.code = code, .message = std::move(message), .field = std::move(field)});
  }
  // Reports another module's refusal under this field's name.
  template <class T>
  void add_if(const Result<T>& result, const std::string& field) {
    if (!result) add(result.error().code, result.error().message, field);
  }

  void party(const PartyData& data);
  void product(const ProductData& data);
  void site(const SiteData& data);

  void bound(size_t size, const std::string& field) {
    if (size <= limits::kListMax) return;
    add(Code::TOO_MANY, "found " + std::to_string(size) + ", at most 256 are accepted", field);
  }

  void optional_text(const std::string& text, const std::string& field) {
    if (text.size() > limits::kTextBytesMax) {
      return add(Code::TOO_LARGE, "a text has at most 4,096 bytes", field);
    }
    if (!is_clean_utf8(text)) return add(Code::BAD_TEXT, "is not valid UTF-8 without NUL", field);
    // Registry texts are shown in terminals and pages: no escape sequences and no second line.
    const auto control = [](char c) { return static_cast<uint8_t>(c) < 0x20 || c == 0x7F; };
    if (std::ranges::any_of(text, control) || !control_fault(text).empty()) {
      add(Code::INVALID_FIELD, quote(text) + " holds a control character", field);
    }
  }

  void text(const std::string& value, const std::string& field) {
    if (value.empty()) return add(Code::MISSING_FIELD, "is required", field);
    optional_text(value, field);
  }

  void party_id(const std::string& id, const std::string& field) {
    if (id.empty()) return add(Code::MISSING_FIELD, "a party id is required", field);
    if (!is_party_id(id)) {
      return add(Code::PARTY_ID_SYNTAX,
                 quote(id) +
                     " is not a party id: 1 to 63 of a-z 0-9 . -, both ends letter or digit",
                 field);
    }
    if (is_reserved_party_id(id)) {
      add(Code::PARTY_ID_SYNTAX, quote(id) + " is a reserved word; choose another id", field);
    }
  }

  void optional_party_id(const std::string& id, const std::string& field) {
    if (!id.empty()) party_id(id, field);
  }

  // Checks each element of a list with `each`, and that none is repeated.
  template <class Each>
  void distinct(const std::vector<std::string>& list, const std::string& field, const Each& each) {
    bound(list.size(), field);
    if (list.size() > limits::kListMax) return;
    for (size_t i = 0; i < list.size(); ++i) {
      each(list[i], element(field, i));
      if (std::find(list.begin(), list.begin() + static_cast<ptrdiff_t>(i), list[i]) !=
          list.begin() + static_cast<ptrdiff_t>(i)) {
        add(Code::INVALID_FIELD, quote(list[i]) + " is named twice", element(field, i));
      }
    }
  }
  void party_ids(const std::vector<std::string>& list, const std::string& field) {
    distinct(list, field, [this](const auto& id, const auto& at) { party_id(id, at); });
  }
  void texts(const std::vector<std::string>& list, const std::string& field) {
    distinct(list, field, [this](const auto& value, const auto& at) { text(value, at); });
  }

  void moment(const Moment& moment, const std::string& field) {
    if (moment.offset_minutes < -kOffsetMinutesMax || moment.offset_minutes > kOffsetMinutesMax) {
      add(Code::INVALID_FIELD, "the offset from UTC is at most 14 hours", field);
    }
    if (moment.ms < kMomentMsMin || moment.ms > kMomentMsMax) {
      add(Code::INVALID_FIELD, "a time must lie in the years 1900 to 9999", field);
    }
  }

  void country(const std::string& code, const std::string& field) {
    if (code.empty() || (code.size() == 2 && is_upper(code[0]) && is_upper(code[1]))) return;
    add(Code::INVALID_FIELD, quote(code) + " is not an ISO 3166-1 alpha-2 code, such as NZ", field);
  }

  void gtin14(const std::string& gtin, const std::string& field) {
    if (gtin.empty()) return add(Code::MISSING_FIELD, "a GTIN of 14 digits is required", field);
    if (gtin.size() != 14 || !std::ranges::all_of(gtin, is_digit)) {
      return add(Code::INVALID_FIELD,
                 quote(gtin) + " is not a GTIN of 14 digits; pad a shorter one with leading zeros",
                 field);
    }
    add_if(parse_code(gtin), field);
  }

  void degrees(const std::optional<Decimal>& value, int64_t max, const std::string& field) {
    if (!value) return;
    const Decimal high = *Decimal::make(max, 0);
    const Decimal low = *Decimal::make(-max, 0);
    if (*value >= low && *value <= high) return;
    add(Code::INVALID_FIELD,
        value->to_text() + " is outside -" + std::to_string(max) + " to " + std::to_string(max),
        field);
  }

  Errors errors_;
};

void Check::party(const PartyData& data) {
  party_id(data.id, "party.id");
  text(data.name, "party.name");
  optional_text(data.name_zh, "party.nameZh");
  if (data.roles.empty()) add(Code::MISSING_FIELD, "a party has at least one role", "party.roles");
  bound(data.roles.size(), "party.roles");
  if (std::ranges::adjacent_find(data.roles, std::ranges::greater_equal{}) != data.roles.end()) {
    add(Code::INVALID_FIELD, "roles must be in the order of docs/registry.md, each once",
        "party.roles");
  }
  country(data.country, "party.country");
  if (!data.gln.empty()) add_if(check_gln13(data.gln), "party.gln");
  if (!data.credit_code.empty()) add_if(check_uscc(data.credit_code), "party.creditCode");
  optional_party_id(data.represented_by, "party.representedBy");
  if (!data.id.empty() && data.represented_by == data.id) {
    add(Code::INVALID_FIELD, "a party cannot represent itself", "party.representedBy");
  }
  bound(data.accreditations.size(), "party.accreditations");
  if (data.accreditations.size() > limits::kListMax) return;
  for (size_t i = 0; i < data.accreditations.size(); ++i) {
    const auto& one = data.accreditations[i];
    const std::string at = element("party.accreditations", i);
    text(one.number, at + ".number");
    if (one.valid_to) moment(*one.valid_to, at + ".validTo");
    texts(one.scope, at + ".scope");
  }
}

void Check::product(const ProductData& data) {
  gtin14(data.gtin, "product.gtin");
  text(data.name, "product.name");
  optional_text(data.name_zh, "product.nameZh");
  optional_text(data.brand, "product.brand");
  party_id(data.owner, "product.owner");
  party_ids(data.licensees, "product.licensees");
  if (!data.uom.empty() && !is_uom(data.uom)) {
    add(Code::INVALID_FIELD,
        quote(data.uom) + " is not a unit of UN/ECE Recommendation 20, such as KGM or H87",
        "product.uom");
  }
  if (data.net_kg && (data.net_kg->is_negative() || data.net_kg->is_zero())) {
    add(Code::INVALID_FIELD, "a mass must be above zero", "product.netKg");
  }
  if (!data.hs.empty() &&
      (data.hs.size() < 2 || data.hs.size() > 13 || !std::ranges::all_of(data.hs, is_digit))) {
    add(Code::INVALID_FIELD, quote(data.hs) + " is not a customs tariff number of 2 to 13 digits",
        "product.hs");
  }
  if (data.contained_gtin.empty() != (data.contained_count == 0)) {
    add(Code::INVALID_FIELD, "state both what a case contains and how many",
        "product.containedCount");
  }
  if (!data.contained_gtin.empty()) {
    gtin14(data.contained_gtin, "product.containedGtin");
    if (data.contained_gtin == data.gtin) {
      add(Code::INVALID_FIELD, "a product cannot contain itself", "product.containedGtin");
    }
  }
  optional_party_id(data.recall_agent, "product.recallAgent");
  party_ids(data.sellers, "product.sellers");
  texts(data.required_steps, "product.requiredSteps");
}

void Check::site(const SiteData& data) {
  if (data.gln.empty()) {
    add(Code::MISSING_FIELD, "a GLN of 13 digits is required", "site.gln");
  } else {
    add_if(check_gln13(data.gln), "site.gln");
  }
  party_id(data.party, "site.party");
  text(data.name, "site.name");
  const auto in_type = [](char c) { return is_lower(c) || is_digit(c) || c == '_'; };
  if (data.type.size() > 63 || !std::ranges::all_of(data.type, in_type)) {
    add(Code::INVALID_FIELD,
        quote(data.type) + " is not a word of a-z 0-9 _, such as bonded_warehouse", "site.type");
  }
  country(data.country, "site.country");
  optional_text(data.region, "site.region");
  if (data.latitude.has_value() != data.longitude.has_value()) {
    add(Code::INVALID_FIELD, "state both latitude and longitude", "site.longitude");
  }
  degrees(data.latitude, 90, "site.latitude");
  degrees(data.longitude, 180, "site.longitude");
  const auto in_unlocode = [](char c) { return is_upper(c) || (c >= '2' && c <= '9'); };
  if (!data.unlocode.empty() &&
      (data.unlocode.size() != 5 || !is_upper(data.unlocode[0]) || !is_upper(data.unlocode[1]) ||
       !std::ranges::all_of(data.unlocode, in_unlocode))) {
    add(Code::INVALID_FIELD, quote(data.unlocode) + " is not a UN/LOCODE, such as CNXMN",
        "site.unlocode");
  }
  party_ids(data.supervised_by, "site.supervisedBy");
}

}  // namespace

Errors faults_of(const RegistryEvent& event) {
  Check check;
  std::visit(check, event);
  return std::move(check).take();
}

}  // namespace suyuan
