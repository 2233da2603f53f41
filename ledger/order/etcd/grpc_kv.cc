// Kv over gRPC: the only file that knows gRPC. messages.cc reads what comes.
#include <etcdserverpb/rpc.grpc.pb.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>

#include "ledger/crypto/ed25519.h"
#include "ledger/order/etcd/kv.h"
#include "ledger/order/etcd/messages.h"
#include "ledger/os/named_file.h"

namespace suyuan {
namespace {

namespace pb = etcdserverpb;

constexpr size_t kEndpointsMax = 16;
constexpr size_t kPemBytesMax = 256 << 10;
constexpr int kReceiveBytesMax = 128 << 20;  // a page of groups
constexpr int kKeepAliveMs = 10'000;         // etcd allows at most one ping in 5 s
constexpr int kKeepAliveTimeoutMs = 3'000;
constexpr int kReconnectMsMax = 1'000;

bool says(const grpc::Status& status, std::string_view words) {
  return status.error_message().find(words) != std::string::npos;
}

// What is refused for its size is refused again. All other refusals may pass: a leader election, a
// starting server, a quota that is raised.
Code code_of(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::INVALID_ARGUMENT:
      return says(status, "too large") ? Code::TOO_LARGE : Code::UNAVAILABLE;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return says(status, "larger than max") ? Code::TOO_LARGE : Code::BUSY;
    case grpc::StatusCode::NOT_FOUND: return Code::NOT_FOUND;
    default: return Code::UNAVAILABLE;
  }
}

Error error_of(const grpc::Status& status, const std::string& endpoint) {
  return {.code = code_of(status),
          .message = "etcd at " + endpoint + ": " + status.error_message()};
}

// The token is not, or no longer, valid: etcd was restarted, the token is too old, or the rights
// have changed.
bool asks_for_token(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAUTHENTICATED ||
         (status.error_code() == grpc::StatusCode::INVALID_ARGUMENT &&
          (says(status, "auth store is old") || says(status, "user name is empty")));
}

void set_range(const KvRange& range, pb::RangeRequest& out) {
  out.set_key(range.key);
  if (!range.end.empty()) out.set_range_end(range.end);
  out.set_limit(range.limit);
}

void set_step(const KvStep& step, pb::RequestOp& out) {
  if (const auto* range = std::get_if<KvRange>(&step)) {
    set_range(*range, *out.mutable_request_range());
  } else if (const auto* put = std::get_if<KvPut>(&step)) {
    auto& request = *out.mutable_request_put();
    request.set_key(put->key);
    request.set_value(put->value);
    request.set_lease(put->lease);
  } else {
    const auto& gone = std::get<KvDelete>(step);
    auto& request = *out.mutable_request_delete_range();
    request.set_key(gone.key);
    if (!gone.end.empty()) request.set_range_end(gone.end);
  }
}

pb::TxnRequest request_of(const KvTxn& txn) {
  pb::TxnRequest request;
  for (const auto& when : txn.when) {
    auto& compare = *request.add_compare();
    compare.set_result(pb::Compare::EQUAL);
    compare.set_key(when.key);
    if (when.value) {
      compare.set_target(pb::Compare::VALUE);
      compare.set_value(*when.value);
    } else {
      compare.set_target(pb::Compare::CREATE);
      compare.set_create_revision(0);
    }
  }
  for (const auto& step : txn.then) set_step(step, *request.add_success());
  for (const auto& step : txn.otherwise) set_step(step, *request.add_failure());
  return request;
}

struct Endpoint {
  std::string address;
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<pb::KV::Stub> kv;
  std::unique_ptr<pb::Watch::Stub> watch;
  std::unique_ptr<pb::Lease::Stub> lease;
  std::unique_ptr<pb::Auth::Stub> auth;
  std::unique_ptr<pb::Maintenance::Stub> maintenance;
};

class GrpcWatch final : public KvWatch {
 public:
  GrpcWatch(Endpoint& at, KvRange range, int64_t from_revision, std::function<void()> on_lost,
            const std::string& token)
      : at_(at),
        range_(std::move(range)),
        from_revision_(from_revision),
        on_lost_(std::move(on_lost)) {
    // Without it, a member cut off from the others would stay silent.
    context_.AddMetadata("hasleader", "true");
    if (!token.empty()) context_.AddMetadata("token", token);
  }
  ~GrpcWatch() override {
    context_.TryCancel();
    pb::WatchResponse rest;
    while (stream_ && stream_->Read(&rest)) {
    }
    if (stream_) stream_->Finish();
  }

