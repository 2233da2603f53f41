#include "node/epcis/subscriptions.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "ledger/apply/log_reader.h"
#include "node/epcis/ledger_source.h"
#include "node/http/epcis/answer.h"

namespace suyuan::epcis {
namespace {

constexpr auto kLook = std::chrono::seconds(1);   // for schedules and for what failed
constexpr size_t kReportEventsMax = 100;          // of one POST
constexpr uint64_t kReportLeavesMax = 1000;       // looked at for one
constexpr uint32_t kFailuresMax = 30;             // then it waits for its owner
constexpr int64_t kFirstPauseMs = 1000;
constexpr int64_t kLongestPauseMs = 3600 * 1000;

// 1 s, 2 s, 4 s, ... at most an hour, since the last try.
int64_t pause_ms(uint32_t failures) {
  return std::min(kLongestPauseMs, kFirstPauseMs << std::min<uint32_t>(failures, 20));
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
  if (thread_.joinable()) thread_.join();
}

void Subscriptions::run() {
  uint64_t looked = 0;
  for (;;) {
    uint64_t size = 0;
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, kLook, [&] { return stopping_ || size_ > looked; });
      if (stopping_) return;
      size = size_;
    }
    look(size);
    looked = size;
  }
}

void Subscriptions::look(uint64_t size) {
  auto all = parts_.state.all_subscriptions();
  if (!all) return spdlog::error("subscriptions cannot be read: {}", to_text(all.error()));
  for (Subscription& one : *all) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    const int64_t now_ms = parts_.service.parts().clock();
    if (!is_due(one, size, now_ms)) continue;
    const std::string id = one.id;
    auto reported = report(std::move(one), size, now_ms);
    if (!reported)
      spdlog::warn("subscription {} was not served: {}", id, to_text(reported.error()));
  }
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
  std::vector<EventText> events;
  for (uint64_t looks = 0; leaf < size && looks < kReportLeavesMax; ++looks, ++leaf) {
    if (events.size() >= kReportEventsMax) break;
    for (uint32_t i = 0;; ++i) {
      const Place place{.leaf = leaf, .event = i};
      SUYUAN_TRY(record, state->get(Table::record, place_key(place)));
      if (!record) break;
      SUYUAN_TRY(row, parts_.index.find(place));
      if (!row || row->record_time_ms < one.initial_record_ms) continue;
      const bool visible = std::ranges::any_of(row->scopes, [&](const std::string& scope) {
        return std::ranges::find(scopes, scope) != scopes.end();
      });
      if (!visible) continue;
      SUYUAN_TRY(event, source.load(place));
      if (!event) continue;
      SUYUAN_TRY(document, parse_json(event->json));
      SUYUAN_TRY(flat, flatten(document.root()));
      if (matches(query, flat, row->record_time_ms)) events.push_back(*std::move(event));
    }
  }
  return events;
}

// What was sent is written down after it arrived: if we crash between the two, it is sent again.
Result<Done> Subscriptions::report(Subscription one, uint64_t size, int64_t now_ms) {
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
    auto sent = send({.to = std::move(to),
                      .body = std::move(body),
                      .secret = one.signature_token,
                      .loopback = parts_.loopback});
    if (!sent) {
      one.failure = sent.error().message;
      ++one.failures;
      one.tried_ms = now_ms;
      return parts_.state.put_subscription(one);
    }
    one.notified_ms = now_ms;
  }
  one.failure.clear();
  one.failures = 0;
  one.next_leaf = leaf;
  if (whole || one.stream) one.tried_ms = now_ms;
  return parts_.state.put_subscription(one);
}

}  // namespace suyuan::epcis
