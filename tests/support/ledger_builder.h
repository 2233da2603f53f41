// A ledger in memory and a small language to fill it: parties, products, events, verdicts. Every
// key, salt and nonce comes from a fixed seed, so the same words give the same ledger.
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/apply/apply.h"
#include "ledger/batch/sign.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/store/memory_store.h"

namespace suyuan::testing {

// Expands the scenario's short forms to canonical codes: "gtin:<14>", "lot:<gtin>:<lot>",
// "sgtin:<gtin>:<serial>", "sscc:<18>", "gln:<13>", "cont:<11>", "wb:<13>", "order:<no>",
// "pay:<no>", "invt:<no>". Other codes stay as they are. Aborts on an invalid code.
std::string code(std::string_view short_form);
Hash key_of(std::string_view short_form);

int64_t ms(std::string_view rfc3339);
Decimal decimal(std::string_view text);

// Parses a time of day on 2026-06-01 UTC ("09:30"), or a whole RFC 3339 text.
Moment at(std::string_view time);

// Parses "lot:... 5 KGM", "lot:... 5 H87 4.5" (with net kg), or a code alone.
Item item(std::string_view words);
using Words = std::vector<std::string>;

// Makes events. `time` as at(); kind and step may be changed afterwards.
TraceEvent commission(std::string_view time, const Words& items, std::string_view lot = "");
TraceEvent transform(std::string_view time, const Words& inputs, const Words& outputs,
                     const Words& losses = {});  // a loss: "reason 5 KGM"
TraceEvent pack(std::string_view time, std::string_view parent, const Words& children);
TraceEvent unpack(std::string_view time, std::string_view parent, const Words& children);
TraceEvent observe(std::string_view time, std::string_view step, const Words& items);
TraceEvent inspect(std::string_view time, std::string_view step, const Words& items,
                   std::string_view result = "pass");
// A documents-only act: a transaction event with action ADD.
TraceEvent paper(std::string_view time, std::string_view step, const Words& items);
// Returns the same event with a hand-over stated; `from` may be empty.
TraceEvent hand(TraceEvent event, const Words& from, std::string_view to);
TraceEvent named(TraceEvent event, std::string_view event_id);
TraceEvent declared_wrong(TraceEvent event);  // an error declaration of the event
TraceEvent with_disposition(TraceEvent event, std::string_view disposition);

class LedgerBuilder {
 public:
  // Genesis with the authority "registrar", at 2026-06-01T00:00:00Z less 30 days.
  LedgerBuilder() : LedgerBuilder({}, 1) {}
  // With further authorities in alphabetical order; `quorum` of them can change the key of one.
  LedgerBuilder(const Words& more_authorities, uint64_t quorum);

  // Sets the payloads' real encodings, which are in a higher module, in place of short placeholder
  // texts.
  using Encode = std::function<Bytes(const EventValue&)>;
  void encode_with(Encode encode) { encode_ = std::move(encode); }
  const KeyPair& log_key();

  // Sets the proposed log time of later posts. Begins at 2026-06-02T00:00:00Z.
  void clock(std::string_view rfc3339) { clock_ms_ = ms(rfc3339); }
  void clock_at(int64_t time_ms) { clock_ms_ = time_ms; }
  int64_t clock_now() const { return clock_ms_; }

  // Registers. The verdict must be Accepted.
  void party(std::string_view id, std::vector<Role> roles, PartyData data = {});
  void product(std::string_view gtin14, std::string_view owner,
               const std::vector<std::string>& licensees = {});
  void product(ProductData data);
  void site(SiteData data);
  Verdict act(const RegistryEvent& event);
  // Returns the key that a party signs with, or the n-th of its keys.
  const KeyPair& keys(std::string_view party, uint32_t n = 0);
  KeyEntry possession(std::string_view party, uint32_t n);

  // Applies and commits one batch in a group of its own.
  Verdict post(std::string_view party, const TraceEvent& event) {
    return post(party, std::vector<TraceEvent>{event});
  }
  Verdict post(std::string_view party, const std::vector<TraceEvent>& events);
  // Aborts with the verdict in words unless it is Accepted.
  Accepted accept(std::string_view party, const std::vector<TraceEvent>& events);
  Accepted accept(std::string_view party, const TraceEvent& event) {
    return accept(party, std::vector<TraceEvent>{event});
  }

  struct BatchOptions {
    std::string signer = {};  // a gateway
    int64_t until_ms = ms("2099-01-01T00:00:00Z");
    uint32_t key = 0;                  // which key of the signer
    std::vector<Bytes> payloads = {};  // instead of those made of eventIDs
    PayloadType type = PayloadType::event_capnp;
    std::vector<std::vector<SectionBody>> sections = {};  // of each event
    std::vector<Hash> statements = {};                    // of each event
    Words with = {};                                      // co-signers, each with its first key
  };
  VerifiedBatch batch(std::string_view party, const std::vector<TraceEvent>& events,
                      const BatchOptions& options);
  VerifiedBatch batch(std::string_view party, const std::vector<TraceEvent>& events) {
    return batch(party, events, BatchOptions{});
  }
  // Uses `key` and `with` of `options`.
  VerifiedBatch act_batch(std::string_view party, const std::vector<RegistryEvent>& events,
                          const BatchOptions& options);
  VerifiedBatch act_batch(std::string_view party, const std::vector<RegistryEvent>& events) {
    return act_batch(party, events, BatchOptions{});
  }
  // Applies, with or without a commit; the position advances by itself.
  Applied try_group(const std::vector<VerifiedBatch>& batches) const;
  Applied apply_group(const std::vector<VerifiedBatch>& batches);
  Verdict apply_one(VerifiedBatch batch);

  const Reader& state() const { return store_.latest(); }
  MemoryStore& store() { return store_; }
  LedgerHead head() const;
  LedgerId id() const;
  KeyPair log_key() const;

 private:
  Nonce next_nonce();
  Submission signed_by(BatchDraft draft, std::string_view signer, const BatchOptions& options);
  VerifiedBatch verified(DecodedBatch decoded);

  MemoryStore store_;
  Encode encode_;
  std::map<std::string, KeyPair, std::less<>> keys_;
  int64_t clock_ms_;
  uint64_t posted_ = 0;
};

bool is_accepted(const Verdict& verdict);
// Returns the code of the first error; aborts unless refused.
Code refusal(const Verdict& verdict);
// Returns "accepted 7 [CUSTODY_BREAK]", "repeated 7", "refused DUPLICATE_ID at event 0, ...".
std::string words(const Verdict& verdict);
std::vector<Flag> flags(const Verdict& verdict);

}  // namespace suyuan::testing
