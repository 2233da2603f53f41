#include "node/peers/ordering.h"

#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "node/backup/restored_mark.h"
#include "node/folder/opening.h"
#include "node/ops/family.h"
#include "node/peers/log_sync.h"
#include "node/pipeline/order_place.h"

namespace suyuan {
namespace {

constexpr size_t kPasswordBytesMax = 4096;
constexpr size_t kLogNameMax = 128;

Result<Done> check_log_name(const std::string& name) {
  const bool good = !name.empty() && name.size() <= kLogNameMax &&
                    std::all_of(name.begin(), name.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
                    });
  if (good) return Done{};
  return fail(Code::INVALID_FIELD,
              "'" + name + "' is no name of a log: 1 to 128 letters, digits, '-', '_', '.'",
              "--etcd-log");
}

// A log that began where an older copy ends would be a second history, with nothing in etcd to say
// so.
Result<Done> check_not_restored(const DataFolder& folder, bool word_given) {
  SUYUAN_TRY(restored, is_restored(folder));
  if (!restored || word_given) return Done{};
  return fail(Code::UNAVAILABLE,
              "this folder was restored, or joined, and has not shown since that it is the newest "
              "of its ledger: no log begins from it. Serve it once as it was (a ledger of one "
              "node: --order embedded, which asks the witnesses of --policy; where nodes share its "
              "log: --order etcd, until it has caught up); or, where you know that nothing newer "
              "was signed or acknowledged, say --nothing-newer-was-signed",
              "--data");
}

}  // namespace

Result<std::unique_ptr<Kv>> open_shared_log(const OrderOptions& options) {
  if (!options.etcd()) return std::unique_ptr<Kv>();
  SUYUAN_TRY_DONE(check_log_name(options.log));
  EtcdOptions etcd{.ca = options.ca, .cert = options.cert, .key = options.key,
                   .user = options.user};
  for (const auto one : split(options.endpoints, ',')) etcd.endpoints.emplace_back(one);
  if (!options.password_file.empty()) {
    SUYUAN_TRY(text, read_secret_file(options.password_file, kPasswordBytesMax));
    etcd.password = text.substr(0, text.find('\n'));
  }
  return open_etcd(etcd);
}

std::string peer_url_of(const ServeOptions& options, uint16_t http_port) {
  if (!options.order.peer_url.empty()) return options.order.peer_url;
  if (!options.public_url.empty()) return options.public_url;
  if (!is_loopback(options.http)) return {};
  const bool tls = !options.tls_cert.empty() || !options.tls_key.empty();
  const bool v6 = options.http.host.find(':') != std::string::npos;
  return std::string(tls ? "https://" : "http://") + (v6 ? "[" : "") + options.http.host +
         (v6 ? "]:" : ":") + std::to_string(http_port);
}

Result<Done> check_order(const OrderOptions& options, const Reader& store) {
  SUYUAN_TRY(place, read_order_place(store));
  if (place.has_value() == options.etcd()) return Done{};
  if (place) {
    return fail(Code::INVALID_FIELD,
                "this store follows a log in etcd that other nodes follow too; alone it would "
                "become another ledger. Serve it with --order etcd --etcd ... --etcd-log ...",
                "--order");
  }
  return fail(Code::INVALID_FIELD,
              "this ledger has an ordered log of its own as yet. Let it go on in etcd first: "
              "suyuan-node migrate --data ... --etcd ... --etcd-log ...",
              "--order");
}

std::vector<prometheus::MetricFamily> order_families(const EtcdOrder& order, const Peers& peers) {
  const auto counts = order.counts();
  auto groups = counter_family("suyuan_order_groups_total",
                               "Groups of the shared log, by the node that proposed them");
  add_count(groups, counts.proposed, "by", "this");
  add_count(groups, counts.foreign, "by", "another");
  auto tries = counter_family("suyuan_order_tries_total",
                              "Tries to add a group that did not end well");
  add_count(tries, counts.lost, "outcome", "lost");
  add_count(tries, counts.unknown, "outcome", "unanswered");
  auto left_out = counter_family("suyuan_order_left_out_total",
                                 "Proposals in the shared log that no node can read");
  add_count(left_out, counts.undecoded);
  auto positions = gauge_family("suyuan_order_tail", "Last group of the shared log that is known",
                                static_cast<double>(counts.tail_position));
  auto behind = gauge_family("suyuan_peer_behind",
                             "Groups that another node has not on disk yet, when it last said", 0);
  behind.metric.clear();
  auto agrees = gauge_family("suyuan_peer_agrees",
                             "1 while the checkpoints of another node are of our ledger", 0);
  agrees.metric.clear();
  for (const auto& [name, view] : peers.view()) {
    const uint64_t tail = std::max(counts.tail_position, view.note.position);
    for (auto* family : {&behind, &agrees}) {
      auto& metric = family->metric.emplace_back();
      metric.label.push_back({.name = "node", .value = name});
      metric.gauge.value = family == &behind ? static_cast<double>(tail - view.note.position)
                                             : (view.agrees.value_or(true) ? 1 : 0);
    }
  }
  return {groups, tries, left_out, positions, behind, agrees,
          gauge_family("suyuan_order_leads", "1 while this node orders the seals",
                       order.leads() ? 1 : 0),
          gauge_family("suyuan_order_silent", "1 while the shared log cannot be written",
                       order.silence().empty() ? 0 : 1),
          gauge_family("suyuan_order_clocks_missing",
                       "Nodes that must be heard before log time goes on; 0: it does",
                       static_cast<double>(order.clocks_missing()))};
}

Result<Migrated> migrate(const MigrateOptions& options) {
  const DataFolder folder{options.data};
  SUYUAN_TRY_DONE(check_not_restored(folder, options.nothing_newer_was_signed));
  SUYUAN_TRY(kv, open_shared_log(options.order));
  SUYUAN_TRY(opened, open_folder(folder, ServeOptions{.data = options.data,
                                                      .passphrase = options.passphrase,
                                                      .epcis = false}));
  SUYUAN_TRY(there, read_order_place(opened.store->latest()));
  SUYUAN_TRY(own, place_of_ledger(opened.store->latest()));
  if (there && is_between(*there)) {
    return fail(Code::INVALID_FIELD,
                "this store is in the middle of taking what it missed from another node: serve it",
                "--data");
  }
  const OrderPlace base = there.value_or(own);
  // The row comes first: from here on the store is never served alone again.
  if (!there) SUYUAN_TRY_DONE(opened.store->commit({order_place_row(base)}));
  SUYUAN_TRY_DONE(
      found_log(*kv, options.order.log, {.ledger = opened.ledger.genesis, .base = base}));
  return Migrated{.ledger = opened.ledger, .position = base.position};
}

}  // namespace suyuan
