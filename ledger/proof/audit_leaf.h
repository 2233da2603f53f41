// Auditing a leaf by itself: what it says alone, whatever stands before it. Each leaf on its own,
// in any order and thread.
#pragma once

#include <vector>

#include "ledger/apply/seal.h"
#include "ledger/proof/audit.h"

namespace suyuan {

// The content of a batch's leaf, for who judges it again.
struct LoggedBatch {
  std::string note_text;  // with its signature lines
  SignedBatchNote note;
  std::vector<EventBody> bodies;   // without sections, which no log carries
  std::vector<EventValue> values;  // none of a withheld payload
};
enum class KeepEvents : uint8_t { no, yes };

// What the replay needs of a leaf: its bytes are gone by then.
struct AuditedLeaf {
  Hash hash;  // RFC 6962
  LeafKind kind = LeafKind::batch;
  int64_t time_ms = 0;
  std::optional<Genesis> genesis = {};
  Hash genesis_id = {};  // H(data of leaf 0), of a genesis
  std::optional<SealText> seal = {};

  // Of a batch.
  SignedBatchNote note = {};
  Hash batch_id = {};
  std::vector<Hash> records = {};         // RFC 6962 leaf hash of each event's record
  std::vector<Hash> codes = {};           // code keys of all events, one event after the other
  std::vector<uint32_t> code_ends = {};   // where each event's end in `codes`
  std::vector<RegistryEvent> acts = {};
  uint32_t open = 0;  // payloads
  uint32_t withheld = 0;
  uint32_t erased = 0;
  LoggedBatch batch = {};  // with KeepEvents::yes
};

// `data`: the leaf; `events`: its file of formats.md 4. Checks from GENESIS_INVALID (its form
// alone) to ACT_WITHHELD, in their order. Total on hostile bytes.
AuditResult<AuditedLeaf> audit_leaf(uint64_t leaf, BytesView data, BytesView events,
                                    const AuditDecode& decode, KeepEvents keep = KeepEvents::no);

// A leaf's signatures, with the keys that the registry gives for its place.
struct SignatureTask {
  uint64_t leaf = 0;
  SignedNote note;
  std::vector<PublicKey> keys;  // one for each line
};
AuditResult<Done> audit_signatures(const SignatureTask& task);

}  // namespace suyuan
