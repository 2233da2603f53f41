// All three sites lose their power at once: each has a file system of its own on a file, which
// forgets all that was not synced (ext4's shutdown without a flush of its journal, as xfstests do
// it), and their processes end. By command alone: tests/crash/cluster.sh.
#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "tests/crash/faulty_cluster.h"

namespace suyuan::test {
namespace {

// linux/ext4.h has it, where there is one.
constexpr unsigned long kExt4Shutdown = _IOR('X', 125, uint32_t);
constexpr uint32_t kWithoutFlush = 2;
constexpr off_t kDiskBytes = off_t{2} << 30;  // of which what is written takes room

class PoweredSites : public FaultyCluster {
 protected:
  bool prepare() override {
    if (std::getenv("SUYUAN_POWER") == nullptr) {
      skip("by command: tests/crash/cluster.sh");
      return false;
    }
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
      skip("file systems can be mounted by root alone");
      return false;
    }
    for (size_t i = 0; i < kNodes; ++i) {
      if (make_disk(i) && plug_in(i)) continue;
      skip("no ext4 on a loop device can be made here");
      return false;
    }
    return true;
  }
  void clear() override {
    for (size_t i = 0; i < kNodes; ++i) unplug(i);
  }
  static void skip(const char* why) { GTEST_SKIP() << why; }

  std::string site(size_t i) const { return folder_ + "/site-" + std::to_string(i); }
  std::string member_data(size_t i) const { return folder_ + "/etcd-m0" + std::to_string(i); }
  bool make_disk(size_t i) const {
    const std::string image = site(i) + ".ext4";
    const int file = ::open(image.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    const bool is_made = file >= 0 && ::ftruncate(file, kDiskBytes) == 0;
    ::close(file);
    return is_made && run_program({"mkfs.ext4", "-q", "-F", image}) == 0;
  }
  // The disk of a site under the names of its node's folder and its member's.
  bool plug_in(size_t i) const {
    const std::vector<std::pair<std::string, std::string>> parts = {
        {site(i) + "/node", data(i)}, {site(i) + "/etcd", member_data(i)}};
    std::filesystem::create_directories(site(i));
    if (run_program({"mount", "-o", "loop", site(i) + ".ext4", site(i)}) != 0) return false;
    for (const auto& [part, name] : parts) {
      std::filesystem::create_directories(part);
      std::filesystem::permissions(part, std::filesystem::perms::owner_all);
      std::filesystem::create_directories(name);
      if (::mount(part.c_str(), name.c_str(), nullptr, MS_BIND, nullptr) != 0) return false;
    }
    return true;
  }
  void unplug(size_t i) const {
    for (const std::string& at : {data(i), member_data(i), site(i)}) ::umount2(at.c_str(), 0);
  }
  void lose_power() {
    // A name of its own each time: a file that is there, cut to nothing and written again, is put
    // on the disk by ext4 at its close.
    const std::string unsynced = "/unsynced-" + std::to_string(++cuts_);
    for (size_t i = 0; i < kNodes; ++i) std::ofstream(site(i) + unsynced) << "forgotten";
    for (size_t i = 0; i < kNodes; ++i) {
      const int at = ::open(site(i).c_str(), O_RDONLY | O_CLOEXEC);
      uint32_t how = kWithoutFlush;
      EXPECT_EQ(::ioctl(at, kExt4Shutdown, &how), 0);
      ::close(at);
    }
    for (size_t i = 0; i < kNodes; ++i) {
      stop(i, SIGKILL);
      etcd_->member(i).end(SIGKILL);
    }
    for (size_t i = 0; i < kNodes; ++i) {
      unplug(i);
      ASSERT_TRUE(plug_in(i));
      std::string kept;  // its name may be there, by somebody else's sync
      std::getline(std::ifstream(site(i) + unsynced), kept);
      EXPECT_EQ(kept, "") << "it was no loss of power";
    }
  }
  void return_power() {
    for (size_t i = 0; i < kNodes; ++i) etcd_->member(i).start();
    for (size_t i = 0; i < kNodes; ++i) {
      ASSERT_TRUE(etcd_->member(i).wait_until_it_listens());
    }
    for (size_t i = 0; i < kNodes; ++i) start(i);
  }

 private:
  size_t cuts_ = 0;
};

TEST_F(PoweredSites, ThatAllLosePowerKeepWhatTheyAcknowledged) {
  begin();
  for (size_t round = 0; round < fault_rounds() && !HasFailure(); ++round) {
    EXPECT_TRUE(goes_on(100));
    lose_power();
    ASSERT_FALSE(HasFatalFailure());
    return_power();
    EXPECT_TRUE(goes_on());
  }
  end("power lost at all sites");
}

}  // namespace
}  // namespace suyuan::test
