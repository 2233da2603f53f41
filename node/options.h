// What the operator sets: by flags, or the same names in a TOML-style file (--config). The defaults
// work on loopback.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/base/error.h"
#include "ledger/os/passphrase.h"

namespace suyuan {

struct InitOptions {
  std::string data;  // folder; must hold no ledger yet
  std::string origin = "suyuan.example/log";
  std::string node_name = "node-1";
  std::vector<std::string>
      authorities;  // "<party id>=<base64 public key>"; empty: one is made, "registrar"
  // Authorities that must sign changes to an authority's keys; 0: two, if there are that many.
  uint32_t quorum = 0;
  std::vector<std::string> nodes;  // "<name>=<base64 public key>" of the ledger's other nodes
  PassphraseSource passphrase;     // of the key files that are made; none: they are not encrypted
};

// A node's key, made before there is a ledger that names it.
struct KeyOptions {
  std::string data;
  std::string node_name;
  PassphraseSource passphrase;  // as in InitOptions
};

// Another node of a ledger that an existing node made.
struct JoinOptions {
  std::string data;
  std::string genesis;  // file genesis.leaf of that ledger
  std::string log_key;  // file keys/log.key of that ledger
  std::string rules;    // file with the newest rules notice; empty: genesis still names the nodes
  // "<name>=<URL>" of a node whose store the log is taken from; empty: a store with genesis alone
  std::string store_from = {};
  std::string peer_ca = {};  // PEM: authorities of its certificate; empty: the system's
  PassphraseSource passphrase;  // of both key files, if they are encrypted
};

// Key files to encrypt.
struct SealKeysOptions {
  std::string data;
  PassphraseSource passphrase;
};

// What orders the batches.
struct OrderOptions {
  std::string kind = "embedded";  // or "etcd"
  std::string endpoints;          // of etcd: "host:port,host:port"
  std::string log = "suyuan";     // its name in etcd
  std::string ca;                 // PEM files for TLS to etcd; all empty: plain
  std::string cert;
  std::string key;
  std::string user;  // of etcd; empty: it requires no login
  std::string password_file;
  // Where other nodes ask this one for what they missed; empty: --public-url, or else, on loopback,
  // the HTTP listener.
  std::string peer_url;
  std::string peer_ca;  // PEM file: authorities of the other nodes' certificates
  bool etcd() const { return kind == "etcd"; }
};

struct Address {
  std::string host = "127.0.0.1";
  uint16_t port = 0;  // 0: any free port
};

// Limits per minute; 0: no limit. Addresses of this machine are not limited
// (node/access/clients.h).
struct QuotaOptions {
  uint32_t client_posts = 60'000;  // batches from one client address
  uint32_t client_mib = 1024;      // what it posts
  uint32_t client_reads = 60'000;  // its questions, except those that count for a party
  uint32_t party_posts = 60'000;   // batches of one party
  uint32_t party_mib = 1024;       // what they hold
  // Questions under one party's sessions. Each syncs the access log: one party must not take the
  // disk, and with it the threads, from all others.
  uint32_t party_reads = 3000;
  // Addresses of proxies, which name their clients.
  std::vector<std::string> proxies = {};
};

// The least limit in MiB. A whole minute's worth may come at once, so the largest post always fits:
// a request's body has 18 MiB at most, and the payloads of a document 32 MiB.
inline constexpr uint32_t kQuotaMibMin = 32;
inline constexpr size_t kProxiesMax = 64;

// How much of the disk attachments may use, in MiB; 0: no limit.
struct AttachmentOptions {
  uint64_t party_mib = 1024;  // of one party
  uint64_t all_mib = 16'384;
  uint64_t leave_mib = 1024;  // of the disk, reserved for batches
};

struct ServeOptions {
  std::string data;
  PassphraseSource passphrase;  // of the node's key files, if they are encrypted
  Address rpc{.port = 7400};
  Address http{.port = 7480};
  size_t workers = 0;   // threads for verification and questions; 0: one for each core
  size_t queue = 4096;  // batches and questions that wait for a thread; above it the answer is BUSY
  size_t cache_mib = 256;  // RocksDB block cache
  size_t map_mib = 1024;   // pages of the chain map
  size_t rpc_connections = 256;
  size_t rpc_memory_mib = 512;  // for data in flight on all RPC connections
  size_t http_connections = 1024;
  std::string log_level = "info";
  std::string
      ports_file;  // where to write the ports taken, for programs that start a node on port 0
  std::string policy;  // file with the witnesses to ask (c2sp.org/tlog-policy); empty: none
  std::string witness_ca;  // PEM file: authorities of the witnesses' certificates
  bool plain_beyond_loopback = false;
  uint32_t scrub_mib_per_s = 8;  // 0: the store is not scrubbed
  uint32_t scrub_pause_s = 3600;
  uint32_t disk_reserve_mib = 256;  // below it nothing is accepted; 0: not watched
  int store_files = -1;  // of the store, kept open; -1: all
  bool nothing_newer_was_signed = false;  // the operator's assurance, for a restored folder
  std::string tls_cert;  // PEM files of the HTTP listener, and of RPC; both empty: plain
  std::string tls_key;
  bool rpc_tls = false;       // RPC with TLS even on loopback
  std::string tls_client_ca;  // PEM: RPC serves only clients that these authorities certified
  uint32_t tls_check_ms = 10'000;  // how often the files are checked for changes
  std::string scan_policy;  // file with thresholds and required steps (docs/scans.md); empty: ours
  // Public address of the HTTP listener: "https://trace.example". Empty: from each request's Host.
  std::string public_url;
  bool epcis = true;               // the EPCIS interface and its index
  bool loopback_webhooks = false;  // EPCIS subscriptions may report to this machine
  // Shortest time between two seals; 0: only when a reader asks for what is not sealed yet.
  uint32_t seal_interval_ms = 500;
  QuotaOptions quotas;
  AttachmentOptions attachments;
  OrderOptions order;
  // Longest time without a seal, even if nothing came; 0, or no interval: no limit.
  uint32_t seal_idle_ms = 3'600'000;
};

// Errors: INVALID_FIELD (not "host:port" with a numeric address).
Result<Address> parse_address(const std::string& text);
bool is_loopback(const Address& address);
// Errors: INVALID_FIELD (a limit in MiB that the largest post would never pass; a proxy that is not
// a numeric address; too many of them).
Result<Done> check_quotas(const QuotaOptions& quotas);

}  // namespace suyuan
