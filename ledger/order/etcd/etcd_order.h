// EtcdOrder: the ordered log of several nodes, replicated by etcd.
//
// A group is added by one transaction. It checks that the log's tail is the place that the proposer
// knows, and that the group's key does not exist yet; then it puts the group and the new tail. So a
// proposer, however late and however often it tries, adds a group once or not at all, and never
// after a gap. Safety needs nothing else; the lease only says who orders seals. docs/cluster.md.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "ledger/base/limits.h"
#include "ledger/order/etcd/clocks.h"
#include "ledger/order/etcd/flights.h"
#include "ledger/order/etcd/group.h"
#include "ledger/order/etcd/kv.h"
#include "ledger/order/etcd/senders.h"
#include "ledger/order/order.h"

namespace suyuan {

// Decodes a proposal from its maker's bytes. Total on hostile bytes, and the same on every node of
// one judging version: what one node refuses, all refuse and leave out. Any error other than a
// refusal stops the node before the group.
using DecodeProposal = std::function<Result<std::unique_ptr<Proposal>>(BytesView)>;

// Room for a group, its keys and the tail in one request; etcd's default limit is 1.5 MiB.
inline constexpr size_t kEtcdGroupBytesMax = 1'500'000;

struct EtcdOrderOptions {
  std::string log;   // prefix of the log's keys
  Hash ledger;       // the ledger that the log must belong to
  std::string node;  // our name
  // Where the generation of the log that this store comes from began; {}: as founded. Other nodes'
  // words are compared with our places if they come from the same generation.
  OrderPlace generation = {};
  std::function<int64_t()> clock;  // ms since 1970
  DecodeProposal decode;           // called on a thread of the log
  std::function<Signature(BytesView)> sign;  // with our key
  std::map<std::string, PublicKey> nodes = {};  // by name, ours too: whose groups count
  // Instead of `nodes`, if that changes: the key of a node whose groups count after everything that
  // was followed. Called on threads of the log. This node may become one later; until then
  // check_clock says so.
  std::function<std::optional<PublicKey>(const std::string& node)> key_of = {};
  // How many nodes' clocks a group's time needs, its proposer's among them (agreed_time), of those
  // that key_of knows. Called on threads of the log.
  std::function<size_t()> majority = [] { return size_t{1}; };
  uint16_t judging = 1;  // of the rules that decide over batches; other groups are not followed
  // Checks that the encoded `proposal` decodes to the same. Called at append. Null: it is decoded,
  // and encoded again.
  std::function<Result<Done>(const Proposal&, BytesView encoded)> check_encoding = {};
  // Checks that what we order would count, and that our clock can be right as far as other nodes'
  // words tell. Called at append. Errors: BUSY (not so).
  std::function<Result<Done>()> check_clock = [] { return Result<Done>(Done{}); };
  size_t queue_proposals_max = limits::kQueueBatchesMax;
  size_t queue_bytes_max = limits::kQueueBytesMax;
  size_t group_proposals_max = limits::kGroupBatchesMax;
  // A group is closed when it has this much; one large proposal may make a larger group.
  size_t group_bytes_max = 512 << 10;
  size_t inbox_groups_max = 64;  // waiting for the follower
  // Groups of ours that are not followed yet. More of them would be made from what arrives in a
  // moment: etcd accepts groups faster than a follower that syncs its disk for each.
  size_t own_groups_max = 2;
  // Groups of ours in flight (flights.h). A further one leaves when the youngest has been in flight
  // for the gap and the follower has none of ours. So there is one if etcd answers sooner.
  size_t flights_max = 8;
  std::chrono::milliseconds flight_gap{5};
  // When etcd has been silent for longer than this, senders are answered BUSY.
  std::chrono::milliseconds patience{3000};
  std::chrono::seconds lease{3};
  std::chrono::milliseconds pulse{1000};
  std::chrono::milliseconds forget{60'000};  // how often etcd forgets what was overwritten earlier
  std::chrono::milliseconds ask_status{60'000};  // how often etcd is asked for its status
  std::chrono::milliseconds drain{5000};  // at stop, for what was appended
  // A group whose agreed time is further ahead of our clock is held, and this node with it: our
  // clock is wrong, or those of a majority are. Log time never goes back. If that lasts for `hold`,
  // the node stops.
  std::chrono::milliseconds ahead{5 * 60 * 1000};
  std::chrono::milliseconds hold{10 * 60 * 1000};
  // Bound of the log's size, as far as we saw it grow: beyond it the slowest node is not waited
  // for.
  size_t kept_bytes_max = 512 << 20;
  // What this node tells the others at each pulse, and what they tell, by node. On the pulse's
  // thread.
  std::function<Bytes()> note = [] { return Bytes(); };
  std::function<void(const std::map<std::string, Bytes>&)> on_notes = [](const auto&) {};
  // What etcd says about its database. On the pulse's thread.
  std::function<void(const KvStatus&)> on_status = [](const auto&) {};
};

// Counts since the start.
struct EtcdOrderCounts {
  uint64_t proposed = 0;   // groups of ours in the log
  std::chrono::microseconds flight{};  // of these, added up: from the first sending to the answer
  uint64_t lost = 0;       // tries at a place that another node took first
  uint64_t unknown = 0;    // tries that were not answered
  uint64_t foreign = 0;    // groups of other nodes
  uint64_t undecoded = 0;  // proposals that all leave out: refused, or in unsigned groups
  uint64_t tail_position = 0;  // the log's end, as far as known
  std::optional<KvStatus> etcd = {};  // when it last answered; nullopt: not yet
};

class EtcdOrder final : public Order {
 public:
  EtcdOrder(EtcdOrderOptions options, std::unique_ptr<Kv> kv);
  ~EtcdOrder() override;  // stops

  OrderCapabilities capabilities() const override;
  Result<Done> append(std::unique_ptr<Proposal>& proposal) override;
  Result<Done> check_takes() const override;
  Result<Done> check_room(size_t bytes) const override;
  void follow(OrderPlace after, Follower& follower) override;
  OrderTail tail() const override;
  bool has_followed(uint64_t position) const override;
  // Done by the node that leads. The last group always stays.
  void trim(uint64_t up_to) override;
  OrderLoad load() const override;
  bool leads() const override;
  void stop() override;

  // Puts what this node shows the others, if anything; returns what each node shows, by node. Asks
  // etcd at once, on the caller's thread, which must not be the log's. Errors: UNAVAILABLE.
  Result<std::map<std::string, Bytes>> show(const std::optional<Bytes>& ours) const;
  // Where others find this node, in its signed words: put into etcd at the next pulse (log_view.h).
  void listens_at(Bytes words);
  EtcdOrderCounts counts() const;
  // Why etcd cannot be written now; empty: it can.
  std::string silence() const;
  // How many more nodes' clocks must be heard before log time advances; 0: it does.
  size_t clocks_missing() const;

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Waiting {
    std::unique_ptr<Proposal> proposal;
    Bytes encoded;
  };
  struct Own {
    Proposals proposals;
    Time since;
    std::string silence = {};  // why it was not answered
  };
  // Of the first group in flight. early: its answer tells nothing, it is sent again. unanswered: it
  // is sent again in a moment. lost: its place was taken. refused: no log will have it. unknown: it
  // is given up. forgotten: nobody waits for any in flight. ended: the log has.
  enum class Fate : uint8_t {
    landed, early, unanswered, lost, refused, unknown, forgotten, ended
  };
  enum class Step : uint8_t { settle, send, launch, end };

  // etcd_order.cc
  void poison(const Error& cause);
  void drop(Proposals proposals, const Error& reason);
  void drop_silent(const std::string& why);
  void drop_old();
  // Requires of these: the lock.
  bool is_silent(Time now) const;
  Result<Done> check_open() const;
  Result<Done> check_queue(size_t bytes) const;
  Proposals take_queue();
  Proposals take_proposed();
  void note_arrival(const OrderPlace& place, size_t bytes);
  bool is_other(const OrderPlace& place) const;  // differs from what arrived at this position
  Result<Done> check_encoding(const Proposal& proposal, BytesView encoded) const;
  // Like Kv::txn. ROLLED_BACK: the revision went back, which etcd's never does by itself.
  Result<KvAnswer> ask(const KvTxn& txn);
  void sign(Signed what, Bytes& bytes) const;
  std::optional<PublicKey> key_of(const std::string& node) const;
  bool is_signed(Signed what, const std::string& node, BytesView bytes,
                 const Signature& signature) const;
  void heard();
  void heard_nothing(const Error& error);

  // proposing.cc: the proposer's thread alone, which alone adds and removes flights.
  void propose_all();
  Step next_step();
  std::optional<Time> next_launch() const;  // requires: the lock
  void launch();
  Proposals take_group(Flight& flight);  // requires: the lock
  bool aim(Flight& flight, Proposals objects);
  void send(Flight& flight);
  void answered(uint64_t sending, Result<KvAnswer> answer);  // on a sender's thread

  // settling.cc: as above.
  static bool is_unanswered(const Error& error);
  void settle_first();
  void send_again();
  std::chrono::milliseconds patience_for(const Flight& flight) const;
  Fate unanswered(const Flight& flight, const Error& error);
  Fate refused(const Flight& flight, const Error& error);
  Fate settle(const Flight& flight, const KvAnswer& answer);
  void lost(Flight& first);
  std::optional<Proposals> take_own(const Hash& mark);  // also the tail's
  // Requires of these: the lock.
  Fate fate_by_arrivals(const Flight& flight) const;
  bool arrives_by_itself(const Flight& flight) const;
  void queue_behind();

  // tailing.cc
  void tail_all();
  Result<int64_t> catch_up();
  Result<bool> catch_up_page(int64_t& revision);
  Result<Done> check_log(const KvAnswer& answer, const OrderPlace& known) const;
  // Returns false if there is a gap before it.
  Result<bool> take(const KvPair& pair);
  Result<Proposals> read_foreign(const GroupEntry& entry, OrderedGroup& group, BytesView bytes);
  Result<Done> wait_for_time(const GroupEntry& entry, int64_t time_ms, uint64_t position);
  Result<Proposals> proposals_of(const GroupEntry& group);
  bool deliver(OrderedGroup group, uint64_t before, size_t bytes, bool ours);
  static bool has_barrier(const Proposals& proposals);
  // Waits until everything delivered is followed. Returns false if we end.
  bool wait_for_follower();
  bool pause(std::chrono::milliseconds time);
  void sequence();  // the follower's thread

  // pulse.cc
  void pulse_all();
  Result<Done> pulse();
  Result<Done> say_address();
  Bytes our_lease() const;
  Result<Done> check_size();
  Result<Done> hold_lease();
  Result<KvAnswer> tell(const OrderPlace& arrived);
  Result<Done> hear(const KvAnswer& answer, const OrderPlace& arrived);
  std::map<std::string, Told> all_told(const std::vector<KvPair>& pairs) const;
  // With what we hold. Requires: the lock.
  bool conflicts(const Told& told, const OrderPlace& tail) const;
  void make_room(Time now);
  void trim_now(const OrderPlace& tail);
  void wake_tail(const OrderPlace& tail);
  void forget_overwritten(int64_t revision, Time now);
  void ask_status(Time now);

  const EtcdOrderOptions options_;
  const LogKeys keys_;
  const std::unique_ptr<Kv> kv_;
  mutable ClockWords clocks_;  // guards itself
  Follower* follower_ = nullptr;  // set once, before the threads start

  // Guards everything below except the threads, while pointers are moved; not held while etcd is
  // asked or a proposal is decoded.
  mutable std::mutex mutex_;
  std::condition_variable appended_;  // for the proposer; also when an answer or room has come
  std::condition_variable arrived_;   // for the follower's thread
  std::condition_variable moved_;     // for all that wait for progress or the end
  std::deque<Waiting> queue_;
  size_t queue_bytes_ = 0;
  bool wants_proposal_ = false;     // append() wakes the proposer
  Flights flights_;
  std::map<Hash, Own> own_;         // by mark: proposed, and not yet arrived
  std::deque<OrderedGroup> inbox_;  // arrived, in order
  std::deque<uint64_t> own_arrived_;  // positions of ours that are not followed yet
  bool following_group_ = false;    // a group is at the follower
  bool behind_barrier_ = false;     // a barrier arrived and is not followed yet
  OrderPlace arrived_at_;           // of the last arrival
  Time arrived_when_;
  std::deque<OrderPlace> places_;   // of the newest arrivals, without a gap
  OrderPlace tip_;                  // the log's end, as far as known
  int64_t revision_ = 0;            // the highest that etcd returned
  uint32_t pulses_ = 0;             // answered ones, up to the number needed to propose
  bool following_ = false;
  bool stopping_ = false;  // no more is accepted
  Time stop_by_;           // what is not proposed by then is dropped
  bool ended_ = false;     // and nothing arrives any more
  std::optional<Error> poisoned_;
  Time heard_at_;
  std::string silence_;  // of the last unanswered call since heard_at_; else empty
  std::string held_;     // why the next group is held; else empty
  std::shared_ptr<KvWatch> watch_;
  OrderPlace pulse_arrived_;  // at the previous pulse
  bool behind_ = false;       // the tail was beyond us at the previous pulse
  Time leads_until_;
  Bytes address_to_say_;  // empty: nothing new
  uint64_t trim_to_ = 0;
  uint64_t trimmed_ = 0;
  struct Kept {
    uint64_t position;
    size_t bytes;
  };
  std::deque<Kept> kept_;  // arrived and not trimmed
  size_t kept_bytes_ = 0;
  size_t new_bytes_ = 0;  // since etcd last forgot
  EtcdOrderCounts counts_;

  // Used only by the pulse's thread:
  int64_t lease_ = 0;
  std::optional<Time> asked_status_at_;
  int64_t overwritten_ = 0;  // the revision before which etcd forgets next
  Time forgot_at_;

  std::unique_ptr<Senders> senders_;  // set before the threads start
  std::mutex stop_mutex_;  // guards the threads: two callers of stop() must not join them twice
  std::thread proposer_;
  std::thread tailer_;
  std::thread pulser_;
  std::thread sequencer_;
};

}  // namespace suyuan
