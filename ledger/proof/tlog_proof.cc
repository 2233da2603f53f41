#include "ledger/proof/tlog_proof.h"

#include "ledger/base/text.h"

namespace suyuan {
namespace {

constexpr std::string_view kHeader = "c2sp.org/tlog-proof@v1";
constexpr uint64_t kIndexMax = ~uint64_t{0} >> 1;
// Base64 of 16 KiB: more than a checkpoint's extra data needs.
constexpr size_t kExtraBytesMax = 16 << 10;

Unexpected<Error> refuse(std::string message, size_t line) {
  return fail(Code::NOTE_SYNTAX, std::move(message), "line " + std::to_string(line));
}

// Lines of the head: what comes before the checkpoint.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  // Returns nullopt if no whole line is left.
  std::optional<std::string_view> take() {
    const size_t end = rest_.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    ++taken_;
    return line;
  }
  std::string_view rest() const { return rest_; }
  size_t taken() const { return taken_; }

 private:
  std::string_view rest_;
  size_t taken_ = 0;
};

}  // namespace

std::string write_tlog_proof(const TlogProof& proof) {
  SUYUAN_CHECK(proof.path.size() <= limits::kProofHashesMax && proof.index <= kIndexMax);
  std::string out(kHeader);
  out += '\n';
  if (proof.extra) out += "extra " + to_base64(*proof.extra) + "\n";
  out += "index " + std::to_string(proof.index) + "\n";
  for (const auto& hash : proof.path) out += to_base64(hash.view()) + "\n";
  return out + "\n" + proof.checkpoint;
}

Result<TlogProof> parse_tlog_proof(std::string_view text) {
  if (text.size() > 2 * limits::kCheckpointBytesMax) {
    return fail(Code::TOO_LARGE, "a tlog-proof has at most 128 KiB");
  }
  Lines lines(text);
  if (lines.take() != kHeader) return refuse("expected " + quote(kHeader), 1);
  TlogProof proof;
  auto line = lines.take();
  if (line && line->starts_with("extra ")) {
    proof.extra = from_base64(line->substr(6));
    if (!proof.extra || proof.extra->size() > kExtraBytesMax) {
      return refuse("expected extra data in standard padded base64", lines.taken());
    }
    line = lines.take();
  }
  const auto index = line && line->starts_with("index ") ? from_decimal(line->substr(6))
                                                         : std::nullopt;
  if (!index || *index > kIndexMax) return refuse("expected: index <decimal>", lines.taken());
  proof.index = *index;
  for (line = lines.take(); line && !line->empty(); line = lines.take()) {
    const auto hash = fixed_from_base64<Hash>(*line);
    if (!hash) return refuse("found " + quote(*line) + ", expected a hash", lines.taken());
    if (proof.path.size() == limits::kProofHashesMax) {
      return fail(Code::TOO_MANY, "an inclusion path has at most 63 hashes");
    }
    proof.path.push_back(*hash);
  }
  if (!line || lines.rest().empty()) {
    return refuse("expected a blank line and a checkpoint", lines.taken() + 1);
  }
  proof.checkpoint = lines.rest();
  return proof;
}

TlogVerdict verify_tlog_proof(const TlogProof& proof, const Hash& leaf_hash,
                              const Policy& policy) {
  auto accepted = accept_checkpoint(proof.checkpoint, policy);
  if (!accepted) return {.proven = false, .message = std::move(accepted.error().message)};
  if (!includes(accepted->opened.checkpoint.head, proof.index, leaf_hash, proof.path)) {
    return {.proven = false, .message = "the path does not lead from the entry to the root"};
  }
  return {.proven = true, .message = {}, .accepted = std::move(*accepted)};
}

}  // namespace suyuan
