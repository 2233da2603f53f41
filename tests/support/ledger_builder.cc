// Implements the small test language: codes from short forms, events from words, batches signed and
// verified.
#include "tests/support/ledger_builder.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "ledger/code/code.h"
#include "ledger/crypto/hash.h"
#include "ledger/event/codes_of.h"
#include "ledger/registry/possession.h"

namespace suyuan::testing {
namespace {

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "ledger builder: %s\n", why.c_str());
  std::abort();
}

template <class T>
T must(Result<T> result, const std::string& what) {
  if (!result) give_up(what + ": " + to_text(result.error()));
  return *std::move(result);
}

Hash seeded(std::string_view what) { return sha256({"ledger builder ", what}); }

KeyPair key_from(std::string_view what) { return key_from_seed(seeded(what).view()); }

std::vector<Item> items(const Words& words) {
  std::vector<Item> all;
  for (const auto& one : words) all.push_back(item(one));
  return all;
}

TraceEvent event(EventType type, Kind kind, Action action, std::string_view step,
                 std::string_view time) {
  TraceEvent made;
  made.type = type;
  made.kind = kind;
  made.action = action;
  made.step = step;
  made.event_time = at(time);
  return made;
}

constexpr std::string_view kRegistrar = "registrar";
constexpr std::string_view kIssuerGln = "9521206000003";

}  // namespace

std::string code(std::string_view short_form) {
  const auto parts = split(short_form, ':');
  const auto& kind = parts[0];
  const auto text = [&](Result<ProductCode> made) {
    return must(std::move(made), std::string(short_form)).text();
  };
  const auto part = [&](size_t index) {
    if (index >= parts.size()) give_up("too short: " + std::string(short_form));
    return std::string(parts[index]);
  };
  if (kind == "gtin") return text(parse_code("(01)" + part(1)));
  if (kind == "lot") return text(parse_code("(01)" + part(1) + "(10)" + part(2)));
  if (kind == "sgtin") return text(parse_code("(01)" + part(1) + "(21)" + part(2)));
  if (kind == "sscc") return text(parse_code("(00)" + part(1)));
  if (kind == "gln") return text(parse_code("(414)" + part(1)));
  if (kind == "cont") return text(container_code(part(1)));
  if (kind == "wb") return text(parcel_code(part(1)));
  if (kind == "order") return text(own_number(CodeType::order, kIssuerGln, part(1)));
  if (kind == "pay") return text(own_number(CodeType::payment, kIssuerGln, part(1)));
  if (kind == "invt") return text(own_number(CodeType::customs_list, "CN", part(1)));
  return text(parse_code(short_form));
}

Hash key_of(std::string_view short_form) { return code_key(code(short_form)); }

int64_t ms(std::string_view rfc3339) { return at(rfc3339).ms; }

Decimal decimal(std::string_view text) {
  const auto value = Decimal::parse(text);
  if (!value) give_up("no decimal: " + std::string(text));
  return *value;
}

Moment at(std::string_view time) {
  const std::string whole =
      time.size() == 5 ? "2026-06-01T" + std::string(time) + ":00Z" : std::string(time);
  const auto moment = from_rfc3339(whole);
  if (!moment) give_up("no time: " + whole);
  return *moment;
}

Item item(std::string_view words) {
  const auto parts = split(words, ' ');
  Item made{.code = code(parts[0])};
  if (parts.size() > 2) {
    made.quantity = decimal(parts[1]);
    made.uom = parts[2];
  }
  if (parts.size() > 3) made.net_kg = decimal(parts[3]);
  return made;
}

TraceEvent commission(std::string_view time, const Words& what, std::string_view lot) {
  auto made = event(EventType::object, Kind::supply, Action::add, "commissioning", time);
  made.objects = items(what);
  if (!lot.empty()) made.lot = code(lot);
  return made;
}

TraceEvent transform(std::string_view time, const Words& inputs, const Words& outputs,
                     const Words& losses) {
  auto made =
      event(EventType::transformation, Kind::supply, Action::none, "creating_class_instance", time);
  made.inputs = items(inputs);
  made.outputs = items(outputs);
  for (const auto& loss : losses) {
    const auto parts = split(loss, ' ');
    made.losses.push_back(
        {std::string(parts.at(0)), decimal(parts.at(1)), std::string(parts.at(2))});
  }
  return made;
}

TraceEvent pack(std::string_view time, std::string_view parent, const Words& children) {
  auto made = event(EventType::aggregation, Kind::logistics, Action::add, "packing", time);
  made.parent = code(parent);
  made.children = items(children);
  return made;
}

TraceEvent unpack(std::string_view time, std::string_view parent, const Words& children) {
  auto made = pack(time, parent, children);
  made.action = Action::remove;
  made.step = "unpacking";
  return made;
}

TraceEvent observe(std::string_view time, std::string_view step, const Words& what) {
  auto made = event(EventType::object, Kind::logistics, Action::observe, step, time);
  made.objects = items(what);
  return made;
}

