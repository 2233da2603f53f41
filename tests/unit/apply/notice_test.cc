// Erasure at its own place: who may, of what, once; and what it leaves as it was.
#include "ledger/apply/notice.h"

#include "ledger/apply/log_reader.h"
#include "ledger/apply/log_writer.h"
#include "ledger/apply/right_edge.h"
#include "ledger/apply/seal.h"
#include "ledger/crypto/hash.h"
#include "ledger/merkle/tree.h"
#include "tests/support/vectors.h"
#include "tests/unit/apply/world.h"

namespace suyuan::testing {
namespace {

class Erasure : public World {
 protected:
  Erasure() {
    event_ = commission("09:00", {can(1), can(2)});
    sealed_ = post("maker", event_, {"the price is 7", "the buyer is Ms Li"});
  }

  Place post(const std::string& party, TraceEvent& event, const std::vector<Bytes>& secrets) {
    LedgerBuilder::BatchOptions options;
    std::vector<SectionBody> bodies;
    for (const Bytes& secret : secrets) {
      const SectionBody body{.salt = Salt::from(sha256(secret).view()), .bytes = secret};
      event.sections.push_back(
          {.digest = section_digest(party, Audience::partner, body.salt, body.bytes),
           .audience = Audience::partner,
           .label = "price"});
      bodies.push_back(body);
    }
    options.sections.push_back(bodies);
    const auto verdict = ledger.apply_one(ledger.batch(party, {event}, options));
    EXPECT_TRUE(is_accepted(verdict)) << words(verdict);
    return {.leaf = std::get<Accepted>(verdict).leaf, .event = 0};
  }

  EraseNotice of(size_t section, const std::string& party = "maker") const {
    return {.ledger = ledger.id(),
            .party = party,
            .leaf = sealed_.leaf,
            .event = sealed_.event,
            .section = event_.sections[section].digest,
            .ground = EraseGround::consent_withdrawn,
            .nonce = Nonce::from(sha256(std::to_string(section) + party).view().substr(0, 16))};
  }

  std::string note_of(const EraseNotice& notice, uint32_t key = 0) {
    SignedNote note{.text = write_erase_text(notice), .signatures = {}};
    const KeyPair& pair = ledger.keys(notice.party, key);
    note.signatures.push_back(sign_note(note.text, notice.party, pair.secret, pair.key));
    return write_note(note);
  }

  Result<Applied> try_notice(const EraseNotice& notice) {
    SUYUAN_TRY(verified, verify_notice(note_of(notice), ledger.id(), ledger.state()));
    return apply_notice(
        ledger.state(), ledger.head().position + 1, ledger.clock_now(), verified,
        [this](PayloadType, BytesView) -> Result<EventValue> { return EventValue(event_); });
  }

  Verdict give(const EraseNotice& notice) {
    auto applied = try_notice(notice);
    EXPECT_TRUE(applied) << to_text(applied.error());
    if (applied->grown) {
      // As a node does; check_right_edge looks for it.
      applied->changes.push_back({Table::receipt, u64_key(applied->head.leaves), "a receipt"});
      EXPECT_TRUE(ledger.store().commit(applied->changes));
    }
    return applied->verdicts.front();
  }
  Code refused(const EraseNotice& notice) {
    const auto before = rows(ledger.state());
    const Verdict verdict = give(notice);
    EXPECT_EQ(rows(ledger.state()), before);
    return refusal(verdict);
  }

  std::optional<StoredSection> section(uint32_t index) const {
    return get<StoredSection>(ledger.state(), Table::section, section_key(sealed_, index)).value();
  }

