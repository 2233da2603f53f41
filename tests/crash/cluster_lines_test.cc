// Three sites, each with a node and a member of etcd, and the links between them: cut in both
// directions, or in one only.
#include "tests/crash/faulty_cluster.h"
#include "tests/support/line.h"

namespace suyuan::test {
namespace {

using namespace std::chrono_literals;

// Each site in a network of its own.
class Sites : public FaultyCluster {
 protected:
  bool prepare() override {
    const std::string why = networks_.make(kNodes);
    if (!why.empty()) {
      skip(why);
      return false;
    }
    std::vector<EtcdCluster::Site> sites;
    for (size_t i = 0; i < kNodes; ++i) {
      sites.push_back({.network = networks_.of(i), .host = Networks::address(i)});
    }
    etcd_.emplace(folder_, sites);
    return true;
  }
  static void skip(const std::string& why) {
    GTEST_SKIP() << why << ". Lines between nodes and etcd are cut all the same, by LinesToEtcd";
  }
  int network(size_t i) const override { return networks_.of(i); }
  // A node uses the member of its own site first.
  std::string endpoints_of(size_t i) const override {
    std::string all;
    for (size_t k = 0; k < kNodes; ++k) {
      all += (all.empty() ? "" : ",") + etcd_->member((i + k) % kNodes).client();
    }
    return all;
  }
  Networks networks_;
};

TEST_F(Sites, ThatAreCutOffGoOnWhereAMajorityIs) {
  const uint32_t seed = fault_seed();
  std::printf("seed %u\n", seed);
  begin();
  for (size_t round = 0; round < fault_rounds() && !HasFailure(); ++round) {
    const size_t alone = (seed + round) % kNodes;
    SCOPED_TRACE("site " + std::to_string(alone));
    networks_.isolate(alone);
    EXPECT_TRUE(says(alone, "BUSY")) << "nobody takes what would be lost";
    EXPECT_GT(stand(alone).leaves, 0U) << "reading continues";
    EXPECT_TRUE(goes_on()) << "with the two others";
    networks_.heal();
    EXPECT_TRUE(follows(alone));
    // It hears everyone and nobody hears it: etcd's election must survive that.
    const size_t mute = (alone + 1) % kNodes;
    for (size_t to = 0; to < kNodes; ++to) {
      if (to != mute) networks_.cut(mute, to);
    }
    std::this_thread::sleep_for(1500ms);
    EXPECT_TRUE(goes_on()) << "without site " << mute << ", which is not heard";
    networks_.heal();
    EXPECT_TRUE(follows(mute));
  }
  end("sites cut off");
}

// For machines where no network namespace may be made: cuts the links from one node to all members.
class LinesToEtcd : public FaultyCluster {
 protected:
  bool prepare() override {
    etcd_.emplace(folder_, kNodes);
    for (size_t i = 0; i < kNodes; ++i) {
      lines_.push_back(std::make_unique<Line>(etcd_->member(i).client()));
    }
    return true;
  }
  void clear() override { lines_.clear(); }
  std::string endpoints_of(size_t i) const override {
    if (i != 0) return endpoints();
    std::string all;
    for (const auto& line : lines_) all += (all.empty() ? "" : ",") + line->address();
    return all;
  }
  void cut(bool is_cut) {
    for (const auto& line : lines_) line->cut(is_cut);
  }

  std::vector<std::unique_ptr<Line>> lines_;
};

TEST_F(LinesToEtcd, ThatAreCutMakeTheNodeBusyAndNothingElse) {
  begin();
  for (size_t round = 0; round < fault_rounds() && !HasFailure(); ++round) {
    cut(true);
    EXPECT_TRUE(says(0, "BUSY"));
    EXPECT_GT(stand(0).leaves, 0U) << "reading continues";
    EXPECT_TRUE(goes_on()) << "with the others";
    cut(false);
    EXPECT_TRUE(follows(0));
  }
  end("lines to etcd cut");
}

}  // namespace
}  // namespace suyuan::test
