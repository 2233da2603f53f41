#include "node/epcis/gateway.h"

#include <sys/stat.h>

#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/hmac.h"
#include "ledger/os/files.h"

namespace suyuan::epcis {
namespace {

constexpr size_t kKeyFileBytesMax = 4096;
constexpr size_t kTokensFileBytesMax = 1 << 20;
constexpr std::string_view kTokenBegins = "syt_";  // so that a leaked token is recognised as one

constexpr size_t kTokenIdDigits = 8;

using TokenBytes = Fixed<32, struct TokenBytesTag>;

Hash token_hash(std::string_view token) { return sha256({"suyuan/gateway/token\n", token}); }

std::string write_lines(const std::vector<TokenLine>& lines) {
  std::string text;
  for (const auto& line : lines) {
    text += to_hex(line.hash.view()) + " " + line.bearer.party + " " +
            (line.bearer.is_public ? "public" : "partner") + "\n";
  }
  return text;
}

Result<std::vector<TokenLine>> parse_lines(std::string_view text) {
  std::vector<TokenLine> lines;
  size_t number = 0;
  for (const auto line : split(text, '\n')) {
    ++number;
    if (line.empty()) continue;
    const auto fields = split(line, ' ');
    const auto hash = fixed_from_hex<Hash>(fields[0]);
    if (fields.size() != 3 || !hash || !check_party_id(fields[1]) ||
        (fields[2] != "public" && fields[2] != "partner")) {
      return fail(Code::INVALID_FIELD,
                  "expected <hash> <party> <public | partner>; write it with suyuan-node gateway",
                  "gateway/tokens, line " + std::to_string(number));
    }
    const bool is_public = fields[2] == "public";
    lines.push_back(
        {.hash = *hash, .bearer = {.party = std::string(fields[1]), .is_public = is_public}});
  }
  return lines;
}

Result<Hash> read_paging_secret(const GatewayFolder& folder) {
  if (file_exists(folder.paging())) {
    SUYUAN_TRY(text, read_file(folder.paging(), kKeyFileBytesMax));
    if (const auto secret = fixed_from_hex<Hash>(text)) return *secret;
  }
  const Hash secret = random_fixed<Hash>();
  SUYUAN_TRY_DONE(write_file(folder.paging(), to_hex(secret.view()), FileMode::secret));
  return secret;
}

// A changed version is another file, because it is replaced as a whole. The time alone is not
// enough: its clock has milliseconds, and two changes can fall into one.
FileMark mark_of_file(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return {.time_ns = 0};
  return {.time_ns = int64_t{found.st_mtim.tv_sec} * 1'000'000'000 + found.st_mtim.tv_nsec,
          .inode = found.st_ino,
          .bytes = found.st_size};
}

}  // namespace

Result<PublicKey> make_gateway_key(const GatewayFolder& folder, const std::string& party,
                                   std::string_view passphrase) {
  SUYUAN_TRY_DONE(check_party_id(party));
  SUYUAN_TRY_DONE(make_folder(folder.path));
  auto seed = random_fixed<Fixed<kSeedBytes, struct SeedTag>>();
  auto text = write_key_file(party, seed.view(), passphrase,
                             {.salt = random_fixed<Fixed<16, SealSaltTag>>(),
                              .nonce = random_fixed<Fixed<24, SealNonceTag>>()});
  const PublicKey key = key_from_seed(seed.view()).key;
  wipe(seed.data.data(), kSeedBytes);
  if (!text) return Unexpected(std::move(text).error());
  auto written = write_new_file(folder.key(), *text, FileMode::secret);
  wipe(*text);
  if (!written) return Unexpected(std::move(written).error());
  return key;
}

Result<std::vector<TokenLine>> read_tokens(const GatewayFolder& folder) {
  if (!file_exists(folder.tokens())) return std::vector<TokenLine>{};
  SUYUAN_TRY(text, read_file(folder.tokens(), kTokensFileBytesMax));
  return parse_lines(text);
}

Result<std::string> add_token(const GatewayFolder& folder, const Bearer& bearer) {
  SUYUAN_TRY_DONE(check_party_id(bearer.party));
  SUYUAN_TRY_DONE(make_folder(folder.path));
  SUYUAN_TRY(lines, read_tokens(folder));
  const std::string token =
      std::string(kTokenBegins) + to_hex(random_fixed<TokenBytes>().view());
  lines.push_back({.hash = token_hash(token), .bearer = bearer});
  SUYUAN_TRY_DONE(write_file(folder.tokens(), write_lines(lines), FileMode::secret));
  return token;
}

Result<size_t> remove_tokens(const GatewayFolder& folder, const std::string& party) {
  SUYUAN_TRY(lines, read_tokens(folder));
  const size_t removed =
      std::erase_if(lines, [&](const TokenLine& line) { return line.bearer.party == party; });
  if (removed > 0)
    SUYUAN_TRY_DONE(write_file(folder.tokens(), write_lines(lines), FileMode::secret));
  return removed;
}

Result<std::unique_ptr<Gateway>> Gateway::open(const GatewayFolder& folder,
                                               std::optional<NamedKeyPair> key) {
  SUYUAN_TRY_DONE(make_folder(folder.path));
  std::unique_ptr<Gateway> gateway(new Gateway(folder));
  gateway->key_ = std::move(key);
  SUYUAN_TRY(secret, read_paging_secret(folder));
  gateway->paging_secret_ = secret;
  if (file_exists(folder.key()) && gateway->key() == nullptr) {
    return fail(Code::INVALID_FIELD,
                folder.key() + " is not a key file, or is sealed and was not opened",
                "gateway key");
  }
  SUYUAN_TRY_DONE(read_tokens(folder));  // reports an invalid file at start
  return gateway;
}

const NamedKeyPair* Gateway::key() const {
  const std::lock_guard lock(mutex_);
  if (!key_ && file_exists(folder_.key())) {
    if (const auto text = read_file(folder_.key(), kKeyFileBytesMax)) {
      if (auto key = read_key_file(*text, "")) key_ = *std::move(key);
    }
  }
  return key_ ? &*key_ : nullptr;
}

// A file that has become unreadable admits nobody.
void Gateway::reload() const {
  const FileMark now = mark_of_file(folder_.tokens());
  if (now == read_at_) return;
  auto lines = read_tokens(folder_);
  tokens_ = lines ? *std::move(lines) : std::vector<TokenLine>{};
  read_at_ = now;
}

std::optional<Bearer> Gateway::find(std::string_view token) const {
  const Hash hash = token_hash(token);
  const std::lock_guard lock(mutex_);
  reload();
  for (const auto& line : tokens_) {
    if (!equal_in_constant_time(line.hash.view(), hash.view())) continue;
    Bearer bearer = line.bearer;
    bearer.token_id = to_hex(line.hash.view()).substr(0, kTokenIdDigits);
    return bearer;
  }
  return std::nullopt;
}

}  // namespace suyuan::epcis
