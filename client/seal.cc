#include "client/seal.h"

#include "ledger/base/coding.h"
#include "ledger/base/limits.h"
#include "ledger/crypto/hash.h"
#include "ledger/event/codes_of.h"
#include "ledger/event/record.h"
#include "ledger/event/validate.h"
#include "ledger/os/files.h"
#include "ledger/registry/act_rules.h"
#include "proto/event_codec.h"
#include "proto/registry_codec.h"

namespace suyuan {
namespace {

constexpr std::string_view kContentTag = "suyuan/client/content/v1\n";

Errors one_error(Code code, std::string message, std::string field) {
  return {{.code = code, .message = std::move(message), .field = std::move(field)}};
}

}  // namespace

Salt random_salt() { return random_fixed<Salt>(); }

Results<SealedEvent> seal_event(JsonEvent from, std::string_view party, const SaltSource& salts) {
  TraceEvent& event = from.event;
  if (Errors faults = faults_of(event); !faults.empty()) return Unexpected(std::move(faults));
  SealedEvent out;
  Bytes content;
  put_string(content, encode_event(event));
  for (size_t i = 0; i < from.sealed.size(); ++i) {
    auto& section = from.sealed[i];
    if (section.content.size() > limits::kSectionBytesMax) {
      return Unexpected(one_error(Code::TOO_LARGE, "a sealed section has at most 64 KiB",
                                  "sealed[" + std::to_string(i) + "].content"));
    }
    put_string(content, word(section.audience));
    put_string(content, section.label);
    put_string(content, section.content);
    const Salt salt = salts();
    event.sections.push_back(
        {.digest = section_digest(party, section.audience, salt, section.content),
         .audience = section.audience,
         .label = std::move(section.label)});
    out.event.body.sections.push_back({.salt = salt, .bytes = std::move(section.content)});
  }
  // Checked again with the sections: their labels and number have rules too.
  if (Errors faults = faults_of(event); !faults.empty()) return Unexpected(std::move(faults));
  out.content = domain_hash(kContentTag, {content});
  out.event.body.salt = salts();
  out.event.body.payload = encode_event(event);
  out.event.codes = codes_of(event);
  return out;
}

Results<SealedEvent> seal_act(const RegistryEvent& act, const SaltSource& salts) {
  if (Errors faults = faults_of(act); !faults.empty()) return Unexpected(std::move(faults));
  SealedEvent out;
  out.event.body.salt = salts();
  out.event.body.payload = encode_registry(act);
  out.event.codes = {code_of(act)};
  out.content = domain_hash(kContentTag, {out.event.body.payload});
  return out;
}

}  // namespace suyuan
