#include "node/startup/ordering.h"

#include "ledger/base/text.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/os/files.h"
#include "node/folder/opening.h"
#include "node/folder/restored_mark.h"
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
              "'" + name + "' is not a name of a log: 1 to 128 letters, digits, '-', '_', '.'",
              "--etcd-log");
}

// A log that began where an older copy ends would be a second history, and nothing in etcd would
// say so.
Result<Done> check_not_restored(const DataFolder& folder, bool word_given) {
  SUYUAN_TRY(restored, is_restored(folder));
  if (!restored || word_given) return Done{};
  return fail(Code::UNAVAILABLE,
              "this folder was restored, or joined, and has not shown since that it is the newest "
              "of its ledger: no log may begin from it. Serve it once as it was (a ledger of one "
              "node: --order embedded, which asks the witnesses of --policy; if nodes share its "
              "log: --order etcd, until it has caught up); or, if you know that nothing newer "
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
    etcd.password.assign(text, 0, text.find('\n'));
    wipe(text);
  }
  auto kv = open_etcd(etcd);
  wipe(etcd.password);
  return kv;
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
                "this store follows a log in etcd that other nodes follow too; by itself it would "
                "become another ledger. Serve it with --order etcd --etcd ... --etcd-log ...",
                "--order");
  }
  return fail(Code::INVALID_FIELD,
              "this ledger still has an ordered log of its own. Let it continue in etcd first: "
              "suyuan-node migrate --data ... --etcd ... --etcd-log ...",
              "--order");
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
                "this store is fetching what it missed from another node: serve it",
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