  TraceEvent event_;
  Place sealed_;
};

TEST_F(Erasure, TakesTheSectionAndNothingElseAway) {
  auto before = rows(ledger.state());
  const LedgerHead old_head = ledger.head();
  ASSERT_TRUE(section(0));
  const Verdict verdict = give(of(0));
  ASSERT_TRUE(is_accepted(verdict)) << words(verdict);
  const uint64_t leaf = std::get<Accepted>(verdict).leaf;
  EXPECT_FALSE(section(0));
  EXPECT_TRUE(section(1));
  EXPECT_EQ(erased_by(ledger.state(), sealed_, event_.sections[0].digest).value(), leaf);
  const auto parts = erased_parts(ledger.state(), sealed_).value();
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].notice, leaf);
  EXPECT_EQ(ledger.head().events, old_head.events);
  EXPECT_EQ(ledger.head().chains, old_head.chains);
  EXPECT_EQ(ledger.head().leaves, old_head.leaves + 1);
  // What was derived from the event stays as it is.
  const auto after = rows(ledger.state());
  for (const Table table : {Table::record, Table::payload, Table::fact, Table::finding,
                            Table::code, Table::below, Table::event_id, Table::registry}) {
    for (const auto& [key, value] : before) {
      if (key.first != table) continue;
      ASSERT_TRUE(after.contains(key));
      EXPECT_EQ(after.at(key), value);
    }
  }
}

TEST_F(Erasure, MakesALinkInEachChainOfTheEvent) {
  std::map<Hash, ChainHead> before;
  for (const auto& code : {can(1), can(2)}) {
    before[key_of(code)] =
        get<ChainHead>(ledger.state(), Table::head, key_of(code).view()).value().value();
  }
  const auto verdict = give(of(0));
  const Place place{.leaf = std::get<Accepted>(verdict).leaf, .event = kNoticeEvent};
  const auto data = ledger.state().get(Table::leaf, u64_key(place.leaf)).value().value();
  for (const auto& [code, old] : before) {
    const auto head = get<ChainHead>(ledger.state(), Table::head, code.view()).value().value();
    EXPECT_EQ(head.count, old.count + 1);
    EXPECT_EQ(head.link, chain_link(head.count, old.link, place, leaf_hash(data)));
    const auto link =
        get<StoredLink>(ledger.state(), Table::chain, chain_key(code, head.count)).value();
    EXPECT_EQ(link, (StoredLink{.place = place, .link = head.link}));
  }
}

TEST_F(Erasure, LeavesARightEdgeThatFits) {
  ASSERT_TRUE(is_accepted(give(of(0))));
  const auto checked = check_right_edge(ledger.state());
  ASSERT_TRUE(checked) << to_text(checked.error());
  // A link of it that is another.
  const Hash code = key_of(can(2));
  const auto head = get<ChainHead>(ledger.state(), Table::head, code.view()).value().value();
  ASSERT_TRUE(ledger.store().commit(
      {{Table::chain, chain_key(code, head.count),
        encode(StoredLink{.place = {ledger.head().leaves - 1, 0}, .link = head.link})}}));
  const auto damaged = check_right_edge(ledger.state());
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, Code::CORRUPT);
}

TEST_F(Erasure, IsTakenOnceAndAnsweredAgain) {
  const auto first = give(of(0));
  const auto again = give(of(0));
  const auto* repeated = std::get_if<Repeated>(&again);
  ASSERT_NE(repeated, nullptr) << words(again);
  EXPECT_EQ(repeated->leaf, std::get<Accepted>(first).leaf);
  EXPECT_EQ(repeated->receipt_size, repeated->leaf + 1);
  EraseNotice other = of(0);
  other.nonce.data[0] ^= 1;
  EXPECT_EQ(refused(other), Code::NOT_FOUND);
  EXPECT_TRUE(is_accepted(give(of(1))));
}

TEST_F(Erasure, IsTheOwnersOrAnAuthoritysToOrder) {
  EXPECT_EQ(refused(of(0, "carrier")), Code::NOT_AUTHORITY);
  EXPECT_TRUE(is_accepted(give(of(0, "registrar"))));
  EXPECT_TRUE(is_accepted(give(of(1, "maker"))));
}