  // Fragments of one revision need no joining: each key of the log is put separately.
  Result<std::vector<KvPair>> next() override {
    if (!stream_) SUYUAN_TRY_DONE(start());
    pb::WatchResponse response;
    do {
      if (!stream_->Read(&response)) return lost("the watch ended");
      if (response.canceled()) return lost("the watch was cancelled: " + response.cancel_reason());
    } while (response.events().empty());
    return puts_of(response);
  }
  void cancel() override { context_.TryCancel(); }

 private:
  // Runs on the reading thread, since it waits for a connection; cancel() ends that too.
  Result<Done> start() {
    stream_ = at_.watch->Watch(&context_);
    pb::WatchRequest request;
    auto& create = *request.mutable_create_request();
    create.set_key(range_.key);
    create.set_range_end(range_.end);
    create.set_start_revision(from_revision_);
    create.add_filters(pb::WatchCreateRequest::NODELETE);
    create.set_fragment(true);
    if (!stream_->Write(request)) return lost("the watch could not be begun");
    return Done{};
  }

  Unexpected<Error> lost(const std::string& why) {
    on_lost_();
    return fail(Code::UNAVAILABLE, "etcd at " + at_.address + ": " + why);
  }

  Endpoint& at_;
  const KvRange range_;
  const int64_t from_revision_;
  const std::function<void()> on_lost_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<pb::WatchRequest, pb::WatchResponse>> stream_;
};

class GrpcKv final : public Kv {
 public:
  GrpcKv(const EtcdOptions& options, const std::shared_ptr<grpc::ChannelCredentials>& credentials)
      : options_(options) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(kReceiveBytesMax);
    arguments.SetMaxSendMessageSize(-1);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepAliveMs);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepAliveTimeoutMs);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMsMax);
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    for (const auto& address : options.endpoints) {
      auto channel = grpc::CreateCustomChannel(address, credentials, arguments);
      endpoints_.push_back({.address = address,
                            .channel = channel,
                            .kv = pb::KV::NewStub(channel),
                            .watch = pb::Watch::NewStub(channel),
                            .lease = pb::Lease::NewStub(channel),
                            .auth = pb::Auth::NewStub(channel),
                            .maintenance = pb::Maintenance::NewStub(channel)});
    }
  }
  ~GrpcKv() override { wipe(options_.password); }
  GrpcKv(const GrpcKv&) = delete;
  GrpcKv& operator=(const GrpcKv&) = delete;

  Result<KvAnswer> txn(const KvTxn& txn) override {
    const auto request = request_of(txn);
    pb::TxnResponse response;
    SUYUAN_TRY_DONE(call(
        [&](Endpoint& at, grpc::ClientContext& context) {
          return at.kv->Txn(&context, request, &response);
        },
        request.ByteSizeLong()));
    return answer_of(response);
  }

  Result<std::unique_ptr<KvWatch>> watch(const KvRange& range, int64_t from_revision) override {
    const size_t index = current_;
    return std::unique_ptr<KvWatch>(std::make_unique<GrpcWatch>(
        endpoints_[index], range, from_revision, [this, index] { leave(index); }, token()));
  }

  Result<Done> compact(int64_t revision) override {
    pb::CompactionRequest request;
    request.set_revision(revision);
    pb::CompactionResponse response;
    return call([&](Endpoint& at, grpc::ClientContext& context) {
      const auto status = at.kv->Compact(&context, request, &response);
      // Compacted by another node, which led before us.
      const bool is_done = status.error_code() == grpc::StatusCode::OUT_OF_RANGE &&
                           says(status, "has been compacted");
      return is_done ? grpc::Status() : status;
    });
  }

  Result<int64_t> grant_lease(std::chrono::seconds life) override {
    pb::LeaseGrantRequest request;
    request.set_ttl(life.count());
    pb::LeaseGrantResponse response;
    SUYUAN_TRY_DONE(call([&](Endpoint& at, grpc::ClientContext& context) {
      return at.lease->LeaseGrant(&context, request, &response);
    }));
    return response.id();
  }

  Result<Done> keep_lease(int64_t lease) override {
    pb::LeaseKeepAliveRequest request;
    request.set_id(lease);
    pb::LeaseKeepAliveResponse response;
    SUYUAN_TRY_DONE(call([&](Endpoint& at, grpc::ClientContext& context) {
      auto stream = at.lease->LeaseKeepAlive(&context);
      stream->Write(request);
      stream->WritesDone();
      if (stream->Read(&response)) {
        pb::LeaseKeepAliveResponse rest;
        while (stream->Read(&rest)) {
        }
      }
      return stream->Finish();
    }));
    if (response.ttl() > 0) return Done{};
    return fail(Code::NOT_FOUND, "the lease has ended");
  }

  Result<Done> revoke_lease(int64_t lease) override {
    pb::LeaseRevokeRequest request;
    request.set_id(lease);
    pb::LeaseRevokeResponse response;
    return call([&](Endpoint& at, grpc::ClientContext& context) {
      return at.lease->LeaseRevoke(&context, request, &response);
    });
  }

  Result<KvStatus> status() override {
    const pb::StatusRequest request;
    pb::StatusResponse response;
    SUYUAN_TRY_DONE(call([&](Endpoint& at, grpc::ClientContext& context) {
      return at.maintenance->Status(&context, request, &response);
    }));
    return status_of(response);
  }

 private:
  using Rpc = std::function<grpc::Status(Endpoint&, grpc::ClientContext&)>;

  // Asks one endpoint, once. An unanswered request may have been done, so the caller decides
  // whether to ask again. The next call goes to the next endpoint. Larger requests get more time.
  Result<Done> call(const Rpc& rpc, size_t bytes = 0) {
    const size_t index = current_;
    Endpoint& at = endpoints_[index];
    const auto patience =
        options_.patience + std::chrono::milliseconds(bytes / kSlowLineBytesPerMs);
    if (!options_.user.empty() && token().empty()) SUYUAN_TRY_DONE(log_in(index));
    grpc::Status status = ask(at, rpc, patience);
    if (!options_.user.empty() && asks_for_token(status)) {
      SUYUAN_TRY_DONE(log_in(index));
      status = ask(at, rpc, patience);
    }
    if (status.ok()) return Done{};
    Error error = error_of(status, at.address);
    if (error.code == Code::UNAVAILABLE) leave(index);
    return Unexpected(std::move(error));
  }

  grpc::Status ask(Endpoint& at, const Rpc& rpc, std::chrono::milliseconds patience) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + patience);
    if (const auto held = token(); !held.empty()) context.AddMetadata("token", held);
    return rpc(at, context);
  }

  // Gets a new token; the old one is dropped in any case. If nobody answers, or login is refused,
  // another member is asked next.
  Result<Done> log_in(size_t index) {
    Endpoint& at = endpoints_[index];
    pb::AuthenticateRequest request;
    request.set_name(options_.user);
    request.set_password(options_.password);  // gRPC's own copies are not wiped
    pb::AuthenticateResponse response;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + options_.patience);
    const auto status = at.auth->Authenticate(&context, request, &response);
    wipe(*request.mutable_password());
    const std::scoped_lock lock(token_mutex_);
    token_ = status.ok() ? response.token() : std::string();
    if (status.ok()) return Done{};
    leave(index);
    return fail(Code::UNAVAILABLE, "etcd at " + at.address + ": " + status.error_message());
  }

  std::string token() const {
    const std::scoped_lock lock(token_mutex_);
    return token_;
  }

  void leave(size_t index) {
    size_t expected = index;  // else another thread has left it already
    current_.compare_exchange_strong(expected, (index + 1) % endpoints_.size());
  }

  EtcdOptions options_;  // changes only at the end: the password is wiped
  std::vector<Endpoint> endpoints_;
  std::atomic<size_t> current_ = 0;
  mutable std::mutex token_mutex_;  // guards the token while it is copied
  std::string token_;
};

