// The frozen vectors: tests/vectors/notes.json, made by another program.
#include "tests/unit/batch/batches.h"

namespace suyuan::testing {
namespace {

template <class T>
std::string outcome_of(const Result<T>& result) {
  return result ? "OK" : std::string(info(result.error().code).name);
}

LedgerId ledger_of(const boost::json::value& file) {
  const std::string line = text_of(file.at("ledger_id"));
  const size_t space = line.find(' ');
  return {.origin = line.substr(0, space),
          .genesis = fixed_from_base64<Hash>(line.substr(space + 1)).value()};
}

Bytes bytes_of(const boost::json::value& hex) { return from_hex(text_of(hex)).value(); }

struct Sent {
  EventBody body;
  TraceEvent value;
  std::vector<std::string> codes;
};

Sent sent(const boost::json::value& from) {
  const EventBody body{.salt = hex_of<Salt>(from.at("salt")),
                       .payload = bytes_of(from.at("payload"))};
  Sent made{.body = body, .value = {}, .codes = {}};
  for (const auto& code : from.at("codes").as_array()) made.codes.push_back(text_of(code));
  made.value = event_of(made.codes);
  for (const auto& one : from.at("sections").as_array()) {
    made.body.sections.push_back(
        {.salt = hex_of<Salt>(one.at("salt")), .bytes = bytes_of(one.at("bytes"))});
    made.value.sections.push_back({.digest = hex_of<Hash>(one.at("digest")),
                                   .audience = audience_from(text_of(one.at("audience"))).value(),
                                   .label = "price"});
  }
  return made;
}

DecodedBatch batch_of(const boost::json::value& from) {
  Submission submission{.note = text_of(from.at("note")), .events = {}};
  std::vector<EventValue> values;
  for (const auto& one : from.at("events").as_array()) {
    Sent made = sent(one);
    submission.events.push_back(std::move(made.body));
    values.push_back(std::move(made.value));
  }
  return decoded(std::move(submission), std::move(values));
}

// The parties of the file, each with all of its keys.
class Parties {
 public:
  explicit Parties(const boost::json::value& file) : state_(store_.latest()) {
    std::map<std::string, std::vector<PublicKey>> keys;
    for (const auto& one : file.at("parties").as_array()) {
      const std::string party = text_of(one.at("party"));
      const auto key = hex_of<PublicKey>(one.at("public"));
      pairs_.push_back({party, key_from_seed(bytes_of(one.at("seed")))});
      EXPECT_EQ(pairs_.back().second.key, key);
      keys[party].push_back(key);
    }
    for (const auto& [party, list] : keys) {
      state_.put(Table::registry, party_row_key(party), encode(party_with(party, list)));
    }
  }
  Signer signer(const PublicKey& key) const {
    for (const auto& [party, pair] : pairs_) {
      if (pair.key == key) return {.party = party, .secret = pair.secret, .key = key};
    }
    std::abort();
  }
  const Overlay& state() const { return state_; }

