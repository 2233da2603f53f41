#include "node/epcis/state.h"

#include <algorithm>

#include "ledger/base/coding.h"
#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "ledger/store/schema.h"
#include "node/epcis/state_rows.h"

namespace suyuan::epcis {
namespace {

using JobSecret = Fixed<8, struct JobSecretTag>;

constexpr char kOwned = 'J';
constexpr char kSigned = 'N';

// The place of a job's row.
struct JobPlace {
  char kind = kOwned;
  uint64_t number = 0;
  Bytes key() const {
    Bytes key(1, kind);
    put_u64(key, number);
    return key;
  }
};

// Parses "12-<secret>" and "n12-<secret>"; nullopt: no job has such an id.
std::optional<JobPlace> place_of(std::string_view id) {
  const size_t dash = id.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const bool is_signed = id.starts_with('n');
  const auto number = from_decimal(id.substr(is_signed ? 1 : 0, dash - (is_signed ? 1 : 0)));
  if (!number) return std::nullopt;
  return JobPlace{.kind = is_signed ? kSigned : kOwned, .number = *number};
}

// Returns the last number given plus one.
Result<uint64_t> next_number(const SideStore& store, char kind) {
  uint64_t next = 1;
  const Bytes from(1, kind);
  SUYUAN_TRY_DONE(store.scan(from, after_prefix(from), Direction::descending,
                             [&](BytesView key, BytesView) {
                               Decoder decoder(key.substr(1));
                               uint64_t last = 0;
                               if (decoder.get_u64(last)) next = last + 1;
                               return false;
                             }));
  return next;
}

// Names of parties and queries contain no NUL.
Bytes party_prefix(char kind, std::string_view party) {
  return Bytes(1, kind) + Bytes(party) + Bytes(1, '\0');
}
Bytes query_key(std::string_view party, std::string_view name) {
  return party_prefix('Q', party) + Bytes(name);
}
Bytes subscriptions_prefix(std::string_view party, std::string_view query) {
  return party_prefix('S', party) + Bytes(query) + Bytes(1, '\0');
}
Bytes subscription_key(const Subscription& one) {
  return subscriptions_prefix(one.party, one.query) + Bytes(one.id);
}
Bytes subscription_key(const NamedQuery& of, std::string_view id) {
  return subscriptions_prefix(of.party, of.name) + Bytes(id);
}

Unexpected<Error> no_job() { return fail(Code::NOT_FOUND, "there is no such capture job"); }
Unexpected<Error> no_query() { return fail(Code::NOT_FOUND, "there is no such query"); }
Unexpected<Error> no_subscription() {
  return fail(Code::NOT_FOUND, "the query has no such subscription");
}

// Decodes every row with the prefix; `take` returns whether to continue.
template <class T, class Take>
Result<Done> for_each(const SideStore& store, const Bytes& from, const Bytes& to,
                      Direction direction, Take take) {
  std::optional<Error> error;
  SUYUAN_TRY_DONE(store.scan(from, to, direction, [&](BytesView, BytesView bytes) {
    auto value = decode_row<T>(bytes);
    if (!value) {
      error = std::move(value).error();
      return false;
    }
    return take(*std::move(value));
  }));
  if (error) return Unexpected(*std::move(error));
  return Done{};
}

template <class T>
Result<std::vector<T>> all_with(const SideStore& store, const Bytes& prefix) {
  std::vector<T> all;
  const auto take = [&](T one) {
    all.push_back(std::move(one));
    return true;
  };
  SUYUAN_TRY_DONE(
      for_each<T>(store, prefix, after_prefix(prefix), Direction::ascending, take));
  return all;
}

}  // namespace

Result<std::unique_ptr<State>> State::open(const std::string& folder) {
  SUYUAN_TRY_DONE(make_folder(folder));
  SUYUAN_TRY(store, open_side_store(folder));
  std::unique_ptr<State> state(new State(std::move(store)));
  SUYUAN_TRY(next_job, next_number(*state->store_, kOwned));
  SUYUAN_TRY(next_signed, next_number(*state->store_, kSigned));
  state->next_job_ = next_job;
  state->next_signed_ = next_signed;
  return state;
}

Result<Job> State::add_job(Job job) {
  const std::lock_guard lock(mutex_);
  const bool is_signed = job.party.empty();
  const size_t most = is_signed ? kSignedJobsMax : kJobsMax;
  const JobPlace place{.kind = is_signed ? kSigned : kOwned,
                       .number = is_signed ? next_signed_++ : next_job_++};
  job.id = (is_signed ? "n" : "") + std::to_string(place.number) + "-" +
           to_hex(random_fixed<JobSecret>().view());
  std::vector<SideRow> rows = {{.key = place.key(), .value = encode_row(job)}};
  if (place.number > most) {
    const JobPlace oldest{.kind = place.kind, .number = place.number - most};
    rows.push_back({.key = oldest.key(), .value = {}});
  }
  SUYUAN_TRY_DONE(store_->write(rows, true));
  return job;
}

Result<Done> State::put_job(const Job& job) {
  const std::lock_guard lock(mutex_);
  const auto place = place_of(job.id);
  if (!place) return no_job();
  const bool is_signed = place->kind == kSigned;
  const uint64_t next = is_signed ? next_signed_ : next_job_;
  if (place->number + (is_signed ? kSignedJobsMax : kJobsMax) < next) return Done{};
  return store_->write({{.key = place->key(), .value = encode_row(job)}}, true);
}

Result<Job> State::job(const std::string& id, const std::string& party) const {
  const auto place = place_of(id);
  if (!place) return no_job();
  SUYUAN_TRY(bytes, store_->get(place->key()));
  if (!bytes) return no_job();
  SUYUAN_TRY(job, decode_row<Job>(*bytes));
  // A job of a signed batch has no owner: whoever knows its id may read it, and nobody can guess
  // that.
  const bool mine = job.party.empty() || job.party == party;
  if (job.id != id || !mine) return no_job();
  return job;
}

Result<State::Jobs> State::jobs(const std::string& party, const std::string& before,
                                size_t limit) const {
  constexpr size_t kLooksMax = 10'000;
  const auto last = place_of(before);
  Jobs found;
  size_t looks = 0;
  size_t bytes = 0;
  std::optional<Error> error;
  const auto take = [&](BytesView key, BytesView row) {
    Decoder decoder(key.substr(1));
    uint64_t number = 0;
    auto job = decode_row<Job>(row);
    if (!job || !decoder.get_u64(number)) {
      error = job ? Error{.code = Code::CORRUPT, .message = "a row of a capture job is damaged"}
                  : std::move(job).error();
      return false;
    }
    if (job->party == party) {
      bytes += row.size();
      found.jobs.push_back(*std::move(job));
    }
    const bool full = found.jobs.size() >= limit || bytes >= kJobsPageBytesMax;
    if (!full && ++looks < kLooksMax) return true;
    if (number > 1) found.next = std::to_string(number) + "-";
    return false;
  };
  SUYUAN_TRY_DONE(store_->scan("J", last ? last->key() : Bytes("K"), Direction::descending, take));
  if (error) return Unexpected(*std::move(error));
  return found;
}

Result<std::vector<Job>> State::unfinished_jobs() const {
  std::vector<Job> found;
  const auto take = [&](Job job) {
    if (!job.finished_ms) found.push_back(std::move(job));
    return true;
  };
  for (const char kind : {kOwned, kSigned}) {
    const Bytes from(1, kind);
    SUYUAN_TRY_DONE(
        for_each<Job>(*store_, from, after_prefix(from), Direction::descending, take));
  }
  return found;
}

Result<Done> State::add_query(const NamedQuery& query) {
  const std::lock_guard lock(mutex_);
  const Bytes key = query_key(query.party, query.name);
  SUYUAN_TRY(known, store_->get(key));
  if (known) return fail(Code::DUPLICATE_ID, "a query of this name exists", "/name");
  SUYUAN_TRY(all, all_with<NamedQuery>(*store_, party_prefix('Q', query.party)));
  if (all.size() >= kQueriesMax)
    return fail(Code::TOO_MANY, "a party has at most 100 named queries on a node");
  return store_->write({{.key = key, .value = encode_row(query)}}, true);
}

Result<NamedQuery> State::query(const std::string& name, const std::string& party) const {
  SUYUAN_TRY(bytes, store_->get(query_key(party, name)));
  if (!bytes) return no_query();
  return decode_row<NamedQuery>(*bytes);
}

Result<std::vector<NamedQuery>> State::queries(const std::string& party, const std::string& after,
                                               size_t limit) const {
  std::vector<NamedQuery> found;
  Bytes from = query_key(party, after);
  if (!after.empty()) from += '\0';
  const auto take = [&](NamedQuery query) {
    found.push_back(std::move(query));
    return found.size() < limit;
  };
  SUYUAN_TRY_DONE(for_each<NamedQuery>(*store_, from, after_prefix(party_prefix('Q', party)),
                                       Direction::ascending, take));
  return found;
}

Result<Done> State::remove_query(const std::string& name, const std::string& party) {
  const std::lock_guard lock(mutex_);
  SUYUAN_TRY(known, query(name, party));
  std::vector<SideRow> rows = {{.key = query_key(party, name), .value = {}}};
  SUYUAN_TRY(all, subscriptions(known));
  for (const auto& one : all) rows.push_back({.key = subscription_key(one), .value = {}});
  return store_->write(rows, true);
}

Result<Done> State::add_subscription(const Subscription& subscription) {
  const std::lock_guard lock(mutex_);
  SUYUAN_TRY_DONE(query(subscription.query, subscription.party));
  SUYUAN_TRY(all, all_with<Subscription>(*store_, party_prefix('S', subscription.party)));
  if (all.size() >= kSubscriptionsMax)
    return fail(Code::TOO_MANY, "a party has at most 100 subscriptions on a node");
  return store_->write(
      {{.key = subscription_key(subscription), .value = encode_row(subscription)}}, true);
}

Result<Done> State::put_subscription(const Subscription& subscription) {
  const std::lock_guard lock(mutex_);
  const Bytes key = subscription_key(subscription);
  SUYUAN_TRY(known, store_->get(key));
  if (!known) return no_subscription();
  return store_->write({{.key = key, .value = encode_row(subscription)}}, true);
}

Result<Subscription> State::subscription(const NamedQuery& of, const std::string& id) const {
  SUYUAN_TRY(bytes, store_->get(subscription_key(of, id)));
  if (!bytes) return no_subscription();
  return decode_row<Subscription>(*bytes);
}

Result<std::vector<Subscription>> State::subscriptions(const NamedQuery& of) const {
  return all_with<Subscription>(*store_, subscriptions_prefix(of.party, of.name));
}

Result<std::vector<Subscription>> State::all_subscriptions() const {
  return all_with<Subscription>(*store_, "S");
}

Result<Done> State::remove_subscription(const NamedQuery& of, const std::string& id) {
  const std::lock_guard lock(mutex_);
  SUYUAN_TRY_DONE(subscription(of, id));
  return store_->write({{.key = subscription_key(of, id), .value = {}}}, true);
}

}  // namespace suyuan::epcis
