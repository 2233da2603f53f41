// Sessions and the access log on the wire.
#include "proto/answer_wire.h"
#include "proto/rpc_codec.h"

namespace suyuan {

void read(Reading& in, wire::Challenge::Reader from, Challenge& to) {
  in.text(from.getOrigin(), "origin", to.ledger.origin);
  in.fixed(from.getGenesis(), "genesis", to.ledger.genesis);
  in.text(from.getNode(), "node", to.node);
  in.fixed(from.getNonce(), "nonce", to.nonce);
  to.until_ms = from.getUntil();
}

void write(const Challenge& challenge, wire::Challenge::Builder to) {
  using To = wire::Challenge::Builder;
  put(to, &To::setOrigin, challenge.ledger.origin);
  to.setGenesis(data_reader(challenge.ledger.genesis.view()));
  put(to, &To::setNode, challenge.node);
  to.setNonce(data_reader(challenge.nonce.view()));
  to.setUntil(challenge.until_ms);
}

void read(Reading& in, wire::Session::Reader from, OpenedSession& to) {
  in.text(from.getToken(), "token", to.token);
  in.text(from.getParty(), "party", to.party);
  to.until_ms = from.getUntil();
}

void write(const OpenedSession& session, wire::Session::Builder to) {
  put(to, &wire::Session::Builder::setToken, session.token);
  put(to, &wire::Session::Builder::setParty, session.party);
  to.setUntil(session.until_ms);
}

void read(Reading& in, wire::AccessEntry::Reader from, AccessEntry& to) {
  to.number = from.getNumber();
  to.time_ms = from.getTime();
  in.text(from.getParty(), "party", to.party);
  in.text(from.getKeyId(), "keyId", to.key_id);
  in.text(from.getQuestion(), "question", to.question);
  in.text(from.getCode(), "code", to.code);
  in.list(from.getPlaces(), "places", to.places);
  to.more = from.getMore();
}

void write(const AccessEntry& entry, wire::AccessEntry::Builder to) {
  using To = wire::AccessEntry::Builder;
  to.setNumber(entry.number);
  to.setTime(entry.time_ms);
  put(to, &To::setParty, entry.party);
  put(to, &To::setKeyId, entry.key_id);
  put(to, &To::setQuestion, entry.question);
  put(to, &To::setCode, entry.code);
  put(to, &To::initPlaces, entry.places);
  to.setMore(entry.more);
}

void to_wire(const Answer<Challenge>& value, wire::ChallengeAnswer::Builder to) {
  write_answer(value, to, [&](const Challenge& given) { write(given, to.initChallenge()); });
}

void to_wire(const Answer<OpenedSession>& value, wire::SessionAnswer::Builder to) {
  write_answer(value, to, [&](const OpenedSession& opened) { write(opened, to.initSession()); });
}

void to_wire(const Answer<AccessPage>& value, wire::AccessAnswer::Builder to) {
  write_answer(value, to, [&](const AccessPage& page) {
    auto wire_page = to.initPage();
    put(wire_page, &wire::AccessPage::Builder::initEntries, page.entries);
    wire_page.setOldest(page.oldest);
  });
}

Answer<Challenge> from_wire(wire::ChallengeAnswer::Reader from) {
  return read_answer<Challenge>(from, from.isChallenge(), [&](Reading& in, Challenge& to) {
    read(in, from.getChallenge(), to);
  });
}

Answer<OpenedSession> from_wire(wire::SessionAnswer::Reader from) {
  return read_answer<OpenedSession>(from, from.isSession(), [&](Reading& in, OpenedSession& to) {
    read(in, from.getSession(), to);
  });
}

Answer<AccessPage> from_wire(wire::AccessAnswer::Reader from) {
  return read_answer<AccessPage>(from, from.isPage(), [&](Reading& in, AccessPage& to) {
    in.list(from.getPage().getEntries(), "entries", to.entries);
    to.oldest = from.getPage().getOldest();
  });
}

}  // namespace suyuan