 private:
  std::vector<std::pair<std::string, KeyPair>> pairs_;
  MemoryStore store_;
  Overlay state_;
};

TEST(NoteVectors, AreReadAndWrittenToTheByte) {
  const auto file = own_vectors("notes.json");
  for (const auto& one : file.at("batches").as_array()) {
    SCOPED_TRACE(text_of(one.at("name")));
    const auto note = parse_batch_note(text_of(one.at("note"))).value();
    EXPECT_EQ(note.note.text, text_of(one.at("text")));
    EXPECT_EQ(write_batch_text(note.batch), note.note.text);
    EXPECT_EQ(batch_id(note.note.text), hex_of<Hash>(one.at("id")));
    EXPECT_EQ(note.batch.ledger, ledger_of(file));
    EXPECT_EQ(note.batch.party, text_of(one.at("party")));
    EXPECT_EQ(note.batch.signer, text_of(one.at("signer")));
    EXPECT_EQ(note.batch.with.size(), one.at("with").as_array().size());
    EXPECT_EQ(word(note.batch.type), text_of(one.at("type")));
    EXPECT_EQ(note.batch.events, one.at("events").as_array().size());
    EXPECT_EQ(note.batch.root, hex_of<Hash>(one.at("root")));
    EXPECT_EQ(std::to_string(note.batch.until_ms), text_of(one.at("until_ms")));
    EXPECT_EQ(note.batch.nonce, hex_of<Nonce>(one.at("nonce")));
  }
}

TEST(NoteVectors, AreSignedToTheByte) {
  const auto file = own_vectors("notes.json");
  const Parties parties(file);
  for (const auto& one : file.at("batches").as_array()) {
    SCOPED_TRACE(text_of(one.at("name")));
    BatchDraft draft{.ledger = ledger_of(file),
                     .type = payload_type_from(text_of(one.at("type"))).value(),
                     .until_ms = from_decimal(text_of(one.at("until_ms"))).value(),
                     .nonce = hex_of<Nonce>(one.at("nonce"))};
    for (const auto& event : one.at("events").as_array()) {
      Sent made = sent(event);
      draft.events.push_back({.body = std::move(made.body), .codes = std::move(made.codes)});
    }
    std::vector<Signer> signers;
    for (const auto& key : one.at("keys").as_array()) {
      signers.push_back(parties.signer(hex_of<PublicKey>(key)));
    }
    if (!text_of(one.at("signer")).empty()) draft.on_behalf_of = text_of(one.at("party"));
    const std::vector<Signer> cosigners(signers.begin() + 1, signers.end());
    const auto submission = sign_batch(std::move(draft), signers.front(), cosigners);
    EXPECT_EQ(submission.value().note, text_of(one.at("note")));
  }
}

TEST(NoteVectors, AreVerified) {
  const auto file = own_vectors("notes.json");
  const Parties parties(file);
  for (const auto& one : file.at("batches").as_array()) {
    SCOPED_TRACE(text_of(one.at("name")));
    const auto batch = verify(batch_of(one), ledger_of(file), parties.state());
    ASSERT_TRUE(batch) << outcome(batch);
    EXPECT_EQ(batch->id(), hex_of<Hash>(one.at("id")));
    EXPECT_EQ(batch->note_text(), text_of(one.at("note")));
    ASSERT_EQ(batch->keys().size(), one.at("keys").as_array().size());
    for (size_t i = 0; i < batch->keys().size(); ++i) {
      EXPECT_EQ(batch->keys()[i].key, hex_of<PublicKey>(one.at("keys").as_array()[i]));
    }
    for (size_t i = 0; i < batch->events().size(); ++i) {
      const auto& record = one.at("events").as_array()[i].at("record");
      EXPECT_EQ(to_hex(batch->events()[i].record_bytes), text_of(record));
    }
  }
}

TEST(NoteVectors, NotesThatBreakARuleAreRefused) {
  const auto file = own_vectors("notes.json");
  for (const auto& one : file.at("refused_notes").as_array()) {
    EXPECT_EQ(outcome_of(parse_batch_note(text_of(one.at("note")))), text_of(one.at("code")))
        << text_of(one.at("name"));
  }
}

TEST(NoteVectors, BatchesThatBreakARuleAreRefused) {
  const auto file = own_vectors("notes.json");
  const Parties parties(file);
  for (const auto& one : file.at("refused_batches").as_array()) {
    SCOPED_TRACE(text_of(one.at("name")));
    const auto batch = verify(batch_of(one), ledger_of(file), parties.state());
    ASSERT_FALSE(batch);
    EXPECT_EQ(info(batch.error().front().code).name, text_of(one.at("code"))) << outcome(batch);
    EXPECT_EQ(batch.error().size(), 1U) << outcome(batch);
  }
}

TEST(ReceiptVectors, HoldOrAreRefusedAsTheyStand) {
  const auto file = own_vectors("notes.json");
  const LedgerId ledger = ledger_of(file);
  std::vector<NamedKey> nodes;
  for (const auto& one : file.at("nodes").as_array()) {
    nodes.push_back({.name = text_of(one.at("name")), .key = hex_of<PublicKey>(one.at("key"))});
  }
  for (const auto& one : file.at("receipts").as_array()) {
    SCOPED_TRACE(text_of(one.at("name")));
    std::vector<Hash> path;
    for (const auto& hash : one.at("path").as_array()) path.push_back(hex_of<Hash>(hash));
    const auto receipt =
        parse_receipt(text_of(one.at("note")), one.at("leaf").to_number<uint64_t>(), path);
    const std::string code = text_of(one.at("code"));
    if (!receipt) {
      EXPECT_EQ(outcome_of(receipt), code);
      continue;
    }
    const auto checked = check_receipt(*receipt, text_of(one.at("leaf_data")), ledger, nodes);
    EXPECT_EQ(outcome_of(checked), code);
  }
}

}  // namespace
}  // namespace suyuan::testing
