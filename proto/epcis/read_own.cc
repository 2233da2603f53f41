// The ledger's own terms, "suyuan:...": what an event can say beyond EPCIS.
#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/event/vocabulary.h"
#include "proto/epcis/forms.h"
#include "proto/epcis/read.h"

namespace suyuan::ld {
namespace {

// The members of an object by name; a member that is not asked for is a fault.
class Members {
 public:
  Members(JsonValue object, const At& at, Faults& faults)
      : object_(object), at_(at), faults_(faults) {}
  std::optional<JsonValue> find(std::string_view name) {
    asked_.push_back(name);
    for (const JsonValue member : object_) {
      if (member.name() == name) return member;
    }
    return std::nullopt;
  }
  void finish() {
    for (const JsonValue member : object_) {
      if (std::ranges::find(asked_, member.name()) != asked_.end()) continue;
      faults_.add(Code::INVALID_FIELD, at_.member(member.name()),
                  "no such field: " + quoted(member.name()));
    }
  }

 private:
  JsonValue object_;
  const At& at_;
  Faults& faults_;
  std::vector<std::string_view> asked_;
};

std::optional<Decimal> decimal_in(std::optional<JsonValue> value) {
  if (!value || value->kind() != NodeKind::number) return std::nullopt;
  return decimal_of(value->value());
}

// A text: 64 digits without letters would also be a JSON number.
std::optional<Hash> hash_in(JsonValue value) {
  if (value.kind() != NodeKind::text) return std::nullopt;
  return fixed_from_hex<Hash>(value.value());
}

}  // namespace

void EventReader::read_own(JsonValue member, const At& at) {
  const std::string_view term = std::string_view(member.name()).substr(kOwnPrefix.size());
  const auto one_of = [&](auto found, std::string_view known) {
    if (!found) {
      faults_.add(Code::INVALID_FIELD, at,
                  quoted(member.value()) + " is not one of: " + std::string(known));
    }
    return found;
  };
  const bool is_text = member.kind() == NodeKind::text;
  if (term == "kind") {
    const auto kind = one_of(is_text ? kind_from(member.value()) : std::nullopt,
                             "origin, supply, logistics, transaction, inspection");
    if (kind) event_.kind = *kind;
    kind_stated_ = true;
  } else if (term == "audience") {
    const auto audience = one_of(is_text ? event_audience_from(member.value()) : std::nullopt,
                                 "public, partner");
    if (audience) event_.audience = *audience;
  } else if (term == "lot") {
    event_.lot = code(member, at);
  } else if (term == "wholeLot") {
    event_.whole_lot = member.kind() == NodeKind::boolean && member.value() == "true";
    needs(member.kind() == NodeKind::boolean, at, "true or false");
  } else if (term == "result") {
    event_.result = text(member, at);
  } else if (term == "confirms") {
    event_.confirms = uri(member, at);
  } else if (term == "losses") {
    read_losses(member, at);
  } else if (term == "documents") {
    read_documents(member, at);
  } else if (term == "sections") {
    read_sections(member, at);
  } else if (term == "netKg") {
    read_masses(member, at);
  } else if (term == "persistentDisposition") {
    read_persistent(member, at);
  } else if (term == "ilmd" || term == "extensions") {
    if (!is_object(member, at)) return;
    auto& tree = term == "ilmd" ? event_.ilmd : event_.extensions;
    for (const JsonValue inner : member) append(inner, tree);
  } else if (is_answer_term(member.name())) {
    faults_.add(Code::INVALID_FIELD, at,
                quoted(member.name()) + " is what a node adds to its answers; leave it out of what "
                                        "is signed");
  } else {
    faults_.add(Code::INVALID_FIELD, at,
                "there is no term " + quoted(member.name()) + "; docs/epcis.md lists them");
  }
}

template <class T, class Read>
void EventReader::read_own_list(JsonValue list, const At& at, std::vector<T>& out, Read read) {
  if (!is_list(list, at, limits::kCodesPerEventMax)) return;
  size_t index = 0;
  for (const JsonValue entry : list) {
    if (faults_.full()) return;
    const At here = at.entry(index++);
    if (!is_object(entry, here)) continue;
    Members members(entry, here, faults_);
    read(members, here, out.emplace_back());
    members.finish();
  }
}

void EventReader::read_losses(JsonValue list, const At& at) {
  read_own_list(list, at, event_.losses, [&](Members& in, const At& here, Loss& loss) {
    const At at_quantity = here.member("quantity");
    if (const auto reason = in.find("reason")) loss.reason = text(*reason, here.member("reason"));
    const auto quantity = decimal_in(in.find("quantity"));
    needs(quantity.has_value(), at_quantity, "a quantity, as a JSON number");
    if (quantity) loss.quantity = *quantity;
    if (const auto uom = in.find("uom")) loss.uom = text(*uom, here.member("uom"));
  });
}

void EventReader::read_documents(JsonValue list, const At& at) {
  read_own_list(list, at, event_.documents, [&](Members& in, const At& here, Document& document) {
    const auto take = [&](std::string_view name, std::string& to) {
      if (const auto value = in.find(name)) to = text(*value, here.member(name));
    };
    take("number", document.number);
    take("type", document.type);
    take("mediaType", document.media_type);
    take("issuer", document.issuer);
    if (const auto hash = in.find("sha256")) {
      document.sha256 = hash_in(*hash);
      const At at_hash = here.member("sha256");
      needs(document.sha256.has_value(), at_hash, "64 digits of lower-case hex");
    }
    if (const auto size = in.find("size")) {
      const auto bytes = size->kind() == NodeKind::number ? from_decimal(size->value())
                                                          : std::optional<uint64_t>{};
      const At at_size = here.member("size");
      needs(bytes.has_value(), at_size, "a whole number of bytes");
      document.size = bytes.value_or(0);
    }
  });
}

void EventReader::read_sections(JsonValue list, const At& at) {
  read_own_list(list, at, event_.sections, [&](Members& in, const At& here, SectionRef& section) {
    const auto audience = in.find("audience");
    const auto reader = audience && audience->kind() == NodeKind::text
                            ? audience_from(audience->value())
                            : std::optional<Audience>{};
    const At at_audience = here.member("audience");
    needs(reader.has_value(), at_audience,
          "owner, partner, platform, customs or market_supervision");
    if (reader) section.audience = *reader;
    if (const auto label = in.find("label")) section.label = text(*label, here.member("label"));
    const auto digest = in.find("digest");
    const auto hash = digest ? hash_in(*digest) : std::optional<Hash>{};
    const At at_digest = here.member("digest");
    needs(hash.has_value(), at_digest, "64 digits of lower-case hex");
    if (hash) section.digest = *hash;
  });
}

void EventReader::read_masses(JsonValue list, const At& at) {
  read_own_list(list, at, masses_, [&](Members& in, const At& here, Mass& mass) {
    const At at_code = here.member("epcClass");
    const At at_kg = here.member("kg");
    if (const auto named = in.find("epcClass")) mass.code = code(*named, at_code);
    needs(!mass.code.empty(), at_code, "the class whose mass it is");
    const auto kg = decimal_in(in.find("kg"));
    needs(kg.has_value(), at_kg, "a mass, as a JSON number");
    if (kg) mass.kg = *kg;
  });
}

void EventReader::add_masses() {
  const At at = kEvent.member("suyuan:netKg");
  for (const Mass& mass : masses_) {
    bool found = false;
    for (auto* items : {&event_.objects, &event_.children, &event_.inputs, &event_.outputs}) {
      for (Item& item : *items) {
        if (item.code != mass.code || !item.quantity) continue;
        item.net_kg = mass.kg;
        found = true;
      }
    }
    if (!found) {
      faults_.add(Code::INVALID_FIELD, at,
                  quoted(mass.code) + " is in no list with a quantity");
    }
  }
}

}  // namespace suyuan::ld
