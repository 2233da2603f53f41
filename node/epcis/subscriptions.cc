#include "node/epcis/subscriptions.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>

#include "ledger/apply/log_reader.h"
#include "node/epcis/answer.h"
#include "node/epcis/ledger_source.h"

namespace suyuan::epcis {
namespace {

constexpr auto kLook = std::chrono::seconds(1);   // for schedules and for what failed
constexpr auto kBetweenLooks = std::chrono::milliseconds(20);
constexpr size_t kReportEventsMax = 100;          // in one POST, except those of its last leaf
constexpr size_t kReportBytesMax = 1 << 20;       // likewise
constexpr uint64_t kReportLeavesMax = 1000;       // read for one report
constexpr size_t kReportLooksMax = 10'000;        // events, likewise
constexpr uint32_t kFailuresMax = 30;             // then it waits for its owner
constexpr uint32_t kOwnFailuresMax = 12;          // of these, faults of the node: half an hour
constexpr int64_t kFirstPauseMs = 1000;
constexpr int64_t kLongestPauseMs = 3600 * 1000;

// 1 s, 2 s, 4 s, ... at most an hour, since the last try. REQUIRES: one failed.
int64_t pause_ms(uint32_t failures) {
  return std::min(kLongestPauseMs, kFirstPauseMs << std::min<uint32_t>(failures - 1, 20));
}

}  // namespace

void Subscriptions::start() {
  thread_ = std::thread([this] { run(); });
}

void Subscriptions::indexed(uint64_t size) {
  {
    const std::lock_guard lock(mutex_);
    size_ = std::max(size_, size);
  }
  changed_.notify_one();
}

void Subscriptions::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  sender_.stop();
  if (thread_.joinable()) thread_.join();
  reporters_.join();
}

void Subscriptions::run() {
  uint64_t looked = 0;
  for (;;) {
    uint64_t size = 0;
    {
      std::unique_lock lock(mutex_);
      // Leaves and answers come in runs: one pass serves many of them.
      changed_.wait_for(lock, kBetweenLooks, [&] { return stopping_; });
      changed_.wait_for(lock, kLook, [&] { return stopping_ || ended_ || size_ > looked; });
      if (stopping_) return;
      size = size_;
      ended_ = false;
    }
    look(size);
    looked = size;
  }
}

void Subscriptions::look(uint64_t size) {
  auto all = parts_.state.all_subscriptions();
  if (!all) return spdlog::error("subscriptions cannot be read: {}", to_text(all.error()));
  const int64_t now_ms = parts_.service.parts().clock();
  for (Subscription& one : *all) {
    if (!is_due(one, size, now_ms) || !begin(one)) continue;
    boost::asio::post(reporters_, [this, one = std::move(one), size, now_ms]() mutable {
      serve(std::move(one), size, now_ms);
    });
  }
}

bool Subscriptions::begin(const Subscription& one) {
  const std::lock_guard lock(mutex_);
  if (stopping_ || under_way_.size() >= kReportersMax || under_way_.contains(one.id)) return false;
  size_t& count = of_party_[one.party];
  if (count >= kReportersOfPartyMax) return false;
  ++count;
  under_way_.insert(one.id);
  return true;
}

void Subscriptions::serve(Subscription one, uint64_t size, int64_t now_ms) {
  // It may have been reported since the rows were read.
  auto known =
      parts_.state.subscription({.name = one.query, .party = one.party, .query = {}}, one.id);
  if (known && is_due(*known, size, now_ms)) {
    one = *std::move(known);
    auto reported = report(one, size, now_ms);
    if (!reported) {
      spdlog::warn("subscription {} was not served: {}", one.id, to_text(reported.error()));
      one.failure = "the node could not make the report";
      // The node's own fault, or the reader's share of the access log is used up: tried again at
      // growing intervals, but no reason to end the subscription.
      one.failures = std::min(one.failures + 1, std::max(one.failures, kOwnFailuresMax));
      one.tried_ms = now_ms;
    }
    auto kept = parts_.state.put_subscription(one);
    if (!kept && kept.error().code != Code::NOT_FOUND)
      spdlog::error("a subscription could not be kept: {}", to_text(kept.error()));
  }
  {
    const std::lock_guard lock(mutex_);
    under_way_.erase(one.id);
    const auto count = of_party_.find(one.party);
    if (--count->second == 0) of_party_.erase(count);
    ended_ = true;
  }
  changed_.notify_one();
}