TraceEvent inspect(std::string_view time, std::string_view step, const Words& what,
                   std::string_view result) {
  auto made = observe(time, step, what);
  made.kind = Kind::inspection;
  made.result = result;
  return made;
}

TraceEvent paper(std::string_view time, std::string_view step, const Words& what) {
  auto made = event(EventType::transaction, Kind::transaction, Action::add, step, time);
  made.objects = items(what);
  for (const auto& object : made.objects) made.transactions.push_back({"po", object.code});
  return made;
}

TraceEvent hand(TraceEvent event, const Words& from, std::string_view to) {
  const auto reference = [](std::string_view party) {
    return Reference{"possessing_party",
                     party == kConsumer ? std::string(party) : party_code(party)};
  };
  for (const auto& giver : from) event.sources.push_back(reference(giver));
  event.destinations.push_back(reference(to));
  return event;
}

TraceEvent named(TraceEvent event, std::string_view event_id) {
  event.event_id = event_id;
  return event;
}

TraceEvent declared_wrong(TraceEvent event) {
  event.error = ErrorDeclaration{event.event_time, "incorrect_data"};
  return event;
}

TraceEvent with_disposition(TraceEvent event, std::string_view disposition) {
  event.disposition = disposition;
  return event;
}

LedgerBuilder::LedgerBuilder(const Words& more_authorities, uint64_t quorum)
    : clock_ms_(ms("2026-06-02T00:00:00Z")) {
  Genesis genesis{.origin = "ledger.example/test",
                  .log_key = key_from("log").key,
                  .nodes = {{"node-1", key_from("node-1").key}},
                  .authorities = {{std::string(kRegistrar), keys(kRegistrar).key}},
                  .quorum = quorum,
                  .nonce = Nonce::from(seeded("genesis").view().substr(0, Nonce::kSize))};
  for (const auto& name : more_authorities) {
    genesis.authorities.push_back({name, keys(name).key});
  }
  const auto text = must(write_genesis(genesis), "genesis");
  const auto start = must(apply_genesis(text, ms("2026-05-02T00:00:00Z")), "apply genesis");
  must(store_.commit(start.changes), "commit genesis");
}

KeyPair LedgerBuilder::log_key() const { return key_from("log"); }

const KeyPair& LedgerBuilder::keys(std::string_view party, uint32_t n) {
  const std::string name = "key " + std::to_string(n) + " of " + std::string(party);
  const auto found = keys_.find(name);
  return found != keys_.end() ? found->second : keys_.emplace(name, key_from(name)).first->second;
}

const KeyPair& LedgerBuilder::log_key() {
  return keys_.try_emplace("log", key_from("log")).first->second;
}

KeyEntry LedgerBuilder::possession(std::string_view party, uint32_t n) {
  const KeyPair& pair = keys(party, n);
  return prove_possession(id(), party, pair.secret, pair.key);
}

void LedgerBuilder::party(std::string_view id, std::vector<Role> roles, PartyData data) {
  data.id = id;
  if (data.name.empty()) data.name = "Party " + std::string(id);
  std::sort(roles.begin(), roles.end());
  data.roles = std::move(roles);
  const auto verdict = act(RegisterParty{std::move(data), {possession(id, 0)}});
  if (!is_accepted(verdict)) give_up("party " + std::string(id) + ": " + words(verdict));
}

void LedgerBuilder::product(std::string_view gtin14, std::string_view owner,
                            const std::vector<std::string>& licensees) {
  product(ProductData{.gtin = std::string(gtin14),
                      .name = "Product " + std::string(gtin14),
                      .owner = std::string(owner),
                      .licensees = licensees,
                      .uom = "H87"});
}

void LedgerBuilder::product(ProductData data) {
  const auto verdict = act(RegisterProduct{std::move(data)});
  if (!is_accepted(verdict)) give_up("product: " + words(verdict));
}

void LedgerBuilder::site(SiteData data) {
  const auto verdict = act(RegisterSite{std::move(data)});
  if (!is_accepted(verdict)) give_up("site: " + words(verdict));
}

Verdict LedgerBuilder::act(const RegistryEvent& event) {
  return apply_one(act_batch(kRegistrar, {event}));
}

Nonce LedgerBuilder::next_nonce() {
  return Nonce::from(seeded("nonce " + std::to_string(++posted_)).view().substr(0, Nonce::kSize));
}

Submission LedgerBuilder::signed_by(BatchDraft draft, std::string_view signer,
                                    const BatchOptions& options) {
  const KeyPair& pair = keys(signer, options.key);
  std::vector<Signer> with;
  for (const auto& name : options.with) with.push_back({name, keys(name).secret, keys(name).key});
  return must(sign_batch(std::move(draft), {std::string(signer), pair.secret, pair.key}, with),
              "sign");
}

VerifiedBatch LedgerBuilder::verified(DecodedBatch decoded) {
  auto batch = verify(std::move(decoded), id(), state());
  if (!batch) give_up("verify: " + to_text(batch.error().front()));
  return *std::move(batch);
}