// A name that belongs to the machine itself, whatever resolves names.
bool is_loopback(const std::string& endpoint) {
  const std::string host = endpoint.substr(0, endpoint.rfind(':'));
  const bool is_ipv4 = host.find_first_not_of("0123456789.") == std::string::npos;
  return (is_ipv4 && host.starts_with("127.")) || host == "localhost" || host == "[::1]";
}

// Our own text of the key is wiped. gRPC keeps a copy for as long as it is connected, and frees it
// as it is.
Result<std::shared_ptr<grpc::ChannelCredentials>> tls_of(const EtcdOptions& options) {
  grpc::SslCredentialsOptions tls;
  const auto read = [](const std::string& path, const char* option) -> Result<Bytes> {
    if (path.empty()) return Bytes();
    return read_named_pem(path, kPemBytesMax, option);
  };
  SUYUAN_TRY(authorities, read(options.ca, "--etcd-ca"));
  SUYUAN_TRY(certificate, read(options.cert, "--etcd-cert"));
  tls.pem_root_certs = std::move(authorities);
  tls.pem_cert_chain = std::move(certificate);
  if (!options.key.empty()) {
    SUYUAN_TRY(key, read_named_secret(options.key, kPemBytesMax, "--etcd-key"));
    tls.pem_private_key = std::move(key);
  }
  auto credentials = grpc::SslCredentials(tls);
  wipe(tls.pem_private_key);
  return credentials;
}

}  // namespace

