#include "tests/crash/load.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>

#include "client/seal.h"
#include "ledger/batch/sign.h"
#include "ledger/os/files.h"
#include "ledger/registry/possession.h"

namespace suyuan::test {
namespace {

constexpr uint64_t kFarFuture = 9'000'000'000'000;

template <class T, class E>
T must(Expected<T, E> result) {
  if constexpr (std::is_same_v<E, Error>) {
    if (!result) std::fprintf(stderr, "%s\n", to_text(result.error()).c_str());
  } else {
    for (size_t i = 0; !result && i < result.error().size(); ++i) {
      std::fprintf(stderr, "%s\n", to_text(result.error()[i]).c_str());
    }
  }
  SUYUAN_CHECK(result.has_value());
  return std::move(result).value();
}

NamedKeyPair fresh_key(const std::string& party) {
  return {.name = party, .pair = key_from_seed(random_fixed<Hash>().view())};
}

}  // namespace

uint32_t damage_seed() {
  const char* asked = std::getenv("SUYUAN_SEED");
  const uint32_t seed = asked == nullptr ? std::random_device{}()
                                         : static_cast<uint32_t>(std::strtoul(asked, nullptr, 10));
  std::printf("seed %lu\n", static_cast<unsigned long>(seed));
  return seed;
}

std::unique_ptr<Connection> connect(const std::string& rpc_address) {
  return must(Connection::open({.node = rpc_address, .connect_ms = 20'000}));
}

SubmitAnswer submit_until_taken(Connection& connection, const Submission& batch) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (true) {
    SubmitAnswer answer = connection.submit(batch);
    const bool later = !answer.outcome && answer.outcome.error().front().code == Code::BUSY;
    if (!later || std::chrono::steady_clock::now() > give_up) return answer;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

Load::Load(const std::string& data_folder, const std::string& rpc_address, std::string party,
           std::string gtin)
    : party_(std::move(party)),
      gtin_(std::move(gtin)),
      ledger_(must(pinned_from_leaf(must(read_file(data_folder + "/genesis.leaf", 1 << 20))))),
      key_(fresh_key(party_)) {
  register_all(*connect(rpc_address), data_folder);
}

void Load::register_all(Connection& connection, const std::string& data_folder) {
  const auto registrar = must(load_key(data_folder + "/keys/registrar.key",
                                       [](const std::string&) { return std::string(); }));
  const std::vector<RegistryEvent> acts = {
      RegisterParty{
          .party = {.id = party_, .name = "Maker", .roles = {Role::manufacturer}},
          .keys = {prove_possession(ledger_.id, party_, key_.pair.secret, key_.pair.key)}},
      RegisterProduct{
          .product = {.gtin = gtin_, .name = "Thing", .owner = party_}}};
  std::vector<UnsignedEvent> events;
  for (const auto& act : acts) events.push_back(must(seal_act(act, random_salt)).event);
  must(submit_until_taken(connection,
                          must(sign_batch(ledger_.id, PayloadType::registry_capnp,
                                          std::move(events), kFarFuture, random_fixed<Nonce>(),
                                          signer_of(registrar))))
           .outcome);
}

int64_t Load::now_ms() const {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count() + ahead_ms_;
}

Submission Load::next() {
  TraceEvent event{.type = EventType::object,
                   .kind = Kind::supply,
                   .action = Action::add,
                   .event_time = {.ms = now_ms()}};
  event.step = "commissioning";
  const std::string code =
      "https://id.gs1.org/01/" + gtin_ + "/21/S" + std::to_string(++serial_);
  event.objects = {{.code = code}};
  return sign_event(event);
}

Submission Load::more_of_the_same() {
  constexpr uint64_t kCodes = 4;
  const uint64_t serial = 1 + more_++ % std::min(kCodes, std::max<uint64_t>(serial_, 1));
  TraceEvent event{.type = EventType::object,
                   .kind = Kind::supply,
                   .action = Action::observe,
                   .event_time = {.ms = now_ms()}};
  event.step = "storing";
  event.objects = {
      {.code = "https://id.gs1.org/01/" + gtin_ + "/21/S" + std::to_string(serial)}};
  return sign_event(event);
}

Submission Load::sign_event(const TraceEvent& event) const {
  auto sealed = must(seal_event({.event = event, .sealed = {}}, party_, random_salt));
  return must(sign_batch(ledger_.id, PayloadType::event_capnp, {sealed.event}, kFarFuture,
                         random_fixed<Nonce>(), signer_of(key_)));
}

void Load::acknowledge(const Submission& sent, BatchReceipt receipt) {
  must(check_answer(ledger_, sent.note, receipt));
  const Hash id = batch_id(must(parse_batch_note(sent.note)).note.text);
  SUYUAN_CHECK(acknowledged_.emplace(id, std::move(receipt)).second);
}

size_t Load::run(const std::string& rpc_address, size_t in_flight) {
  const auto opened = Connection::open({.node = rpc_address, .connect_ms = 20'000});
  if (!opened) return 0;  // it died before we came
  const auto& connection = *opened;
  const size_t before = acknowledged_.size();
  size_t number = 0;
  const Submissions submissions{
      .next = [&] { return std::optional<Outgoing>({.number = number++, .submission = next()}); },
      .done = [&](const Outgoing& sent, SubmitAnswer answer) -> std::optional<uint32_t> {
        if (!answer.outcome) return std::nullopt;
        acknowledge(sent.submission, *std::move(answer.outcome));
        return std::nullopt;
      }};
  // Ends with UNAVAILABLE when the node dies.
  const auto ended = connection->submit_many(submissions, in_flight);
  SUYUAN_CHECK(!ended);
  return acknowledged_.size() - before;
}

BatchReceipt Load::post_one(Connection& connection) {
  return must(submit_until_taken(connection, next()).outcome);
}

}  // namespace suyuan::test
