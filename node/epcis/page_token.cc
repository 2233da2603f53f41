#include "node/epcis/page_token.h"

#include <algorithm>

#include "ledger/base/coding.h"
#include "ledger/base/text.h"
#include "ledger/crypto/hmac.h"

namespace suyuan::epcis {
namespace {

constexpr size_t kMacBytes = 16;
constexpr size_t kTokenBytesMax = 4096;
constexpr std::string_view kOfHere = "suyuan/epcis/token";
constexpr std::string_view kOfQuestion = "suyuan/epcis/page";
constexpr uint8_t kHasSpot = 1;
constexpr uint8_t kHasRemaining = 2;

Unexpected<Error> bad_token() {
  return fail(Code::PAGE_TOKEN_INVALID,
              "use the link of the previous page, with the same question, within a day",
              "nextPageToken");
}

Bytes encode_token(const PageToken& token) {
  Bytes body;
  put_u8(body, static_cast<uint8_t>((token.cursor.after ? kHasSpot : 0) |
                                    (token.cursor.remaining ? kHasRemaining : 0)));
  put_i64(body, token.expires_ms);
  put_u64(body, token.cursor.size);
  put_u64(body, token.cursor.rank);
  if (token.cursor.after) {
    put_i64(body, token.cursor.after->time_ms);
    put_u64(body, token.cursor.after->place.leaf);
    put_u32(body, token.cursor.after->place.event);
  }
  if (token.cursor.remaining) put_u64(body, *token.cursor.remaining);
  put_string(body, token.name);
  return body;
}

std::optional<PageToken> decode_token(BytesView body) {
  Decoder decoder(body);
  PageToken token;
  uint8_t flags = 0;
  bool good = decoder.get_u8(flags) && decoder.get_i64(token.expires_ms) &&
              decoder.get_u64(token.cursor.size) && decoder.get_u64(token.cursor.rank);
  if (good && (flags & kHasSpot) != 0) {
    Spot& spot = token.cursor.after.emplace();
    good = decoder.get_i64(spot.time_ms) && decoder.get_u64(spot.place.leaf) &&
           decoder.get_u32(spot.place.event);
  }
  if (good && (flags & kHasRemaining) != 0)
    good = decoder.get_u64(token.cursor.remaining.emplace());
  good = good && decoder.get_string(token.name) && decoder.done();
  return good ? std::optional<PageToken>(std::move(token)) : std::nullopt;
}

}  // namespace

Bytes PageTokens::mac(std::string_view use, std::string_view asked, BytesView body) const {
  Bytes text = Bytes(use) + "\n";
  put_string(text, asked);
  text += body;
  return Bytes(hmac_sha256(secret_.view(), text).view().substr(0, kMacBytes));
}

// Hex, because it is used in URLs and headers unchanged.
std::string PageTokens::write(const PageToken& token, std::string_view asked) const {
  const Bytes body = encode_token(token);
  const Bytes asked_for = mac(kOfQuestion, asked, body) + body;
  return to_hex(mac(kOfHere, {}, asked_for) + asked_for);
}

std::optional<Bytes> PageTokens::opened(std::string_view text) const {
  if (text.size() > kTokenBytesMax) return std::nullopt;
  auto bytes = from_hex(text);
  if (!bytes || bytes->size() < 2 * kMacBytes) return std::nullopt;
  Bytes rest = bytes->substr(kMacBytes);
  const BytesView first = BytesView(*bytes).substr(0, kMacBytes);
  if (!equal_in_constant_time(mac(kOfHere, {}, rest), first)) return std::nullopt;
  return rest;
}

Result<PageToken> PageTokens::read(std::string_view text, std::string_view asked,
                                   int64_t now_ms) const {
  const auto bytes = opened(text);
  if (!bytes) return bad_token();
  const Bytes name = bytes->substr(0, kMacBytes);
  const BytesView body = BytesView(*bytes).substr(kMacBytes);
  if (!equal_in_constant_time(mac(kOfQuestion, asked, body), name)) return bad_token();
  auto token = decode_token(body);
  if (!token || now_ms >= token->expires_ms) return bad_token();
  const std::scoped_lock lock(mutex_);
  if (ended_.contains(name)) return bad_token();
  return *std::move(token);
}

void PageTokens::end(std::string_view text, int64_t now_ms) {
  const auto bytes = opened(text);
  if (!bytes) return;
  const std::scoped_lock lock(mutex_);
  if (ended_.size() >= kEndedTokensMax) {
    std::erase_if(ended_, [&](const auto& one) { return one.second + kTokenLifeMs <= now_ms; });
  }
  if (ended_.size() >= kEndedTokensMax) {
    ended_.erase(std::ranges::min_element(
        ended_, {}, [](const auto& one) { return one.second; }));
  }
  ended_.insert_or_assign(bytes->substr(0, kMacBytes), now_ms);
}

}  // namespace suyuan::epcis