Result<std::unique_ptr<Kv>> open_etcd(const EtcdOptions& options) {
  if (options.endpoints.empty() || options.endpoints.size() > kEndpointsMax) {
    return fail(Code::INVALID_FIELD,
                "found " + std::to_string(options.endpoints.size()) +
                    " endpoints of etcd, expected 1 to " + std::to_string(kEndpointsMax) +
                    ": --etcd host:port,host:port",
                "etcd");
  }
  for (const auto& one : options.endpoints) {
    const size_t colon = one.rfind(':');
    if (colon != std::string::npos && colon > 0 && colon + 1 < one.size() &&
        one.find('/') == std::string::npos) {
      continue;
    }
    return fail(Code::INVALID_FIELD, "'" + one + "' is not an endpoint: write host:port",
                "etcd");
  }
  auto credentials = grpc::InsecureChannelCredentials();
  const bool has_tls = !options.ca.empty() || !options.cert.empty() || !options.key.empty();
  if (!options.user.empty() && !has_tls &&
      !std::all_of(options.endpoints.begin(), options.endpoints.end(), is_loopback)) {
    return fail(Code::INVALID_FIELD,
                "the password for etcd would be sent in clear over the network: name the file with "
                "the authority of its certificate (--etcd-ca)",
                "etcd-user");
  }
  if (has_tls) {
    SUYUAN_TRY(tls, tls_of(options));
    credentials = std::move(tls);
  }
  return std::unique_ptr<Kv>(std::make_unique<GrpcKv>(options, credentials));
}

}  // namespace suyuan
