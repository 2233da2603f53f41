// A client that has nothing of ours but the schema files and docs/formats.md: Cap'n Proto,
// libsodium and OpenSSL do the rest. It registers a party, signs and submits an event, checks the
// receipt, and reads the event back.
//
//   outside_client <rpc address> <genesis.leaf> <seed of the registrar's key, base64>
//
// Exit code 0: all held. Otherwise the last line says what did not.
#include <capnp/ez-rpc.h>
#include <capnp/message.h>
#include <openssl/sha.h>
#include <sodium.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "proto/event.capnp.h"
#include "proto/ledger.capnp.h"
#include "proto/registry.capnp.h"

namespace {

namespace wire = suyuan::wire;
using Bytes = std::string;

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "outside client: %s\n", why.c_str());
  std::exit(1);
}
void expect(bool holds, const char* what) {
  if (!holds) give_up(what);
}

// --- Bytes, hashes, base64 ---

const unsigned char* raw(const Bytes& bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

Bytes hash(const Bytes& bytes) {
  unsigned char out[SHA256_DIGEST_LENGTH];
  SHA256(raw(bytes), bytes.size(), out);
  return {reinterpret_cast<const char*>(out), sizeof(out)};
}
Bytes leaf_hash(const Bytes& data) { return hash(Bytes(1, '\0') + data); }
Bytes node_hash(const Bytes& left, const Bytes& right) { return hash("\x01" + left + right); }

Bytes random_bytes(size_t count) {
  Bytes out(count, '\0');
  randombytes_buf(out.data(), count);
  return out;
}

std::string base64(const Bytes& bytes) {
  std::string out(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), raw(bytes), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();  // its NUL
  return out;
}
Bytes from_base64(const std::string& text) {
  Bytes out(text.size(), '\0');
  size_t size = 0;
  const int bad =
      sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(),
                        text.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL);
  expect(bad == 0, "not base64");
  return out.substr(0, size);
}

Bytes bytes_of(capnp::Data::Reader data) {
  return {reinterpret_cast<const char*>(data.begin()), data.size()};
}
capnp::Data::Reader data_of(const Bytes& bytes) { return {raw(bytes), bytes.size()}; }

// --- Keys and signed notes (formats.md: signed notes) ---

struct Key {
  std::string name;
  Bytes secret = Bytes(crypto_sign_SECRETKEYBYTES, '\0');
  Bytes key = Bytes(crypto_sign_PUBLICKEYBYTES, '\0');
};

Key key_from_seed(const std::string& name, const Bytes& seed) {
  Key made{.name = name};
  crypto_sign_seed_keypair(reinterpret_cast<unsigned char*>(made.key.data()),
                           reinterpret_cast<unsigned char*>(made.secret.data()), raw(seed));
  return made;
}

Bytes sign(const Key& key, const std::string& text) {
  Bytes out(crypto_sign_BYTES, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(out.data()), nullptr, raw(text),
                       text.size(), raw(key.secret));
  return out;
}

Bytes key_id(const std::string& name, const Bytes& key) {
  return hash(name + "\n\x01" + key).substr(0, 4);
}

std::string signed_note(const std::string& text, const Key& key) {
  return text + "\n\u2014 " + key.name + " " + base64(key_id(key.name, key.key) + sign(key, text)) +
         "\n";
}

// The text of a note with one signature line, after checking it.
std::string check_note(const std::string& note, const std::string& name, const Bytes& key) {
  const size_t blank = note.rfind("\n\n");
  expect(blank != Bytes::npos, "the receipt is no note");
  const std::string text = note.substr(0, blank + 1);
  const std::string begin = "\u2014 " + name + " ";
  const std::string line = note.substr(blank + 2);
  expect(line.substr(0, begin.size()) == begin && line.back() == '\n',
         "the receipt is not signed by the node of genesis");
  const Bytes signature = from_base64(line.substr(begin.size(), line.size() - begin.size() - 1));
  expect(signature.substr(0, 4) == key_id(name, key), "the key ID is not the node's");
  expect(signature.size() == 68 &&
             crypto_sign_verify_detached(raw(signature) + 4, raw(text), text.size(), raw(key)) == 0,
         "the receipt's signature does not verify");
  return text;
}

