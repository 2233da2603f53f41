// An erased section's bytes leave the shared log too: its group is deleted from etcd as soon as all
// nodes have the notice, and from etcd's file once that is compacted and defragmented.
#include <algorithm>

#include "client/seal.h"
#include "ledger/batch/notice.h"
#include "ledger/batch/sign.h"
#include "ledger/os/files.h"
#include "tests/crash/cluster.h"
#include "tests/e2e/http_client.h"

namespace suyuan::test {
namespace {

constexpr uint64_t kUntilMs = 9'000'000'000'000;

// Bytes that no compression can hide.
Bytes sealed_bytes() {
  Bytes bytes;
  while (bytes.size() < 2048) bytes += random_fixed<Hash>().view();
  return bytes;
}

// Returns the files below the folder that hold any of 16 parts of the bytes.
std::vector<std::string> files_with(const std::string& folder, const Bytes& bytes) {
  std::vector<std::string> found;
  std::error_code gone;  // files come and go
  for (auto at = std::filesystem::recursive_directory_iterator(folder, gone);
       at != std::filesystem::recursive_directory_iterator(); at.increment(gone)) {
    if (!at->is_regular_file(gone)) continue;
    std::ifstream file(at->path(), std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    bool holds = false;
    for (size_t part = 0; part < bytes.size() && !holds; part += 128)
      holds = text.find(bytes.substr(part, 64)) != std::string::npos;
    if (holds) found.push_back(at->path().string());
  }
  return found;
}

class ClusterErasure : public Cluster {
 protected:
  std::unique_ptr<Kv> kv() const {
    auto opened = open_etcd({.endpoints = etcd_->endpoints()});
    EXPECT_TRUE(opened);
    return *std::move(opened);
  }
  // Returns the number of groups in etcd that hold the bytes. `revision`, if not null, receives the
  // revision.
  size_t groups_with(const Bytes& bytes, int64_t* revision = nullptr) const {
    const auto read = kv()->txn({.then = {LogKeys{kLog}.groups_from(0)}});
    EXPECT_TRUE(read);
    if (!read) return SIZE_MAX;
    if (revision != nullptr) *revision = read->revision;
    const Bytes part = bytes.substr(512, 64);
    return static_cast<size_t>(std::ranges::count_if(read->ranges[0], [&](const KvPair& pair) {
      return pair.value.find(part) != Bytes::npos;
    }));
  }
  std::vector<std::string> databases_with(const Bytes& bytes) const {
    std::vector<std::string> found;
    for (size_t i = 0; i < kNodes; ++i) {
      for (const auto& file : files_with(etcd_->member(i).data() + "/member/snap", bytes))
        found.push_back(file);
    }
    return found;
  }
  // Returns a batch of one event with one section, for its owner only.
  static Submission sealed_batch(const Load& load, const Bytes& secret, Hash& digest) {
    TraceEvent event{.type = EventType::object,
                     .kind = Kind::supply,
                     .action = Action::add,
                     .event_time = {.ms = 1'780'000'000'000}};
    event.step = "commissioning";
    event.objects = {{.code = "https://id.gs1.org/01/09521104301011/21/SEALED"}};
    const auto sealed = seal_event(
        {.event = event,
         .sealed = {{.audience = Audience::owner, .label = "price", .content = secret}}},
        "maker", random_salt);
    SUYUAN_CHECK(sealed.has_value());
    const auto& section = sealed->event.body.sections.at(0);
    digest = section_digest("maker", Audience::owner, section.salt, section.bytes);
    auto batch = sign_batch(load.ledger().id, PayloadType::event_capnp, {sealed->event}, kUntilMs,
                            random_fixed<Nonce>(), signer_of(load.key()));
    SUYUAN_CHECK(batch.has_value());
    return *std::move(batch);
  }
  static std::string erasure(const Load& load, Place place, const Hash& digest) {
    const std::string text = write_erase_text({.ledger = load.ledger().id,
                                               .party = "maker",
                                               .leaf = place.leaf,
                                               .event = place.event,
                                               .section = digest,
                                               .ground = EraseGround::consent_withdrawn,
                                               .nonce = random_fixed<Nonce>()});
    const auto& pair = load.key().pair;
    return write_note(
        {.text = text, .signatures = {sign_note(text, "maker", pair.secret, pair.key)}});
  }
  // As `etcdctl defrag` does. Returns false if this etcd has no HTTP.
  bool defragment() const {
    for (size_t i = 0; i < kNodes; ++i) {
      const std::string& address = etcd_->member(i).client();
      HttpClient http(
          static_cast<uint16_t>(std::stoul(address.substr(address.rfind(':') + 1))));
      if (http.post("/v3/maintenance/defragment", "{}").status != 200) return false;
    }
    return true;
  }
};

TEST_F(ClusterErasure, TakesTheGroupsOutOfEtcdOnceAllNodesHaveTheNotice) {
  Load load(data(0), rpc(0));
  const Bytes secret = sealed_bytes();
  Hash digest;
  const Submission batch = sealed_batch(load, secret, digest);
  const auto taken = connect(rpc(0))->submit(batch);
  ASSERT_TRUE(taken.outcome) << to_text(taken.outcome.error().front());
  ASSERT_TRUE(settle());
  // Control: the bytes are in the log, on etcd's disks and on those of the nodes.
  ASSERT_EQ(groups_with(secret), 1U);
  EXPECT_TRUE(eventually([&] { return databases_with(secret).size() == kNodes; }));
  for (size_t i = 0; i < kNodes; ++i) EXPECT_FALSE(files_with(data(i), secret).empty());

  const auto noticed =
      connect(rpc(1))->submit_notice(erasure(load, {.leaf = taken.outcome->leaf}, digest));
  ASSERT_TRUE(noticed.outcome) << to_text(noticed.outcome.error().front());
  for (size_t i = 0; i < kNodes; ++i) {
    EXPECT_TRUE(eventually([&] { return files_with(data(i), secret).empty(); })) << "node " << i;
  }
  int64_t revision = 0;
  EXPECT_TRUE(eventually([&] { return groups_with(secret, &revision) == 0; }));
  // The leading node requests this within minutes.
  ASSERT_TRUE(kv()->compact(revision));
  if (!defragment()) GTEST_SKIP() << "this etcd takes no HTTP, and etcdctl is none of its package";
  EXPECT_TRUE(eventually([&] { return databases_with(secret).empty(); }));
  size_t logs = 0;
  for (size_t i = 0; i < kNodes; ++i) {
    if (!files_with(etcd_->member(i).data() + "/member/wal", secret).empty()) ++logs;
  }
  std::printf("%zu of %zu members still have it in their write-ahead log (docs/erasure.md)\n", logs,
              kNodes);
  // Nothing is missing: a node comes back, and the ledger continues.
  EXPECT_EQ(stop(2), 0);
  start(2);
  load.post_one(*connect(rpc(2)));
  EXPECT_TRUE(settle());
}

}  // namespace
}  // namespace suyuan::test
