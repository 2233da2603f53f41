#include "ledger/event/record.h"

#include <algorithm>
#include <string>

#include "ledger/base/check.h"
#include "ledger/base/coding.h"
#include "ledger/base/limits.h"
#include "ledger/crypto/hash.h"

namespace suyuan {
namespace {

constexpr std::string_view kRecordTag = "suyuan/event/v1\n";
constexpr std::string_view kPayloadTag = "suyuan/payload/v1\n";
constexpr std::string_view kSectionTag = "suyuan/section/v1\n";

}  // namespace

Hash payload_hash(const Salt& salt, BytesView payload) {
  return domain_hash(kPayloadTag, {salt.view(), payload});
}

Hash section_digest(std::string_view party, Audience audience, const Salt& salt, BytesView bytes) {
  return domain_hash(kSectionTag, {party, "\n", word(audience), "\n", salt.view(), bytes});
}

Bytes encode_record(const Record& record) {
  const auto& keys = record.code_keys;
  SUYUAN_CHECK(!keys.empty() && keys.size() <= limits::kCodesPerEventMax);
  Bytes out;
  out.reserve(kRecordTag.size() + 2 + (keys.size() + 1) * Hash::kSize);
  out += kRecordTag;
  put_u16(out, static_cast<uint16_t>(keys.size()));
  for (size_t i = 0; i < keys.size(); ++i) {
    SUYUAN_CHECK(i == 0 || keys[i - 1] < keys[i]);
    out += keys[i].view();
  }
  out += record.payload.view();
  return out;
}

Result<Record> decode_record(BytesView bytes) {
  const auto refuse = [](std::string message) {
    return fail(Code::MALFORMED_EVENT, std::move(message), "record");
  };
  if (!bytes.starts_with(kRecordTag)) return refuse("a record begins with \"suyuan/event/v1\"");
  Decoder decoder(bytes.substr(kRecordTag.size()));
  uint16_t count = 0;
  if (!decoder.get_u16(count) || count == 0 || count > limits::kCodesPerEventMax) {
    return refuse("a record names 1 to " + std::to_string(limits::kCodesPerEventMax) + " codes");
  }
  if (decoder.rest().size() != (size_t{count} + 1) * Hash::kSize) {
    return refuse("after its count of " + std::to_string(count) +
                  " a record has that many code keys and one payload hash, found " +
                  std::to_string(decoder.rest().size()) + " bytes");
  }
  Record record;
  record.code_keys.resize(count);
  for (auto& key : record.code_keys) decoder.get_fixed(key);
  decoder.get_fixed(record.payload);
  const auto unsorted = std::adjacent_find(record.code_keys.begin(), record.code_keys.end(),
                                           [](const Hash& a, const Hash& b) { return a >= b; });
  if (unsorted != record.code_keys.end()) {
    return refuse("code keys must ascend, each once");
  }
  return record;
}

}  // namespace suyuan
