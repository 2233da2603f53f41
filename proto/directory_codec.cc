// Answers about the registry and about the node itself.
#include "proto/answer_wire.h"
#include "proto/registry_wire.h"
#include "proto/rpc_codec.h"

namespace suyuan {
namespace {

template <class Builder>
void put_leaf(Builder& to, wire::LeafIndex::Builder (Builder::*init)(),
              const std::optional<uint64_t>& leaf) {
  if (leaf) (to.*init)().setLeaf(*leaf);
}

}  // namespace

void read(Reading& in, wire::KeyState::Reader from, KeyState& to) {
  in.fixed(from.getKey(), "key", to.key);
  to.key_id = from.getKeyId();
  to.registered = from.getRegistered();
  if (from.hasRevoked()) to.revoked = from.getRevoked().getLeaf();
  if (from.hasSuspectFrom()) to.suspect_from = from.getSuspectFrom().getLeaf();
}

void write(const KeyState& key, wire::KeyState::Builder to) {
  using To = wire::KeyState::Builder;
  to.setKey(data_reader(key.key.view()));
  to.setKeyId(key.key_id);
  to.setRegistered(key.registered);
  put_leaf(to, &To::initRevoked, key.revoked);
  put_leaf(to, &To::initSuspectFrom, key.suspect_from);
}

void read(Reading& in, wire::Delegation::Reader from, DelegationState& to) {
  in.text(from.getSigner(), "signer", to.signer);
  if (from.hasUntil()) to.until_ms = from.getUntil().getMs();
  to.granted = from.getGranted();
  if (from.hasEnded()) to.ended = from.getEnded().getLeaf();
}

void write(const DelegationState& delegation, wire::Delegation::Builder to) {
  put(to, &wire::Delegation::Builder::setSigner, delegation.signer);
  if (delegation.until_ms) to.initUntil().setMs(*delegation.until_ms);
  to.setGranted(delegation.granted);
  put_leaf(to, &wire::Delegation::Builder::initEnded, delegation.ended);
}

void read(Reading& in, wire::Party::Reader from, PartyState& to) {
  read(in, from.getData(), to.data);
  in.list(from.getKeys(), "keys", to.keys);
  in.list(from.getDelegations(), "delegations", to.delegations);
  to.registered = from.getRegistered();
}

void write(const PartyState& party, wire::Party::Builder to) {
  write(party.data, to.initData());
  put(to, &wire::Party::Builder::initKeys, party.keys);
  put(to, &wire::Party::Builder::initDelegations, party.delegations);
  to.setRegistered(party.registered);
}

void read(Reading& in, wire::Status::Reader from, Status& to) {
  to.genesis_leaf = bytes_from(from.getGenesisLeaf());
  in.text(from.getNode(), "node", to.node);
  in.text(from.getVersion(), "version", to.version);
  to.rules = from.getRules();
  to.events = from.getEvents();
  to.chains = from.getChains();
  to.position = from.getPosition();
  to.queued = from.getQueued();
  in.text(from.getReadOnly(), "readOnly", to.read_only);
  to.published_size = from.getPublishedSize();
  to.published_time_ms = from.getPublishedTime();
}

void write(const Status& status, wire::Status::Builder to) {
  using To = wire::Status::Builder;
  to.setGenesisLeaf(data_reader(status.genesis_leaf));
  put(to, &To::setNode, status.node);
  put(to, &To::setVersion, status.version);
  to.setRules(status.rules);
  to.setEvents(status.events);
  to.setChains(status.chains);
  to.setPosition(status.position);
  to.setQueued(status.queued);
  put(to, &To::setReadOnly, status.read_only);
  to.setPublishedSize(status.published_size);
  to.setPublishedTime(status.published_time_ms);
}

namespace {

template <class T, class Builder>
void write_page(const Page<T>& page, Builder to) {
  put(to, &Builder::initItems, page.items);
  put(to, &Builder::setNext, page.next);
}

template <class T, class Reader>
void read_page(Reading& in, Reader from, Page<T>& to) {
  in.list(from.getItems(), "items", to.items);
  in.text(from.getNext(), "next", to.next);
}

}  // namespace

void to_wire(const Answer<Page<PartyState>>& value, wire::PartiesAnswer::Builder to) {
  write_answer(value, to, [&](const auto& page) { write_page(page, to.initParties()); });
}
Answer<Page<PartyState>> from_wire(wire::PartiesAnswer::Reader from) {
  return read_answer<Page<PartyState>>(
      from, from.isParties(),
      [&](Reading& in, auto& to) { read_page(in, from.getParties(), to); });
}

void to_wire(const Answer<Page<ProductData>>& value, wire::ProductsAnswer::Builder to) {
  write_answer(value, to, [&](const auto& page) { write_page(page, to.initProducts()); });
}
Answer<Page<ProductData>> from_wire(wire::ProductsAnswer::Reader from) {
  return read_answer<Page<ProductData>>(
      from, from.isProducts(),
      [&](Reading& in, auto& to) { read_page(in, from.getProducts(), to); });
}

void to_wire(const Answer<Page<SiteData>>& value, wire::SitesAnswer::Builder to) {
  write_answer(value, to, [&](const auto& page) { write_page(page, to.initSites()); });
}
Answer<Page<SiteData>> from_wire(wire::SitesAnswer::Reader from) {
  return read_answer<Page<SiteData>>(
      from, from.isSites(), [&](Reading& in, auto& to) { read_page(in, from.getSites(), to); });
}

void to_wire(const Answer<Status>& value, wire::StatusAnswer::Builder to) {
  write_answer(value, to, [&](const Status& status) { write(status, to.initStatus()); });
}
Answer<Status> from_wire(wire::StatusAnswer::Reader from) {
  return read_answer<Status>(from, from.isStatus(), [&](Reading& in, Status& to) {
    read(in, from.getStatus(), to);
  });
}

void to_wire(const Answer<CheckpointProof>& value, wire::CheckpointAnswer::Builder to) {
  write_answer(value, to, [&](const CheckpointProof& shown) {
    auto checkpoint = to.initCheckpoint();
    put(checkpoint, &wire::Checkpoint::Builder::setNote, shown.note);
    put_hashes(checkpoint, &wire::Checkpoint::Builder::initPath, shown.path);
  });
}
Answer<CheckpointProof> from_wire(wire::CheckpointAnswer::Reader from) {
  return read_answer<CheckpointProof>(
      from, from.isCheckpoint(), [&](Reading& in, CheckpointProof& to) {
        in.text(from.getCheckpoint().getNote(), "note", to.note);
        read_hashes(in, from.getCheckpoint().getPath(), "path", to.path);
      });
}

void to_wire(const Answer<BundleText>& value, wire::BundleAnswer::Builder to) {
  write_answer(value, to, [&](const BundleText& bundle) {
    const auto* bytes = reinterpret_cast<const kj::byte*>(bundle.text.data());
    to.setBundle(kj::arrayPtr(bytes, bundle.text.size()));
  });
}
Answer<BundleText> from_wire(wire::BundleAnswer::Reader from) {
  return read_answer<BundleText>(from, from.isBundle(), [&](Reading&, BundleText& to) {
    const auto bytes = from.getBundle();
    to.text.assign(reinterpret_cast<const char*>(bytes.begin()), bytes.size());
  });
}

}  // namespace suyuan
