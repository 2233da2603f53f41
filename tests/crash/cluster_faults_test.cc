// Three nodes and three members of etcd that are restarted, slow, paused, killed, or without clock
// or disk, under load.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "tests/crash/faulty_cluster.h"
#include "tests/e2e/http_client.h"

namespace suyuan::test {
namespace {

using namespace std::chrono_literals;

TEST_F(FaultyCluster, RestartsSlowMembersAndADiskThatIsNew) {
  const uint32_t seed = fault_seed();
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);
  begin();
  const auto restart_all = [&] {
    for (size_t i = 0; i < kNodes; ++i) {
      EXPECT_EQ(stop(i), 0);
      start(i);
      EXPECT_TRUE(follows(i)) << "the next is not stopped before";
      etcd_->member(i).end(SIGTERM);
      etcd_->member(i).start();
      EXPECT_TRUE(etcd_->member(i).wait_until_it_listens());
      EXPECT_TRUE(goes_on()) << "restarted: " << i;
    }
  };
  const auto slow_down = [&] {
    const size_t i = random() % kNodes;
    const SlowedDown node(nodes_[i]->pid());
    const SlowedDown member(etcd_->member((i + 1) % kNodes).pid());
    std::this_thread::sleep_for(1500ms);
    EXPECT_TRUE(goes_on()) << "slow: node " << i << " and a member";
  };
  const auto lose_disk = [&] {
    const size_t i = 1 + random() % (kNodes - 1);  // the keys for the others are on node 0
    stop(i, SIGKILL);
    watcher_->forget(i);
    wipe(i);
    EXPECT_TRUE(goes_on()) << "while node " << i << " is not there";
    start(i);
    EXPECT_TRUE(follows(i)) << "joined under load: " << i;
  };
  std::vector<std::function<void()>> all = {restart_all, slow_down, lose_disk};
  for (size_t round = 0; round < fault_rounds() && !HasFailure(); ++round) {
    std::ranges::shuffle(all, random);
    for (const auto& one : all) one();
  }
  end("restarts, slow members, a new disk");
}

// Each process in turn, one at a time. A node is paused past its lease of 3 s: it resumes unaware,
// with what it had under way, while others have ordered.
TEST_F(FaultyCluster, EachNodeAndEachMemberIsPausedAndThenKilled) {
  constexpr auto kPause = 4s;
  begin();
  const auto pause_node = [&](size_t i) {
    const std::string address = rpc(i);
    move_to(i, "");  // who waits for its answer waits on; nobody else asks it
    ::kill(nodes_[i]->pid(), SIGSTOP);
    std::this_thread::sleep_for(kPause);
    EXPECT_TRUE(goes_on()) << "while node " << i << " is paused";
    ::kill(nodes_[i]->pid(), SIGCONT);
    move_to(i, address);
    EXPECT_TRUE(follows(i)) << "resumed: " << i;
    EXPECT_TRUE(takes(i)) << "it orders again: " << i;
  };
  const auto pause_member = [&](size_t i) {
    etcd_->member(i).pause();
    std::this_thread::sleep_for(kPause);
    EXPECT_TRUE(goes_on()) << "while member " << i << " is paused";
    etcd_->member(i).resume();
    EXPECT_TRUE(goes_on()) << "member resumed: " << i;
  };
  const auto kill_node = [&](size_t i) {
    stop(i, SIGKILL);
    EXPECT_TRUE(goes_on()) << "without node " << i;
    start(i);
    EXPECT_TRUE(follows(i)) << "started again: " << i;
    EXPECT_TRUE(takes(i));
  };
  const auto kill_member = [&](size_t i) {
    etcd_->member(i).end(SIGKILL);
    EXPECT_TRUE(goes_on()) << "without member " << i;
    etcd_->member(i).start();
    EXPECT_TRUE(etcd_->member(i).wait_until_it_listens());
    EXPECT_TRUE(goes_on()) << "member started again: " << i;
  };
  for (size_t round = 0; round < fault_rounds() && !HasFailure(); ++round) {
    for (size_t i = 0; i < kNodes && !HasFailure(); ++i) {
      pause_node(i);
      pause_member(i);
      kill_node(i);
      kill_member(i);
    }
  }
  end("each node and member paused, then killed");
}

// Debian's libfaketime reads a node's clock from a file. It does not change the monotonic clock,
// which nodes use to wait. etcd does not order by a clock, and as a Go program it could not be
// faked.
class FaultyClocks : public FaultyCluster {
 protected:
  static constexpr const char* kLibrary =
      "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

