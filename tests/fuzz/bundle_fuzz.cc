// Provenance bundles: what the reader takes, its writer writes again with the same meaning; and no
// bundle but an honest one is ever proven, whatever happens to the bytes.
#include "proto/json/bundle_json.h"
#include "tests/fuzz/fuzz.h"

namespace {

// Of tests/vectors/bundles: the corpus comes from there.
constexpr const char* kPolicy =
    "log ledger.example/test+7d786ed1+AYj15IHP9igbRSiZSV0WdZClossKipjPMNAHgFuZJxvX\n"
    "witness a witness.example/a+4889afde+BK8Go+MpFxTk81bBnJsVzRlR7G5mYqp3vgdUfyiTgzQd\n"
    "witness b witness.example/b+42e0017a+BC3wQSXwAVr7R86FOu+HcglP+UmMFMsbnhKXPCkn2g+m\n"
    "group g 1 a b\n"
    "quorum g\n";
constexpr int64_t kNowMs = 1'780'358'460'000;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  static const Policy policy = parse_policy(kPolicy).value();
  const auto text = fuzz::text(data, size);
  const auto bundle = parse_bundle_json(text);
  if (!bundle) return 0;
  const auto again = parse_bundle_json(write_bundle_json(*bundle));
  SUYUAN_CHECK(again && *again == *bundle);
  const auto verdict = verify_bundle(*bundle, policy, kNowMs, decode_any_payload);
  SUYUAN_CHECK((verdict.judged == Judged::refused) == verdict.fault.has_value());
  // The tree's root is the log's own word: nobody signed another.
  constexpr uint64_t kSize = 18;
  if (!verdict.fault) SUYUAN_CHECK(verdict.size == kSize);
  return 0;
}
