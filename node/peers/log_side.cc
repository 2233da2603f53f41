#include "node/peers/log_side.h"

#include <spdlog/spdlog.h>

#include "ledger/apply/apply.h"
#include "ledger/order/embedded.h"
#include "ledger/order/etcd/group.h"
#include "ledger/os/files.h"
#include "node/answer/cosigned_by.h"
#include "node/data_folder.h"
#include "node/ops/family.h"
#include "node/peers/divergence.h"
#include "node/peers/known_rules.h"
#include "node/peers/node_words.h"
#include "node/peers/order_metrics.h"
#include "node/pipeline/order_place.h"
#include "node/pipeline/pipeline.h"

namespace suyuan {
namespace {

// How much longer a node waits for a seal if another node leads.
constexpr auto kSealPatience = std::chrono::milliseconds(1500);
// If too few nodes signed a checkpoint, another one follows, at most this often.
constexpr int64_t kSealAgainMs = 10'000;

// Before the quorum counted, a ledger with a quorum of authorities was judged differently: a
// program of that time must not follow its groups. All other ledgers are judged as always.
constexpr uint16_t kQuorumJudgingVersion = kJudgingVersion + 1;
uint16_t judging_of(const Genesis& genesis) {
  return genesis.quorum > 1 ? kQuorumJudgingVersion : kJudgingVersion;
}

}  // namespace

std::string lags_behind(uint64_t followed, uint64_t tail) {
  if (tail <= followed || tail - followed <= kClockGroupsMax) return {};
  return "this node is " + std::to_string(tail - followed) + " groups behind the shared log, more "
         "than " + std::to_string(kClockGroupsMax) + ": it is catching up; send posts to "
         "another node until then";
}

LogSide::LogSide(Parts parts, const OrderOptions& options, std::unique_ptr<Kv> kv)
    : parts_(std::move(parts)),
      log_(options.log),
      members_(parts_.rules),
      peers_({.store = parts_.store,
              .published = parts_.published,
              .clock = parts_.clock,
              .name = parts_.signer.name(),
              .origin = parts_.genesis.origin,
              .nodes = [this] { return members_.nodes(); },
              .trim = [this](uint64_t up_to) { order_->trim(up_to); },
              .on_divergence = [this](const Divergence& found) { on_divergence(found); }}),
      order_(held(make_order(options, std::move(kv)))) {
  if (shared_ == nullptr) return;
  cosigners_.emplace(NodeCosigners::Parts{
      .key = parts_.signer.node(),
      .nodes = [this](uint64_t leaf) { return members_.nodes_at(leaf); },
      .clock = parts_.clock,
      .show = [this](const std::optional<Bytes>& ours) { return shared_->show(ours); },
      .living = [this] { return peers_.living(); }});
  const PeerQuestions::Parts asked{.workers = parts_.workers,
                                   .ledger = parts_.signer.ledger(),
                                   .self = parts_.signer.name(),
                                   .nodes = [this] { return members_.nodes(); },
                                   .clock = parts_.clock};
  desk_.emplace(PeerDesk::Parts{.store = parts_.store, .published = parts_.published}, asked);
  store_desk_.emplace(StoreDesk::Parts{.link = parts_.link_store,
                                       .folder = DataFolder{parts_.data}.given_store(),
                                       .clock = parts_.clock},
                      asked);
}

LogSide::~LogSide() = default;

std::unique_ptr<HeldOrder> LogSide::held(std::unique_ptr<Order> order) const {
  if (parts_.wrap_order) order = parts_.wrap_order(std::move(order));
  return std::make_unique<HeldOrder>(std::move(order));
}

std::unique_ptr<Order> LogSide::make_order(const OrderOptions& options, std::unique_ptr<Kv> kv) {
  if (!kv) return std::make_unique<EmbeddedOrder>(EmbeddedOrderOptions{.clock = parts_.clock});
  const auto generation = read_generation(parts_.store.latest(), options.log);  // rejoin read it
  auto made = std::make_unique<EtcdOrder>(
      EtcdOrderOptions{.log = options.log,
                       .ledger = parts_.signer.ledger().genesis,
                       .node = parts_.signer.name(),
                       .generation = generation ? *generation : OrderPlace{},
                       .clock = parts_.clock,
                       .decode = parts_.decode,
                       .sign = [this](BytesView text) { return parts_.signer.sign(text); },
                       .key_of = [this](const auto& node) { return members_.key_of(node); },
                       .majority = [this] { return members_.nodes().size() / 2 + 1; },
                       .judging = judging_of(parts_.genesis),
                       .check_encoding = suyuan::check_encoding,
                       .check_clock = [this] { return check_turn(); },
                       .note = [this] { return peers_.note(); },
                       .on_notes = [this](const auto& notes) { heard(notes); },
                       .on_status = [this](const auto& status) { tell_full(status); }},
      std::move(kv));
  shared_ = made.get();
  return made;
}

std::function<std::chrono::milliseconds()> LogSide::seal_patience() const {
  if (shared_ == nullptr) return {};
  return [this] { return order_->leads() ? std::chrono::milliseconds::zero() : kSealPatience; };
}

std::function<int64_t(int64_t)> LogSide::behind() const {
  if (shared_ == nullptr) return {};
  return [this](int64_t log_time_ms) { return parts_.clock() - log_time_ms; };
}

std::function<std::string(const Checkpoint&)> LogSide::own_line() const {
  if (shared_ == nullptr) return {};
  return [this](const Checkpoint& checkpoint) {
    return parts_.signer.checkpoint_line(checkpoint);
  };
}

bool LogSide::is_member() const {
  return members_.key_of(parts_.signer.name()) == parts_.signer.node().pair.key;
}

// A joining node follows the log before it is a node: all nodes would leave out what it orders.
Result<Done> LogSide::check_turn() const {
  if (is_member()) return peers_.check_clock();
  return fail(Code::BUSY, "this node has not followed the log to the point where it becomes one of "
                          "the ledger's nodes: send the same to another node, or later");
}

std::string LogSide::not_ready() const {
  if (shared_ == nullptr) return {};
  if (const auto turn = check_turn(); !turn) return turn.error().message;
  if (auto silence = shared_->silence(); !silence.empty()) return silence;
  const uint64_t tail = shared_->counts().tail_position;
  // Groups that all nodes leave out whole reach no disk.
  if (shared_->has_followed(tail)) return {};
  const auto head = read_head(*parts_.store.snapshot());
  return head ? lags_behind(head->position, tail) : to_text(head.error());
}

// A removed node stops by itself: what it would order, sign and answer counts nowhere.
void LogSide::rules_changed(RulesState rules) {
  const bool was_member = is_member();
  const uint64_t leaf = rules.leaf;
  members_.add(std::move(rules));
  const auto kept =
      keep_rules_file(DataFolder{parts_.data}, parts_.store.latest(), members_.newest());
  if (!kept) spdlog::error("{}", to_text(kept.error()));
  spdlog::info("from leaf {} on the ledger has {} nodes, under rules {}", leaf + 1,
               members_.nodes().size(), members_.newest().version);
  if (!was_member || is_member()) return;
  parts_.on_alone({.code = Code::KEY_NOT_IN_FORCE,
                   .message = "the notice at leaf " + std::to_string(leaf) + " takes this node " +
                              "out of the ledger's nodes: it stops; its folder stays as it is"});
}

Witnesses* LogSide::witnesses(Witnesses* outside) {
  if (!cosigners_) return outside;
  cosigners_->ask_also(outside);
  return &*cosigners_;
}

void LogSide::handle(const http::Request& request, http::Reply reply) {
  if (StoreDesk::is_ours(request)) return store_desk_->handle(request, std::move(reply));
  desk_->handle(request, std::move(reply));
}

void LogSide::sweep_given_store() {
  if (store_desk_) store_desk_->sweep();
}

void LogSide::listens_at(const std::string& url) {
  if (shared_ == nullptr) return;
  if (!url.empty()) {
    return shared_->listens_at(sign_node_address({.ledger = parts_.signer.ledger(),
                                                  .log = log_,
                                                  .node = parts_.signer.name(),
                                                  .url = url},
                                                 parts_.signer.node()));
  }
  spdlog::warn("other nodes cannot ask this one for what they missed: set --peer-url");
}

// Seals again if too few nodes signed the newest checkpoint, because they were late. Otherwise a
// quiet ledger would keep showing that checkpoint until something comes.
void LogSide::heard(const std::map<std::string, Bytes>& notes) {
  peers_.heard(notes);
  tell_standing_time();
  const std::vector<NamedKey> nodes = members_.nodes();
  const size_t majority = nodes.size() / 2 + 1;
  const auto newest = parts_.published.get();
  if (!newest || nodes_under(newest->checkpoint, nodes).size() >= majority ||
      peers_.living().size() + 1 < majority) {
    sealed_again_ms_.reset();
    return;
  }
  const int64_t now = parts_.clock();
  if (!sealed_again_ms_) sealed_again_ms_ = now;
  if (now - *sealed_again_ms_ < kSealAgainMs) return;
  sealed_again_ms_ = now;
  parts_.order_seal();
}

// Not during the first pulses: the other nodes have not been heard yet.
void LogSide::tell_standing_time() {
  constexpr uint32_t kPulses = 10;
  const size_t missing = shared_->clocks_missing();
  if (missing == 0) {
    if (time_stood_ >= kPulses) spdlog::info("a majority of the nodes is heard: log time advances");
    time_stood_ = 0;
  } else if (++time_stood_ == kPulses) {
    spdlog::warn("log time has stopped: {} more nodes must be heard. What is dated more than 10 "
                 "minutes after it is answered BUSY (docs/cluster.md, Clocks)", missing);
  }
}

void LogSide::tell_full(const KvStatus& status) {
  if (std::exchange(etcd_is_full_, status.is_full) == status.is_full) return;
  if (status.is_full) {
    spdlog::warn("etcd is at its quota (alarm NOSPACE), with a database of {} bytes: it takes "
                 "nothing more until it has room and the alarm is disarmed (docs/cluster.md, etcd)",
                 status.bytes);
  } else {
    spdlog::info("etcd is no longer at its quota");
  }
}

// On the log's thread. A node without a majority on its side serves nothing more, and does not
// start again until somebody has looked (node/peers/divergence.h).
void LogSide::on_divergence(const Divergence& found) {
  const auto kept = keep_evidence(parts_.data, found);
  if (!kept) spdlog::critical("the evidence could not be kept: {}", to_text(kept.error()));
  if (!found.minority) return;
  has_diverged_ = true;
  parts_.on_alone({.code = Code::CORRUPT,
                   .message = "this node's ledger differs from that of node " + found.peer});
}

std::vector<prometheus::MetricFamily> LogSide::families() const {
  if (shared_ == nullptr) return {};
  auto all = order_families(*shared_, peers_);
  for (auto& one : etcd_families(*shared_)) all.push_back(std::move(one));
  const auto newest = parts_.published.get();
  const size_t nodes =
      newest ? nodes_under(newest->checkpoint, members_.nodes()).size() : 0;
  all.push_back(gauge_family("suyuan_checkpoint_nodes",
                             "Nodes whose signatures are under the newest checkpoint",
                             static_cast<double>(nodes)));
  return all;
}

}  // namespace suyuan
