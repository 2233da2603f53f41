#include "client/tls.h"

#include <vector>

#include "ledger/base/text.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/os/files.h"

namespace suyuan {
namespace {

constexpr std::string_view kScheme = "tls://";
constexpr std::string_view kPemEnds = "-----END CERTIFICATE-----";
constexpr size_t kPemBytesMax = 1 << 20;

bool is_tls(const ConnectionOptions& options) { return options.node.starts_with(kScheme); }

// KJ trusts only the first certificate of each text that it is given.
std::vector<kj::TlsCertificate> certificates_of(const std::string& pem) {
  std::vector<kj::TlsCertificate> all;
  size_t begin = 0;
  for (;;) {
    const size_t end = pem.find(kPemEnds, begin);
    if (end == std::string::npos) return all;
    const std::string one = pem.substr(begin, end + kPemEnds.size() - begin) + "\n";
    all.emplace_back(kj::StringPtr(one.c_str(), one.size()));
    begin = end + kPemEnds.size();
  }
}

Unexpected<Error> no_pem(const std::string& path, const kj::Exception& why, const char* option) {
  return fail(Code::INVALID_FIELD, path + ": " + why.getDescription().cStr(), option);
}

Result<std::vector<kj::TlsCertificate>> read_authorities(const std::string& path) {
  SUYUAN_TRY(pem, read_file(path, kPemBytesMax));
  try {
    auto all = certificates_of(pem);
    if (!all.empty()) return all;
    return fail(Code::INVALID_FIELD, path + " holds no PEM certificate", "--ca");
  } catch (const kj::Exception& exception) {
    return no_pem(path, exception, "--ca");
  }
}

Result<kj::TlsKeypair> read_pair(const ConnectionOptions& options) {
  SUYUAN_TRY(cert, read_file(options.cert, kPemBytesMax));
  SUYUAN_TRY(key, read_without_copies(options.key, kPemBytesMax));
  try {
    kj::TlsPrivateKey own(kj::StringPtr(key.c_str(), key.size()), nullptr);
    wipe(key);
    return kj::TlsKeypair{kj::mv(own),
                          kj::TlsCertificate(kj::StringPtr(cert.c_str(), cert.size()))};
  } catch (const kj::Exception& exception) {
    wipe(key);
    return no_pem(options.cert, exception, "--tls-cert");
  }
}

}  // namespace

Result<std::string> address_of(const ConnectionOptions& options) {
  if (is_tls(options)) return options.node.substr(kScheme.size());
  if (!options.cert.empty() || !options.key.empty() || !options.tls_name.empty()) {
    return fail(Code::INVALID_FIELD,
                "certificate and name are only for TLS; write the node's address as "
                "tls://host:port",
                "--node");
  }
  return options.node;
}

std::string tls_name_of(const ConnectionOptions& options) {
  if (!options.tls_name.empty()) return options.tls_name;
  const std::string address = options.node.substr(kScheme.size());
  return address.substr(0, address.rfind(':'));
}

Result<kj::Own<kj::TlsContext>> make_tls(const ConnectionOptions& options) {
  kj::TlsContext::Options tls;
  tls.minVersion = kj::TlsVersion::TLS_1_2;
  std::vector<kj::TlsCertificate> authorities;
  if (!options.ca.empty()) {
    SUYUAN_TRY(read, read_authorities(options.ca));
    authorities = std::move(read);
    tls.useSystemTrustStore = false;
    tls.trustedCertificates = kj::arrayPtr(authorities.data(), authorities.size());
  }
  if (options.cert.empty() != options.key.empty()) {
    return fail(Code::INVALID_FIELD, "a certificate needs its key, and a key its certificate",
                options.cert.empty() ? "--tls-cert" : "--tls-key");
  }
  kj::Maybe<kj::TlsKeypair> pair;
  if (!options.cert.empty()) {
    SUYUAN_TRY(read, read_pair(options));
    pair = kj::mv(read);
  }
  KJ_IF_MAYBE(own, pair) tls.defaultKeypair = *own;
  try {
    return kj::heap<kj::TlsContext>(kj::mv(tls));
  } catch (const kj::Exception& exception) {
    return no_pem(options.ca, exception, "--ca");
  }
}

}  // namespace suyuan