// The rest of the line that begins with the word.
std::string line_of(const std::string& text, const std::string& word) {
  const std::string begin = "\n" + word + " ";
  const size_t at = text.find(begin);
  if (at == std::string::npos) give_up("no line " + word);
  const size_t from = at + begin.size();
  return text.substr(from, text.find('\n', from) - from);
}

// --- The ledger, as genesis pins it (formats.md 4) ---

struct Ledger {
  std::string line;
  std::string node;
  Bytes node_key;
};

Ledger read_ledger(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const Bytes leaf{std::istreambuf_iterator<char>(file), {}};
  const std::string node = line_of(leaf, "node");
  const size_t space = node.find(' ');
  return {.line = line_of(leaf, "origin") + " " + base64(hash(leaf)),
          .node = node.substr(0, space),
          .node_key = from_base64(node.substr(space + 1))};
}

// --- Events, records, batches (formats.md 2 and 3) ---

template <class Message>
Bytes canonical(capnp::MallocMessageBuilder& message) {
  const auto words = capnp::canonicalize(message.getRoot<Message>().asReader());
  const auto bytes = words.asBytes();
  return {reinterpret_cast<const char*>(bytes.begin()), bytes.size()};
}

Bytes record_of(std::vector<std::string> codes, const Bytes& salt, const Bytes& payload) {
  std::vector<Bytes> keys;
  for (const auto& code : codes) keys.push_back(hash("suyuan/code/v1\n" + code));
  std::sort(keys.begin(), keys.end());  // char_traits compares as unsigned
  Bytes record = "suyuan/event/v1\n";
  record += static_cast<char>(keys.size() >> 8);
  record += static_cast<char>(keys.size() & 0xFF);
  for (const auto& key : keys) record += key;
  return record + hash("suyuan/payload/v1\n" + salt + payload);
}

struct Batch {
  std::string note;
  Bytes salt;
  Bytes payload;
};

// Of one event, so that the root is its record's leaf hash.
Batch make_batch(const Ledger& ledger, const Key& key, const std::string& type,
                 const Bytes& payload, const std::vector<std::string>& codes) {
  Batch batch{.note = {}, .salt = random_bytes(32), .payload = payload};
  const Bytes root = leaf_hash(record_of(codes, batch.salt, payload));
  const std::string text = "suyuan/batch/v1\nledger " + ledger.line + "\nparty " + key.name +
                           "\ntype " + type + "\nevents 1\nroot " + base64(root) +
                           "\nuntil 4000000000000\nnonce " + base64(random_bytes(16)) + "\n";
  batch.note = signed_note(text, key);
  return batch;
}

// --- Receipts: RFC 6962 inclusion ---

Bytes root_from_path(const Bytes& leaf, uint64_t index, uint64_t size,
                     const std::vector<Bytes>& path) {
  Bytes root = leaf;
  uint64_t last = size - 1;
  for (const auto& sibling : path) {
    expect(last != 0, "the path is longer than the tree");
    if ((index & 1) != 0 || index == last) {
      root = node_hash(sibling, root);
      while ((index & 1) == 0 && index != 0) {
        index >>= 1;
        last >>= 1;
      }
    } else {
      root = node_hash(root, sibling);
    }
    index >>= 1;
    last >>= 1;
  }
  expect(last == 0, "the path is shorter than the tree");
  return root;
}

void check_receipt(const Ledger& ledger, const Batch& batch, wire::Receipt::Reader receipt) {
  const std::string text = check_note(receipt.getNote(), ledger.node, ledger.node_key);
  expect(text.rfind("suyuan/receipt/v1\n", 0) == 0, "the note is no receipt");
  expect(line_of(text, "ledger") == ledger.line, "the receipt is of another ledger");
  const Bytes leaf =
      "suyuan/leaf/v1 batch\ntime " + std::to_string(receipt.getLogTime()) + "\n\n" + batch.note;
  std::vector<Bytes> path;
  for (const auto sibling : receipt.getPath()) path.push_back(bytes_of(sibling));
  const Bytes root =
      root_from_path(leaf_hash(leaf), receipt.getLeaf(), std::stoull(line_of(text, "size")), path);
  expect(base64(root) == line_of(text, "root"), "the path does not lead to the signed root");
}

// --- The calls ---