VerifiedBatch LedgerBuilder::batch(std::string_view party, const std::vector<TraceEvent>& events,
                                   const BatchOptions& options) {
  const Nonce nonce = next_nonce();
  BatchDraft draft{.ledger = id(),
                   .type = options.type,
                   .events = {},
                   .until_ms = static_cast<uint64_t>(options.until_ms),
                   .nonce = nonce,
                   .on_behalf_of = options.signer.empty() ? std::string() : std::string(party)};
  std::vector<EventValue> values;
  for (size_t i = 0; i < events.size(); ++i) {
    const TraceEvent& one = events[i];
    const std::string number = std::to_string(posted_) + "." + std::to_string(i);
    // Stands in for the canonical encoding, which is in a higher module: the same event gives the
    // same bytes.
    Bytes payload = one.event_id.empty() ? "event " + number
                                         : one.event_id + (one.error ? " declared wrong" : "");
    if (encode_) payload = encode_(one);
    if (i < options.payloads.size()) payload = options.payloads[i];
    EventBody body{Salt::from(seeded("salt " + number).view()), payload};
    if (i < options.sections.size()) body.sections = options.sections[i];
    draft.events.push_back({std::move(body), codes_of(one)});
    values.push_back(one);
  }
  auto submission =
      signed_by(std::move(draft), options.signer.empty() ? party : options.signer, options);
  auto note = must(parse_batch_note(submission.note), "note");
  return verified({std::move(submission), std::move(note), std::move(values), options.statements});
}

VerifiedBatch LedgerBuilder::act_batch(std::string_view party,
                                       const std::vector<RegistryEvent>& events,
                                       const BatchOptions& options) {
  BatchDraft draft{.ledger = id(),
                   .type = PayloadType::registry_capnp,
                   .events = {},
                   .until_ms = static_cast<uint64_t>(ms("2099-01-01T00:00:00Z")),
                   .nonce = next_nonce()};
  std::vector<EventValue> values;
  for (size_t i = 0; i < events.size(); ++i) {
    const std::string number = std::to_string(posted_) + "." + std::to_string(i);
    const Bytes payload = encode_ ? encode_(events[i]) : "act " + number;
    draft.events.push_back(
        {EventBody{Salt::from(seeded("salt " + number).view()), payload}, {code_of(events[i])}});
    values.push_back(events[i]);
  }
  auto submission = signed_by(std::move(draft), party, options);
  auto note = must(parse_batch_note(submission.note), "note");
  return verified({std::move(submission), std::move(note), std::move(values)});
}

Applied LedgerBuilder::try_group(const std::vector<VerifiedBatch>& batches) const {
  Group group{.position = head().position + 1, .time_ms = clock_ms_, .batches = {}};
  for (const auto& one : batches) group.batches.push_back(&one);
  return must(apply(state(), group), "apply");
}

Applied LedgerBuilder::apply_group(const std::vector<VerifiedBatch>& batches) {
  Applied applied = try_group(batches);
  must(store_.commit(applied.changes), "commit");
  return applied;
}

Verdict LedgerBuilder::apply_one(VerifiedBatch one) {
  std::vector<VerifiedBatch> batches;
  batches.push_back(std::move(one));
  return apply_group(batches).verdicts.at(0);
}

Verdict LedgerBuilder::post(std::string_view party, const std::vector<TraceEvent>& events) {
  return apply_one(batch(party, events));
}

Accepted LedgerBuilder::accept(std::string_view party, const std::vector<TraceEvent>& events) {
  auto verdict = post(party, events);
  if (!is_accepted(verdict)) give_up(words(verdict));
  return std::get<Accepted>(std::move(verdict));
}

LedgerHead LedgerBuilder::head() const { return must(read_head(state()), "head"); }

LedgerId LedgerBuilder::id() const {
  const auto now = head();
  return {now.origin, now.genesis};
}

bool is_accepted(const Verdict& verdict) { return std::holds_alternative<Accepted>(verdict); }

Code refusal(const Verdict& verdict) {
  const auto* refused = std::get_if<Refused>(&verdict);
  if (!refused || refused->errors.empty()) give_up("not refused: " + words(verdict));
  return refused->errors.front().code;
}

std::string words(const Verdict& verdict) {
  if (const auto* accepted = std::get_if<Accepted>(&verdict)) {
    std::string text = "accepted " + std::to_string(accepted->leaf);
    for (const auto& finding : accepted->findings) {
      text += " [" + std::string(word(finding.flag)) + ": " + finding.reason + "]";
    }
    return text;
  }
  if (const auto* repeated = std::get_if<Repeated>(&verdict)) {
    return "repeated " + std::to_string(repeated->leaf);
  }
  std::string text = "refused";
  for (const auto& error : std::get<Refused>(verdict).errors) text += "; " + to_text(error);
  return text;
}

std::vector<Flag> flags(const Verdict& verdict) {
  std::vector<Flag> all;
  if (const auto* accepted = std::get_if<Accepted>(&verdict)) {
    for (const auto& finding : accepted->findings) all.push_back(finding.flag);
  }
  return all;
}

}  // namespace suyuan::testing