bool Subscriptions::is_due(const Subscription& one, uint64_t size, int64_t now_ms) const {
  if (one.failures > kFailuresMax) return false;
  if (one.failures > 0) {
    return now_ms >= one.tried_ms.value_or(one.created_ms) + pause_ms(one.failures);
  }
  if (one.stream) return one.next_leaf < size;
  const auto schedule = parse_schedule(one.schedule);
  if (!schedule) return false;
  const auto next = schedule->next_after(one.tried_ms.value_or(one.created_ms));
  return next && now_ms >= *next;
}

Result<std::vector<EventText>> Subscriptions::gather(const Subscription& one, uint64_t& leaf,
                                                     uint64_t size) const {
  SUYUAN_TRY(named, parts_.state.query(one.query, one.party));
  SUYUAN_TRY(text, parse_json(named.query));
  Prefixes prefixes;
  SUYUAN_TRY(parameters, json_parameters(text.root(), prefixes));
  SUYUAN_TRY(query, make_query(parameters, prefixes));
  const auto state = parts_.service.parts().store.snapshot();
  SUYUAN_TRY(scopes, scopes_of_party(*state, one.party));
  const LedgerSource source(*state);
  EventRows rows = parts_.index.event_rows();
  std::vector<EventText> events;
  size_t looks = 0;
  size_t bytes = 0;
  for (const uint64_t first = leaf; leaf < size && leaf - first < kReportLeavesMax; ++leaf) {
    if (events.size() >= kReportEventsMax || bytes > kReportBytesMax || looks > kReportLooksMax)
      break;
    for (uint32_t i = 0;; ++i, ++looks) {
      const Place place{.leaf = leaf, .event = i};
      SUYUAN_TRY(record, state->get(Table::record, place_key(place)));
      if (!record) break;
      SUYUAN_TRY(row, rows.find(place));
      if (!row || row->record_time_ms < one.initial_record_ms) continue;
      const bool visible = std::ranges::any_of(row->scopes, [&](const std::string& scope) {
        return std::ranges::find(scopes, scope) != scopes.end();
      });
      if (!visible) continue;
      SUYUAN_TRY(event, source.load(place));
      if (!event) continue;
      const auto document = parse_json(event->json);
      if (!document) continue;  // as a search does
      SUYUAN_TRY(flat, flatten(document->root()));
      if (!matches(query, flat, row->record_time_ms)) continue;
      bytes += event->json.size();
      events.push_back(*std::move(event));
    }
  }
  return events;
}

// What is restricted leaves the node only like an answer to a question: logged first, at each try.
Result<Done> Subscriptions::log_report(const Subscription& one,
                                       const std::vector<EventText>& events) const {
  Opened opened;
  for (const auto& event : events) {
    if (!event.for_everyone) opened.add(event.place);
  }
  if (opened.places.empty()) return Done{};
  return parts_.service.parts().access.note_report(
      one.party, {.question = "epcis/subscription", .code = http::epcis::encode_part(one.id)},
      opened);
}

// The caller writes down what was sent after it arrived: after a crash in between, it is sent
// again.
Result<Done> Subscriptions::report(Subscription& one, uint64_t size, int64_t now_ms) {
  uint64_t leaf = one.next_leaf;
  SUYUAN_TRY(events, gather(one, leaf, size));
  const bool whole = leaf >= size;
  if (!events.empty() || (!one.stream && one.report_if_empty && whole)) {
    const auto format = http::epcis::epc_format(one.epc_format);
    SUYUAN_TRY(body, http::epcis::write_query_document(
                         {.query_name = one.query,
                          .subscription_id = one.id,
                          .created_ms = now_ms},
                         events, format.value_or(http::epcis::EpcFormat::digital_link)));
    SUYUAN_TRY(to, parse_destination(one.dest, parts_.loopback));
    SUYUAN_TRY_DONE(log_report(one, events));
    auto sent = sender_.send({.to = std::move(to),
                              .body = std::move(body),
                              .secret = one.signature_token,
                              .loopback = parts_.loopback});
    // This is no longer the subscriber's fault: the next start reports from the same leaf.
    if (!sent && sent.error().code == Code::STOPPING) return Done{};
    if (!sent) {
      one.failure = sent.error().message;
      ++one.failures;
      one.tried_ms = now_ms;
      return Done{};
    }
    one.notified_ms = now_ms;
  }
  one.failure.clear();
  one.failures = 0;
  one.next_leaf = leaf;
  if (whole || one.stream) one.tried_ms = now_ms;
  return Done{};
}

}  // namespace suyuan::epcis
