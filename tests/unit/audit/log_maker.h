// A log as an operator makes it who is free to make any: leaves as told, every hash, seal and
// signature over them made to fit. Built from formats.md by itself, without apply.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ledger/apply/log_writer.h"
#include "ledger/apply/notice.h"
#include "ledger/apply/seal.h"
#include "ledger/batch/sign.h"
#include "ledger/crypto/hash.h"
#include "ledger/event/codes_of.h"
#include "ledger/merkle/chain_map.h"
#include "ledger/merkle/frontier.h"
#include "ledger/merkle/tree.h"
#include "ledger/proof/audit.h"
#include "ledger/proof/checkpoint.h"
#include "ledger/proof/leaf_events.h"
#include "ledger/proof/log_source.h"
#include "ledger/proof/tiles.h"
#include "ledger/registry/possession.h"
#include "ledger/registry/rules_notice.h"
#include "proto/event_codec.h"
#include "proto/registry_codec.h"

namespace suyuan::testing {

inline Result<EventValue> decode_payload_of(PayloadType type, BytesView payload) {
  if (type == PayloadType::registry_capnp) {
    SUYUAN_TRY(act, decode_registry(payload));
    return EventValue(std::move(act));
  }
  SUYUAN_TRY(event, decode_event(payload));
  return EventValue(std::move(event));
}

inline TraceEvent receiving(const std::vector<std::string>& codes) {
  TraceEvent event{.type = EventType::object,
                   .kind = Kind::logistics,
                   .action = Action::observe,
                   .event_time = {.ms = 1'780'000'000'000, .offset_minutes = 480},
                   .step = "receiving"};
  for (const auto& code : codes) event.objects.push_back({.code = code});
  return event;
}
inline std::string box(size_t number) {
  return "https://example.org/box/" + std::to_string(number);
}

class LogMaker {
 public:
  struct Leaf {
    Bytes data;
    Bytes events;  // the file behind it
  };
  struct Options {
    uint64_t until_ms = UINT64_C(4'000'000'000'000);
    std::string key = {};           // whose key signs; empty: the party's first
    std::string on_behalf_of = {};  // then the party is a gateway
    std::vector<std::string> with = {};
  };

  // Genesis has as many authorities as its quorum asks for: `registrar`, `registrar-2` and so on.
  explicit LogMaker(uint64_t quorum = 1);

  const KeyPair& keys(const std::string& name);
  KeyEntry possession(const std::string& party, const std::string& key);
  void register_party(const std::string& id, Role role = Role::logistics);
  void act(const RegistryEvent& event, const std::string& by = "registrar");
  void post(const std::string& party, const std::vector<TraceEvent>& events) {
    post(party, events, Options{});
  }
  void post(const std::string& party, const std::vector<TraceEvent>& events,
            const Options& options);
  // A batch whose records may name what they like.
  using PayloadAndCodes = std::pair<Bytes, std::vector<std::string>>;
  void post_as(const std::string& party, const std::vector<PayloadAndCodes>& events);
  // Erases a section of an event, by this party's key; the links are those of the event's record.
  void erase(const std::string& by, Place place, const Hash& section);
  // A rules notice by these keys; the ledger, and where none are named the nodes, are genesis'.
  void rules(RulesText rules, const std::vector<std::string>& by = {"registrar"});
  void seal();
  // What the next seals say, whatever is true.
  void change_seal(std::function<void(SealText&)> change) { change_seal_ = std::move(change); }
  void add(LeafKind kind, std::string_view text, Bytes events = {});

  // With every hash, and the checkpoint over all leaves.
  std::map<std::string, Bytes> files() const;
  std::string checkpoint() const;
  TreeHead head() const;

  LedgerId id;
  int64_t time_ms = 1'790'000'000'000;
  std::vector<Leaf> leaves;
  std::vector<Submission> submissions;  // of the batches that were posted, in order

 private:
  struct Rows final : MapRows {
    std::map<Hash, ChainHead> heads;
    Result<Done> scan(const Hash& first, const Hash& last, const Visitor& visit) const override;
  };
  void link(BytesView record, uint32_t event);
  void link(const std::vector<Hash>& codes, Place place, const Hash& linked);
  void sign_and_add(BatchDraft draft, const std::string& party, const std::string& key,
                    const std::vector<std::string>& with = {});
  BatchDraft draft(PayloadType type, const Options& options);

  std::map<std::string, KeyPair> keys_;
  Rows rows_;
  uint64_t events_ = 0;
  std::optional<uint64_t> seal_;
  uint64_t made_ = 0;
  std::function<void(SealText&)> change_seal_;
};

// The files as a source.
class FilesLog final : public LogSource {
 public:
  explicit FilesLog(const std::map<std::string, Bytes>& files) : files_(files) {}
  Result<Bytes> read(const std::string& path) override {
    const auto file = files_.find(path);
    if (file == files_.end()) return fail(Code::NOT_FOUND, path + " is not there");
    return file->second;
  }

 private:
  const std::map<std::string, Bytes>& files_;
};

}  // namespace suyuan::testing
