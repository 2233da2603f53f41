// EtcdOrder: the queue and its bounds, and the end.
#include "ledger/order/etcd/etcd_order.h"

#include <algorithm>

#include "ledger/crypto/ed25519.h"

namespace suyuan {
namespace {

constexpr size_t kProposalBytesMax =
    kEtcdGroupBytesMax - kGroupBytesAround - kGroupBytesOfProposal;

// Marks kept to notice a different group at a place that was already followed.
constexpr size_t kPlacesKept = 1024;
constexpr size_t kKeptMax = 1 << 20;  // groups, whatever their size

std::string waiting(std::string_view what, size_t held, size_t max) {
  return std::to_string(held) + " " + std::string(what) + " are waiting already, of at most " +
         std::to_string(max) + ": send the same again in a moment";
}

// It is unknown whether it was done, or it was not done: in both cases it can be sent again.
Error silence_error(const std::string& why) {
  return {.code = Code::BUSY,
          .message = "the ordered log cannot be written at present (" +
                     (why.empty() ? std::string("it ends") : why) +
                     "); reading continues. Send the same again: it is accepted once"};
}

}  // namespace

EtcdOrder::EtcdOrder(EtcdOrderOptions options, std::unique_ptr<Kv> kv)
    : options_(std::move(options)),
      keys_{options_.log},
      kv_(std::move(kv)),
      clocks_({.ledger = options_.ledger,
               .log = options_.log,
               .node = options_.node,
               .key_of = [this](const std::string& node) { return key_of(node); },
               .majority = options_.majority}),
      flights_(options_.flights_max, options_.flight_gap),
      heard_at_(std::chrono::steady_clock::now()) {
  SUYUAN_CHECK(kv_ && options_.clock && options_.decode && options_.group_proposals_max > 0 &&
               options_.flights_max > 0);
  SUYUAN_CHECK(options_.sign && (options_.key_of || options_.nodes.contains(options_.node)));
  SUYUAN_CHECK(!options_.log.empty() && !options_.node.empty() && options_.node.size() <= 255);
}

EtcdOrder::~EtcdOrder() { stop(); }

// An append is durable only once it is proposed, so nothing is promised.
OrderCapabilities EtcdOrder::capabilities() const {
  return {.durable_append = false, .shared = true, .max_entry_bytes = kProposalBytesMax};
}

Result<Done> EtcdOrder::append(std::unique_ptr<Proposal>& proposal) {
  SUYUAN_CHECK(proposal != nullptr);
  Bytes encoded = proposal->encode();  // on the caller's thread, of which there are several
  if (encoded.size() > kProposalBytesMax) {
    return fail(Code::TOO_LARGE, "found " + std::to_string(encoded.size()) + " bytes, at most " +
                                     std::to_string(kProposalBytesMax) + " are accepted");
  }
  SUYUAN_TRY_DONE(check_encoding(*proposal, encoded));
  SUYUAN_TRY_DONE(options_.check_clock());
  bool is_wanted = false;
  {
    const std::scoped_lock lock(mutex_);
    SUYUAN_TRY_DONE(check_open());
    if (!proposal->alone()) {
      SUYUAN_TRY_DONE(check_queue(encoded.size()));
    }
    queue_bytes_ += encoded.size();
    queue_.push_back({.proposal = std::move(proposal), .encoded = std::move(encoded)});
    is_wanted = std::exchange(wants_proposal_, false);
  }
  if (is_wanted) appended_.notify_one();
  return Done{};
}

Result<Done> EtcdOrder::check_takes() const {
  SUYUAN_TRY_DONE(options_.check_clock());
  const std::scoped_lock lock(mutex_);
  return check_open();
}

Result<Done> EtcdOrder::check_room(size_t bytes) const {
  const std::scoped_lock lock(mutex_);
  return check_queue(bytes);
}

Result<Done> EtcdOrder::check_queue(size_t bytes) const {
  if (queue_.size() >= options_.queue_proposals_max)
    return fail(Code::BUSY, waiting("batches", queue_.size(), options_.queue_proposals_max));
  if (queue_bytes_ + bytes > options_.queue_bytes_max)
    return fail(Code::BUSY, waiting("bytes", queue_bytes_, options_.queue_bytes_max));
  return Done{};
}

Result<Done> EtcdOrder::check_open() const {
  if (poisoned_) return Unexpected(*poisoned_);
  if (stopping_) return fail(Code::STOPPING, "the node takes no more: send it to another node");
  if (!held_.empty()) return Unexpected(silence_error(held_));
  if (is_silent(std::chrono::steady_clock::now())) return Unexpected(silence_error(silence_));
  return Done{};
}

// What nobody else could read as it is here, would be in one ledger and not in the others.
Result<Done> EtcdOrder::check_encoding(const Proposal& proposal, BytesView encoded) const {
  if (options_.check_encoding) return options_.check_encoding(proposal, encoded);
  SUYUAN_TRY(back, options_.decode(encoded));
  if (back->encode() == encoded && back->alone() == proposal.alone()) return Done{};
  return fail(Code::MALFORMED_SUBMISSION, "what would be ordered does not decode to the same");
}

Result<KvAnswer> EtcdOrder::ask(const KvTxn& txn) {
  int64_t known = 0;
  {
    const std::scoped_lock lock(mutex_);
    known = revision_;
  }
  SUYUAN_TRY(answer, kv_->txn(txn));
  if (answer.revision < 0 || answer.revision == INT64_MAX) {  // a watch begins after it
    return fail(Code::UNAVAILABLE, "etcd answers with an invalid revision");
  }
  const std::scoped_lock lock(mutex_);
  if (answer.revision < known) {
    return fail(Code::ROLLED_BACK,
                "etcd is at revision " + std::to_string(answer.revision) + " and was at " +
                    std::to_string(known) +
                    ": it was restored to an older state, or is a different one (docs/cluster.md)");
  }
  revision_ = std::max(revision_, answer.revision);
  return answer;
}

void EtcdOrder::sign(Signed what, Bytes& bytes) const {
  set_signature(bytes, options_.sign(signed_text(what, options_.ledger, options_.log, bytes)));
}

std::optional<PublicKey> EtcdOrder::key_of(const std::string& node) const {
  if (options_.key_of) return options_.key_of(node);
  const auto found = options_.nodes.find(node);
  return found == options_.nodes.end() ? std::nullopt : std::optional(found->second);
}

bool EtcdOrder::is_signed(Signed what, const std::string& node, BytesView bytes,
                          const Signature& signature) const {
  const auto key = key_of(node);
  return key && verify(*key, signed_text(what, options_.ledger, options_.log, bytes), signature);
}

void EtcdOrder::note_arrival(const OrderPlace& place, size_t bytes) {
  arrived_at_ = place;
  arrived_when_ = std::chrono::steady_clock::now();
  if (place.position > tip_.position) tip_ = place;
  places_.push_back(place);
  if (places_.size() > kPlacesKept) places_.pop_front();
  kept_.push_back({.position = place.position, .bytes = bytes});
  kept_bytes_ += bytes;
  new_bytes_ += bytes;
  while (kept_bytes_ > options_.kept_bytes_max || kept_.size() > kKeptMax) {
    trim_to_ = std::max(trim_to_, kept_.front().position);
    kept_bytes_ -= kept_.front().bytes;
    kept_.pop_front();
  }
}

bool EtcdOrder::is_other(const OrderPlace& place) const {
  if (places_.empty() || place.position < places_.front().position) return false;
  const uint64_t index = place.position - places_.front().position;
  return index < places_.size() && places_[index].mark != place.mark;
}

void EtcdOrder::follow(OrderPlace after, Follower& follower) {
  const std::scoped_lock stop_lock(stop_mutex_);
  {
    const std::scoped_lock lock(mutex_);
    SUYUAN_CHECK(!following_ && !stopping_);
    following_ = true;
    note_arrival(after, 0);
    tip_ = after;
    follower_ = &follower;
  }
  senders_ = std::make_unique<Senders>(
      options_.flights_max, [this](const KvTxn& txn) { return ask(txn); },
      [this](uint64_t sending, Result<KvAnswer> answer) { answered(sending, std::move(answer)); });
  sequencer_ = std::thread([this] { sequence(); });
  tailer_ = std::thread([this] { tail_all(); });
  pulser_ = std::thread([this] { pulse_all(); });
  proposer_ = std::thread([this] { propose_all(); });
}

OrderTail EtcdOrder::tail() const {
  const std::scoped_lock lock(mutex_);
  return {.first = trimmed_ + 1, .last = tip_.position};
}

// A group that is left out whole never reaches the follower: it is finished when it has arrived.
bool EtcdOrder::has_followed(uint64_t position) const {
  const std::scoped_lock lock(mutex_);
  return !poisoned_ && inbox_.empty() && !following_group_ &&
         arrived_at_.position >= std::max(position, tip_.position);
}

void EtcdOrder::trim(uint64_t up_to) {
  const std::scoped_lock lock(mutex_);
  trim_to_ = std::max(trim_to_, up_to);
}

OrderLoad EtcdOrder::load() const {
  const std::scoped_lock lock(mutex_);
  OrderLoad load{.proposals = queue_.size()};
  for (const Waiting& one : queue_) load.weight += one.proposal->weight();
  return load;
}

EtcdOrderCounts EtcdOrder::counts() const {
  const std::scoped_lock lock(mutex_);
  EtcdOrderCounts counts = counts_;
  counts.tail_position = tip_.position;
  return counts;
}

bool EtcdOrder::is_silent(Time now) const {
  return !silence_.empty() && now - heard_at_ > options_.patience;
}

std::string EtcdOrder::silence() const {
  const std::scoped_lock lock(mutex_);
  if (!held_.empty()) return held_;
  return is_silent(std::chrono::steady_clock::now()) ? silence_ : std::string();
}

size_t EtcdOrder::clocks_missing() const {
  uint64_t next = 0;
  {
    const std::scoped_lock lock(mutex_);
    next = tip_.position + 1;
  }
  return clocks_.missing(next);
}

void EtcdOrder::heard() {
  const std::scoped_lock lock(mutex_);
  heard_at_ = std::chrono::steady_clock::now();
  silence_.clear();
}

void EtcdOrder::heard_nothing(const Error& error) {
  const std::scoped_lock lock(mutex_);
  silence_ = error.message;
}

// In this order: the queue is proposed, proposals arrive, arrivals are followed. Each step except
// the last takes a bounded time. Senders not answered by then are told that the node stops.
void EtcdOrder::stop() {
  {
    const std::scoped_lock lock(mutex_);
    if (!stopping_) stop_by_ = std::chrono::steady_clock::now() + options_.drain;
    stopping_ = true;
  }
  appended_.notify_all();
  moved_.notify_all();
  const std::scoped_lock stop_lock(stop_mutex_);
  if (!sequencer_.joinable()) return;
  SUYUAN_CHECK(sequencer_.get_id() != std::this_thread::get_id());
  proposer_.join();
  senders_.reset();
  {
    std::unique_lock lock(mutex_);
    moved_.wait_for(lock, options_.drain, [this] { return own_.empty() || poisoned_; });
    ended_ = true;
    if (watch_) watch_->cancel();
  }
  appended_.notify_all();
  arrived_.notify_all();
  moved_.notify_all();
  tailer_.join();
  pulser_.join();
  sequencer_.join();
  Proposals left;
  {
    const std::scoped_lock lock(mutex_);
    left = take_proposed();
    for (auto& one : take_queue()) left.push_back(std::move(one));
  }
  if (left.empty()) return;
  drop(std::move(left), {.code = Code::STOPPING,
                         .message = "the node stopped before the ordered log had answered; send "
                                    "the same to another node: it is accepted once"});
}

// Waiting senders are told to send the same again. What is in the log nevertheless comes back like
// another node's proposals.
void EtcdOrder::drop_silent(const std::string& why) {
  Proposals dropped;
  {
    const std::scoped_lock lock(mutex_);
    dropped = take_proposed();
    for (auto& one : take_queue()) dropped.push_back(std::move(one));
  }
  moved_.notify_all();
  if (!dropped.empty()) drop(std::move(dropped), silence_error(why));
}

// Drops proposals that did not arrive for long while nothing else arrived either: they wait for
// etcd or for an earlier group. A slow follower does not count as that.
void EtcdOrder::drop_old() {
  Proposals dropped;
  std::string why;
  {
    const std::scoped_lock lock(mutex_);
    const Time now = std::chrono::steady_clock::now();
    const bool stuck = now - arrived_when_ > options_.patience &&
                       inbox_.size() < options_.inbox_groups_max;
    if (!stuck) return;
    why = !held_.empty() ? held_ : !silence_.empty() ? silence_ : "no group was added for long";
    for (auto& [mark, own] : own_) {
      if (now - own.since <= options_.patience) continue;
      if (held_.empty() && !own.silence.empty()) why = own.silence;
      for (auto& proposal : own.proposals) dropped.push_back(std::move(proposal));
      own.proposals.clear();
    }
    std::erase_if(own_, [](const auto& one) { return one.second.proposals.empty(); });
  }
  moved_.notify_all();
  if (!dropped.empty()) drop(std::move(dropped), silence_error(why));
}

void EtcdOrder::drop(Proposals proposals, const Error& reason) {
  follower_->on_dropped(std::move(proposals), reason);
}

Proposals EtcdOrder::take_queue() {
  Proposals all;
  for (auto& one : queue_) all.push_back(std::move(one.proposal));
  queue_.clear();
  queue_bytes_ = 0;
  return all;
}

Proposals EtcdOrder::take_proposed() {
  Proposals all;
  for (auto& [mark, own] : own_) {
    for (auto& one : own.proposals) all.push_back(std::move(one));
  }
  own_.clear();
  return all;
}

// Called by whichever thread finds that the log cannot continue. All other threads end, except the
// pulse, which tells other nodes how far we are. Waiting senders are answered. Nobody may say that
// a proposed batch is not in the log.
void EtcdOrder::poison(const Error& cause) {
  const Error reason{.code = Code::READ_ONLY,
                     .message = "nothing more is accepted until a restart (" + to_text(cause) +
                                ")"};
  const Error unknown{.code = Code::READ_ONLY,
                      .message = "whether this is in the ordered log is not known here: send the "
                                 "same again to another node, it is accepted once. This node "
                                 "accepts nothing more until a restart (" + to_text(cause) + ")"};
  Proposals queued;
  Proposals proposed;
  {
    const std::scoped_lock lock(mutex_);
    if (poisoned_) return;
    poisoned_ = reason;
    queued = take_queue();
    proposed = take_proposed();
    for (auto& group : inbox_) {
      for (auto& one : group.proposals) proposed.push_back(std::move(one));
    }
    inbox_.clear();
    if (watch_) watch_->cancel();
  }
  appended_.notify_all();
  arrived_.notify_all();
  moved_.notify_all();
  if (!proposed.empty()) drop(std::move(proposed), unknown);
  drop(std::move(queued), reason);
}

}  // namespace suyuan