uint64_t submit(wire::Ledger::Client node, kj::WaitScope& scope, const Ledger& ledger,
                const Batch& batch) {
  auto request = node.submitRequest();
  auto submission = request.initSubmission();
  submission.setNote(batch.note);
  auto body = submission.initEvents(1)[0];
  body.setSalt(data_of(batch.salt));
  body.setPayload(data_of(batch.payload));
  const auto response = request.send().wait(scope);
  const auto answer = response.getAnswer();
  if (answer.isRefused()) {
    const auto error = answer.getRefused()[0];
    give_up(std::string("refused: ") + error.getCode().cStr() + " " + error.getField().cStr() +
            ": " + error.getMessage().cStr());
  }
  check_receipt(ledger, batch, answer.getAccepted());
  return answer.getAccepted().getLeaf();
}

Batch registration(const Ledger& ledger, const Key& registrar, const Key& party) {
  const std::string proof = "suyuan/key/v1\nledger " + ledger.line + "\nparty " + party.name +
                            "\nkey " + base64(party.key) + "\n";
  capnp::MallocMessageBuilder message;
  auto act = message.initRoot<wire::RegistryEvent>().initRegisterParty();
  act.getParty().setId(party.name);
  act.getParty().setName("A carrier");
  act.getParty().initRoles(1)[0].setText("logistics");
  auto key = act.initKeys(1)[0];
  key.setKey(data_of(party.key));
  key.setPossession(data_of(sign(party, proof)));
  return make_batch(ledger, registrar, "application/vnd.suyuan.registry+capnp",
                    canonical<wire::RegistryEvent>(message), {"urn:suyuan:party:" + party.name});
}

Batch observation(const Ledger& ledger, const Key& party, const std::string& code) {
  capnp::MallocMessageBuilder message;
  auto event = message.initRoot<wire::TraceEvent>();
  event.setType(wire::EventType::OBJECT);
  event.setKind(wire::Kind::LOGISTICS);
  event.setAction(wire::Action::OBSERVE);
  event.setEventTime(1'780'000'000'000);
  event.setEventOffset(480);
  event.setStep("arriving");
  event.initObjects(1)[0].setCode(code);
  return make_batch(ledger, party, "application/vnd.suyuan.event+capnp",
                    canonical<wire::TraceEvent>(message), {code});
}

void read_back(wire::Ledger::Client node, kj::WaitScope& scope, const std::string& code,
               const Batch& batch, uint64_t leaf) {
  auto request = node.traceRequest();
  request.getAsk().setCode(code);
  request.getAsk().getAtLeast().setSize(leaf + 1);
  request.setWithEvents(true);
  const auto response = request.send().wait(scope);
  expect(response.getAnswer().isTrace(), "the trace is refused");
  const auto events = response.getAnswer().getTrace().getEvents();
  expect(events.size() == 1, "the trace has not the one event");
  const auto event = events[0];
  expect(event.getPlace().getLeaf() == leaf,
         "the event stands at another leaf than its receipt says");
  expect(std::string(event.getNote().cStr()) == batch.note,
         "the note is not the one that was sent");
  expect(bytes_of(event.getRecord()) == record_of({code}, batch.salt, batch.payload),
         "the record is another");
  expect(event.getPayload().isOpen(), "the payload is withheld");
  expect(bytes_of(event.getPayload().getOpen().getBytes()) == batch.payload,
         "the payload is another");
}

}  // namespace

int main(int argc, char** argv) {
  expect(argc == 4,
         "usage: outside_client <rpc address> <genesis.leaf> <registrar's seed, base64>");
  expect(sodium_init() >= 0, "libsodium does not start");
  const Ledger ledger = read_ledger(argv[2]);
  const Key registrar = key_from_seed("registrar", from_base64(argv[3]));
  const Key party = key_from_seed("outsider", random_bytes(crypto_sign_SEEDBYTES));
  const std::string code = "https://id.gs1.org/00/395211040000010013";

  capnp::EzRpcClient client(argv[1]);
  auto node = client.getMain<wire::Ledger>();
  submit(node, client.getWaitScope(), ledger, registration(ledger, registrar, party));
  const Batch batch = observation(ledger, party, code);
  const uint64_t leaf = submit(node, client.getWaitScope(), ledger, batch);
  expect(submit(node, client.getWaitScope(), ledger, batch) == leaf,
         "the same batch again got another leaf");
  read_back(node, client.getWaitScope(), code, batch, leaf);
  return 0;
}