  bool prepare() override {
    const bool is_there = ::access(kLibrary, R_OK) == 0;
    if (!is_there) skip();
    constexpr std::array kFirst = {"-40", "+0", "+40"};
    for (size_t i = 0; i < kNodes; ++i) set_clock(i, kFirst[i]);
    return is_there;
  }
  static void skip() { GTEST_SKIP() << "libfaketime is not installed (Debian: faketime)"; }
  std::string clock_file(size_t i) const { return folder_ + "/clock-" + std::to_string(i); }
  void set_clock(size_t i, const std::string& seconds) const {
    const std::string next = clock_file(i) + ".next";
    std::ofstream(next) << seconds << "\n";
    std::filesystem::rename(next, clock_file(i));  // so that it is never read half written
  }
  std::vector<std::string> before(size_t i) const override {
    return {"env",
            std::string("LD_PRELOAD=") + kLibrary,
            "FAKETIME_TIMESTAMP_FILE=" + clock_file(i),
            "FAKETIME_NO_CACHE=1",
            "FAKETIME_DONT_FAKE_MONOTONIC=1",
            "NO_FAKE_STAT=1"};
  }
};

TEST_F(FaultyClocks, ThatDifferBySecondsOrHours) {
  begin();
  EXPECT_TRUE(goes_on()) << "40 s apart they do not notice";
  for (size_t round = 0; round < fault_rounds() && !HasFailure(); ++round) {
    set_clock(2, "+3600");
    EXPECT_TRUE(says(2, "clock"));
    EXPECT_TRUE(goes_on()) << "with the others";
    EXPECT_TRUE(follows(2)) << "what they order it takes";
    set_clock(2, "+40");
    EXPECT_TRUE(takes(2));

    set_clock(1, "-3600");
    EXPECT_TRUE(says(1, "BUSY"));
    const uint64_t held_at = stand(0).leaves;
    EXPECT_TRUE(goes_on()) << "with the others";
    EXPECT_LE(stand(1).leaves, held_at) << "it follows nothing that it takes for the future";
    set_clock(1, "+0");
    EXPECT_TRUE(follows(1));
    EXPECT_TRUE(takes(1));
  }
  end("clocks that differ");
}

// One node is left. Its clock advances by eleven minutes, and log time does not.
TEST_F(FaultyClocks, WhereNoMajorityIsHeardWhatHappensNowWaitsAndIsTakenLater) {
  constexpr int64_t kAheadMs = 11 * 60 * 1000;
  Load load(data(0), rpc(0));
  ASSERT_TRUE(settle());
  const auto gauge = [&] { return metric(nodes_[0]->http_port(), "suyuan_order_clocks_missing"); };
  EXPECT_TRUE(eventually([&] { return gauge() == 0; }));
  EXPECT_EQ(stop(1), 0);
  EXPECT_EQ(stop(2), 0);
  for (size_t i = 0; i < kNodes; ++i) set_clock(i, "+660");
  EXPECT_TRUE(eventually([&] { return gauge() == 1; }));

  const Submission of_before = load.next();
  load.date_ahead(kAheadMs);
  const Submission of_now = load.next();
  std::string why;
  EXPECT_TRUE(eventually([&] {
    const auto answer = ask(0)->submit(of_now);
    why = answer.outcome ? "it is taken" : to_text(answer.outcome.error().front());
    return answer.outcome || why.find("log time is ") != std::string::npos;
  })) << why;
  EXPECT_NE(why.find("BUSY"), std::string::npos) << why;
  EXPECT_NE(why.find("log time is "), std::string::npos) << why;
  const auto taken = ask(0)->submit(of_before);
  EXPECT_TRUE(taken.outcome) << to_text(taken.outcome.error().front());

  start(1);
  EXPECT_TRUE(eventually([&] { return ask(0)->submit(of_now).outcome.has_value(); }));
  EXPECT_EQ(gauge(), 0);
  start(2);
  EXPECT_TRUE(settle());
}

// Node 2 and the third member, each on a small file system of their own.
class FullDisks : public FaultyCluster {
 protected:
  bool prepare() override {
    is_there_ = ::unshare(CLONE_NEWNS) == 0 &&
                ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                mount_small(data(2), "size=400m,mode=700") &&
                mount_small(member_data(), "size=200m,mode=700");
    if (!is_there_) skip();
    return is_there_;
  }
  void clear() override {
    ::umount2(data(2).c_str(), MNT_DETACH);
    ::umount2(member_data().c_str(), MNT_DETACH);
  }
  static void skip() { GTEST_SKIP() << "a small file system can be mounted by root alone"; }
  std::string member_data() const { return folder_ + "/etcd-m02"; }
  bool mount_small(const std::string& at, const char* options) const {
    std::filesystem::create_directories(at);
    return ::mount("none", at.c_str(), "tmpfs", 0, options) == 0;
  }
  std::vector<std::string> more_options(size_t) const override {
    return {"--disk-reserve-mib", "32"};
  }
  // Leaves only these last bytes free, even if others write in that time.
  static void fill(const std::string& folder, off_t but) {
    struct statvfs state {};
    ASSERT_EQ(::statvfs(folder.c_str(), &state), 0);
    const int file = ::open((folder + "/ballast").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ASSERT_GE(file, 0);
    off_t end = 0;
    off_t piece = static_cast<off_t>(uint64_t{state.f_bavail} * state.f_frsize) - but;
    for (; piece > 0; piece = but > 0 ? 0 : piece / 2) {
      while (::posix_fallocate(file, end, piece) == 0) end += piece;
    }
    ::close(file);
    EXPECT_GT(end, 0);
  }
  static void empty(const std::string& folder) { std::filesystem::remove(folder + "/ballast"); }

  bool is_there_ = false;
};

TEST_F(FullDisks, OfANodeAndOfAMember) {
  begin();
  for (size_t round = 0; round < fault_rounds() && !HasFailure(); ++round) {
    fill(data(2), 8 << 20);  // less than the reserve
    EXPECT_TRUE(says(2, "nearly full"));
    EXPECT_NE(refusal(2).find("READ_ONLY"), std::string::npos);
    EXPECT_GT(stand(2).leaves, 0U) << "reading continues";
    EXPECT_TRUE(goes_on()) << "with the other nodes";
    empty(data(2));
    EXPECT_TRUE(follows(2));
    EXPECT_TRUE(takes(2)) << "without a restart";

    fill(member_data(), 0);
    std::this_thread::sleep_for(1s);
    EXPECT_TRUE(goes_on()) << "with two members, whatever the third does";
    etcd_->member(2).end(SIGKILL);
    empty(member_data());
    etcd_->member(2).start();
    EXPECT_TRUE(etcd_->member(2).wait_until_it_listens()) << "it goes on over what it has";
    EXPECT_TRUE(goes_on());
  }
  end("full disks");
}

}  // namespace
}  // namespace suyuan::test