TEST_F(Erasure, OfAnInspectionIsAnAuthoritysAlone) {
  event_ = inspect("10:00", "inspecting", {can(1)});
  sealed_ = post("lab", event_, {"what was found"});
  EXPECT_EQ(refused(of(0, "lab")), Code::NOT_AUTHORITY);
  EXPECT_EQ(refused(of(0, "maker")), Code::NOT_AUTHORITY);
  EXPECT_TRUE(is_accepted(give(of(0, "registrar"))));
}

TEST_F(Erasure, IsRefusedWhereThereIsNothingOfIt) {
  EraseNotice notice = of(0);
  notice.section = sha256("another section");
  EXPECT_EQ(refused(notice), Code::NOT_FOUND);
  notice = of(0);
  notice.event = 1;
  EXPECT_EQ(refused(notice), Code::NOT_FOUND);
  notice = of(0);
  notice.leaf = ledger.head().leaves;  // its own place
  EXPECT_EQ(refused(notice), Code::NOT_FOUND);
  notice.leaf = 0;
  EXPECT_EQ(refused(notice), Code::NOT_FOUND);
  notice = of(0);
  notice.section.reset();  // the payload, which rules 1 keep
  EXPECT_EQ(refused(notice), Code::NOT_AUTHORITY);
  EXPECT_TRUE(section(0));
}

TEST_F(Erasure, NeedsAKeyInForceAtItsPlace) {
  ledger.act(RevokeKey{.party = "maker", .key = ledger.keys("maker").key});
  EXPECT_EQ(refused(of(0)), Code::KEY_NOT_IN_FORCE);
  EXPECT_TRUE(section(0));
}

TEST_F(Erasure, IsNotVerifiedUnderAnotherLedgerOrKey) {
  const auto code_of_note = [&](const std::string& note) {
    const auto verified = verify_notice(note, ledger.id(), ledger.state());
    EXPECT_FALSE(verified);
    return verified ? Code::BAD_REQUEST : verified.error().code;
  };
  EraseNotice notice = of(0);
  notice.ledger.origin = "other.example/log";
  EXPECT_EQ(code_of_note(note_of(notice)), Code::LEDGER_MISMATCH);
  notice = of(0, "nobody");
  EXPECT_EQ(code_of_note(note_of(notice)), Code::PARTY_UNKNOWN);
  EXPECT_EQ(code_of_note(note_of(of(0), 1)), Code::KEY_UNKNOWN);
  std::string wrong = note_of(of(0));
  const std::string other = note_of(of(1));
  wrong.replace(wrong.find("\n\n"), std::string::npos, other.substr(other.find("\n\n")));
  EXPECT_EQ(code_of_note(wrong), Code::SIGNATURE_INVALID);
}

// A replayer has no sections: it comes to the same leaves, and to the same marks.
TEST_F(Erasure, IsTheSameForWhoNeverHadTheSection) {
  Changes without;
  for (uint32_t i = 0; i < 2; ++i) {
    without.push_back({Table::section, section_key(sealed_, i), std::nullopt});
  }
  const auto with_it = try_notice(of(0)).value();
  ASSERT_TRUE(ledger.store().commit(without));
  const auto without_it = try_notice(of(0)).value();
  EXPECT_EQ(with_it.root, without_it.root);
  EXPECT_EQ(with_it.head, without_it.head);
}

TEST(NoticeLink, IsThatOfTheVectors) {
  const boost::json::value file = own_vectors("notices.json");
  const auto& link = file.at("link");
  const Hash leaf = leaf_hash(text_of(link.at("leaf_data")));
  EXPECT_EQ(leaf, hex_of<Hash>(link.at("leaf_hash")));
  EXPECT_EQ(chain_link(link.at("n").to_number<uint64_t>(), hex_of<Hash>(link.at("previous")),
                       {.leaf = link.at("leaf").to_number<uint64_t>(), .event = kNoticeEvent},
                       leaf),
            hex_of<Hash>(link.at("link")));
}

}  // namespace
}  // namespace suyuan::testing
