// The event record, over which a batch's tree is built (formats.md 2), and the hashes that commit
// to payload and sections.
#pragma once

#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

// H("suyuan/payload/v1\n" ‖ salt ‖ payload)
Hash payload_hash(const Salt& salt, BytesView payload);

// H("suyuan/section/v1\n" ‖ party id ‖ "\n" ‖ audience ‖ "\n" ‖ salt ‖ bytes)
Hash section_digest(std::string_view party, Audience audience, const Salt& salt, BytesView bytes);

// record = "suyuan/event/v1\n" ‖ u16 k ‖ k code_keys (ascending, distinct) ‖ payload hash
struct Record {
  std::vector<Hash> code_keys;
  Hash payload;
  friend bool operator==(const Record&, const Record&) = default;
};
// Requires: code_keys ascending, distinct, 1 to 4,096.
Bytes encode_record(const Record& record);
Result<Record> decode_record(BytesView bytes);

}  // namespace suyuan
