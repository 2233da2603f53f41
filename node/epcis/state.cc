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

Bytes job_key(uint64_t number) {
  Bytes key = "J";
  put_u64(key, number);
  return key;
}

// "12-<secret>"; nullopt: no job has such an id.
std::optional<uint64_t> number_of(std::string_view id) {
  const size_t dash = id.find('-');
  return dash == std::string_view::npos ? std::nullopt : from_decimal(id.substr(0, dash));
}

Bytes query_key(std::string_view name) { return "Q" + Bytes(name); }
Bytes subscriptions_prefix(std::string_view query) { return "S" + Bytes(query) + Bytes(1, '\0'); }
Bytes subscription_key(std::string_view query, std::string_view id) {
  return subscriptions_prefix(query) + Bytes(id);
}

Unexpected<Error> no_job() { return fail(Code::NOT_FOUND, "there is no such capture job"); }
Unexpected<Error> no_query() { return fail(Code::NOT_FOUND, "there is no such query"); }
Unexpected<Error> no_subscription() {
  return fail(Code::NOT_FOUND, "the query has no such subscription");
}

// Every row with the prefix as a value; `take` returns whether to go on.
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
  SUYUAN_TRY_DONE(state->store_->scan("J", "K", Direction::descending,
                                      [&](BytesView key, BytesView) {
                                        Decoder decoder(key.substr(1));
                                        uint64_t last = 0;
                                        if (decoder.get_u64(last)) state->next_job_ = last + 1;
                                        return false;
                                      }));
  return state;
}

Result<Job> State::add_job(Job job) {
  const std::lock_guard lock(mutex_);
  const uint64_t number = next_job_++;
  job.id = std::to_string(number) + "-" + to_hex(random_fixed<JobSecret>().view());
  std::vector<SideRow> rows = {{.key = job_key(number), .value = encode_row(job)}};
  if (number > kJobsMax) rows.push_back({.key = job_key(number - kJobsMax), .value = {}});
  SUYUAN_TRY_DONE(store_->write(rows, true));
  return job;
}

Result<Done> State::put_job(const Job& job) {
  return store_->write({{.key = job_key(number_of(job.id).value_or(0)), .value = encode_row(job)}},
                       true);
}

Result<Job> State::job(const std::string& id, const std::string& party) const {
  const auto number = number_of(id);
  if (!number) return no_job();
  SUYUAN_TRY(bytes, store_->get(job_key(*number)));
  if (!bytes) return no_job();
  SUYUAN_TRY(job, decode_row<Job>(*bytes));
  // One of a signed batch has no owner but who knows its id, which nobody can guess.
  const bool mine = job.party.empty() || job.party == party;
  if (job.id != id || !mine) return no_job();
  return job;
}

Result<std::vector<Job>> State::jobs(const std::string& party, const std::string& before,
                                     size_t limit) const {
  constexpr size_t kLooksMax = 10'000;
  const auto last = number_of(before);
  std::vector<Job> found;
  size_t looks = 0;
  SUYUAN_TRY_DONE(for_each<Job>(*store_, "J", last ? job_key(*last) : Bytes("K"),
                                Direction::descending, [&](Job job) {
                                  if (job.party == party) found.push_back(std::move(job));
                                  return found.size() < limit && ++looks < kLooksMax;
                                }));
  return found;
}

Result<std::vector<Job>> State::unfinished_jobs() const {
  std::vector<Job> found;
  SUYUAN_TRY_DONE(for_each<Job>(*store_, "J", "K", Direction::descending, [&](Job job) {
    if (!job.finished_ms) found.push_back(std::move(job));
    return true;
  }));
  return found;
}

Result<Done> State::add_query(const NamedQuery& query) {
  const std::lock_guard lock(mutex_);
  SUYUAN_TRY(known, store_->get(query_key(query.name)));
  if (known) return fail(Code::DUPLICATE_ID, "a query of this name is there already", "/name");
  SUYUAN_TRY(all, all_with<NamedQuery>(*store_, "Q"));
  if (all.size() >= kQueriesMax)
    return fail(Code::TOO_MANY, "this node keeps at most 1,000 named queries");
  return store_->write({{.key = query_key(query.name), .value = encode_row(query)}}, true);
}

Result<NamedQuery> State::query(const std::string& name, const std::string& party) const {
  SUYUAN_TRY(bytes, store_->get(query_key(name)));
  if (!bytes) return no_query();
  SUYUAN_TRY(query, decode_row<NamedQuery>(*bytes));
  if (query.party != party) return no_query();
  return query;
}

Result<std::vector<NamedQuery>> State::queries(const std::string& party, const std::string& after,
                                               size_t limit) const {
  std::vector<NamedQuery> found;
  Bytes from = query_key(after);
  if (!after.empty()) from += '\0';
  SUYUAN_TRY_DONE(
      for_each<NamedQuery>(*store_, from, "R", Direction::ascending, [&](NamedQuery query) {
        if (query.party == party) found.push_back(std::move(query));
        return found.size() < limit;
      }));
  return found;
}

Result<Done> State::remove_query(const std::string& name, const std::string& party) {
  const std::lock_guard lock(mutex_);
  SUYUAN_TRY_DONE(query(name, party));
  std::vector<SideRow> rows = {{.key = query_key(name), .value = {}}};
  SUYUAN_TRY(all, subscriptions(name));
  for (const auto& one : all) rows.push_back({.key = subscription_key(name, one.id), .value = {}});
  return store_->write(rows, true);
}

Result<Done> State::put_subscription(const Subscription& subscription) {
  const std::lock_guard lock(mutex_);
  const Bytes key = subscription_key(subscription.query, subscription.id);
  SUYUAN_TRY(known, store_->get(key));
  SUYUAN_TRY(query, store_->get(query_key(subscription.query)));
  if (!query) return no_query();  // removed meanwhile
  if (!known) {
    SUYUAN_TRY(all, all_with<Subscription>(*store_, "S"));
    if (all.size() >= kSubscriptionsMax)
      return fail(Code::TOO_MANY, "this node keeps at most 1,000 subscriptions");
  }
  return store_->write({{.key = key, .value = encode_row(subscription)}}, true);
}

Result<Subscription> State::subscription(const std::string& query, const std::string& id) const {
  SUYUAN_TRY(bytes, store_->get(subscription_key(query, id)));
  if (!bytes) return no_subscription();
  return decode_row<Subscription>(*bytes);
}

Result<std::vector<Subscription>> State::subscriptions(const std::string& query) const {
  return all_with<Subscription>(*store_, subscriptions_prefix(query));
}

Result<std::vector<Subscription>> State::all_subscriptions() const {
  return all_with<Subscription>(*store_, "S");
}

Result<Done> State::remove_subscription(const std::string& query, const std::string& id) {
  const std::lock_guard lock(mutex_);
  SUYUAN_TRY_DONE(subscription(query, id));
  return store_->write({{.key = subscription_key(query, id), .value = {}}}, true);
}

}  // namespace suyuan::epcis
