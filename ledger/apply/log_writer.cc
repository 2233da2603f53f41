// Appends to the log: all rows of an event or a leaf.
#include "ledger/apply/log_writer.h"

#include "ledger/crypto/hash.h"
#include "ledger/merkle/tree.h"

namespace suyuan {

Hash chain_link(uint64_t n, const Hash& previous, Place place, const Hash& linked) {
  constexpr uint8_t kLinkTag = 0x02;
  Bytes head, position;
  put_u8(head, kLinkTag);
  put_u64(head, n);
  put_u64(position, place.leaf);
  put_u32(position, place.event);
  return sha256({head, previous.view(), position, linked.view()});
}

void LogWriter::append_event(const VerifiedEvent& event, PayloadType type, Place place,
                             std::span<const ChainHead> heads) {
  const EventBody& body = event.body;
  const auto* statement = std::get_if<TraceEvent>(&event.value);
  state_.put(Table::record, place_key(place), event.record_bytes);
  state_.put(Table::payload, place_key(place),
             encode(StoredPayload{
                 .type = type,
                 .salt = body.salt,
                 .bytes = body.payload,
                 .audience = statement ? statement->audience : EventAudience::everyone}));
  for (size_t i = 0; i < body.sections.size(); ++i) {
    SUYUAN_CHECK(statement != nullptr && i < statement->sections.size());
    const SectionRef& ref = statement->sections[i];
    state_.put(Table::section, section_key(place, static_cast<uint32_t>(i)),
               encode(StoredSection{.audience = ref.audience,
                                    .digest = ref.digest,
                                    .salt = body.sections[i].salt,
                                    .bytes = body.sections[i].bytes}));
  }
  append_links(event.record.code_keys, leaf_hash(event.record_bytes), place, heads);
  ++counts_.events;
}

void LogWriter::append_links(std::span<const Hash> code_keys, const Hash& linked, Place place,
                             std::span<const ChainHead> heads) {
  SUYUAN_CHECK(heads.size() == code_keys.size());
  for (size_t i = 0; i < heads.size(); ++i) {
    const Hash& code = code_keys[i];
    const uint64_t n = heads[i].count + 1;
    const Hash& previous = heads[i].count == 0 ? code : heads[i].link;
    const Hash link = chain_link(n, previous, place, linked);
    state_.put(Table::chain, chain_key(code, n), encode(StoredLink{.place = place, .link = link}));
    state_.put(Table::head, code.bytes(), encode(ChainHead{.count = n, .link = link}));
    if (n == 1) ++counts_.chains;
  }
}

void LogWriter::append_leaf(LeafKind kind, int64_t time_ms, std::string_view text) {
  Bytes data = write_leaf(kind, time_ms, text);
  frontier_.append(leaf_hash(data), [this](unsigned level, uint64_t index, const Hash& hash) {
    state_.put(Table::tree, tree_key(static_cast<uint8_t>(level), index), hash.bytes());
  });
  state_.put(Table::leaf, u64_key(counts_.leaves), std::move(data));
  ++counts_.leaves;
}

void LogWriter::append_notice(int64_t time_ms, std::string_view text,
                              std::span<const Hash> code_keys, std::span<const ChainHead> heads) {
  const Hash linked = leaf_hash(write_leaf(LeafKind::notice, time_ms, text));
  append_links(code_keys, linked, {.leaf = counts_.leaves, .event = kNoticeEvent}, heads);
  append_leaf(LeafKind::notice, time_ms, text);
}

}  // namespace suyuan
