// A disk that rots: flipped bits, and blocks that are zeroed, doubled or written to another place.
// In every kind of file, each is refused when the store is opened, found by the acknowledged mark,
// found by reading, or changes nothing that anyone can read. There is never a wrong answer.
#include <gtest/gtest.h>

#include "node/ops/watermark.h"
#include "tests/faults/disk_fs.h"
#include "tests/faults/script.h"
#include "tests/faults/unchecked.h"
#include "tests/faults/wal.h"

namespace suyuan::test {
namespace {

constexpr size_t kCommits = 60;
constexpr size_t kRotBlock = 4096;

struct Found {
  size_t tried = 0;
  size_t opening = 0;
  size_t mark = 0;
  size_t reading = 0;
  size_t harmless = 0;
  size_t wrong = 0;
};

enum class Defence : uint8_t { all, no_mark, no_log_check, no_checksums };

class Rot : public ::testing::Test {
 protected:
  Rot() : random_(fault_seed()) {
    Disk disk(fresh_disk(script_));
    const auto env = env_on(disk);
    // Runs twice: what the first run leaves in its log goes into tables when the second begins.
    size_t next = 1;
    for (const size_t end : {script_.size() / 2, script_.size()}) {
      const auto store = open_on(*env);
      SUYUAN_CHECK(store.has_value());
      for (; next < end; ++next)
        SUYUAN_CHECK((*store)->commit(script_.commit(next)).has_value());
      values_ = values_of((*store)->latest(), {Table::record, Table::chain});
      attachments_ = values_of((*store)->latest(), {Table::attachment});
    }
    state_ = disk.state();
  }

  // Returns "log", "sst", "blob", "MANIFEST", ...: the part of the file name after the last dot or
  // before the first hyphen.
  static std::string kind_of(const std::string& path) {
    const std::string name = path.substr(path.rfind('/') + 1);
    const size_t dot = name.rfind('.');
    return dot != std::string::npos ? name.substr(dot + 1) : name.substr(0, name.find('-'));
  }
  std::map<std::string, std::vector<std::string>> files_by_kind() const {
    std::map<std::string, std::vector<std::string>> kinds;
    for (const auto& [name, file] : state_.names) {
      if (state_.files.at(file)->size > 0) kinds[kind_of(name)].push_back(name);
    }
    return kinds;
  }
  const std::string& any(const std::vector<std::string>& names) {
    return names[random_() % names.size()];
  }

  void judge(DiskState damaged, Defence defence, Found& found) {
    ++found.tried;
    Disk disk(std::move(damaged));
    const auto env = env_on(disk);
    std::unique_ptr<RocksStore> checked;
    std::unique_ptr<Reader> unchecked;
    if (defence == Defence::no_checksums || defence == Defence::no_log_check) {
      unchecked = open_unchecked(*env, defence == Defence::no_checksums ? Checks::none
                                                                        : Checks::of_rocksdb);
    } else if (auto store = open_on(*env)) {
      checked = *std::move(store);
    }
    if (!checked && !unchecked) return void(++found.opening);
    const Reader& reader = checked ? checked->latest() : *unchecked;
    if (defence == Defence::all || defence == Defence::no_log_check) {
      const Mark mark{.epoch = 1, .tree = script_.tree_after(script_.size())};
      if (!check_watermark(mark, reader)) return void(++found.mark);
    }
    const auto held = script_.held(reader);
    if (!held) return void(++found.reading);
    if (*held && **held == script_.size()) return void(++found.harmless);
    ++found.wrong;
  }

  // Flips one bit in a file of the kind. In a log, every second flip is in a record's header, where
  // damage can look like an unfinished record.
  DiskState flipped(const std::string& kind, const std::vector<std::string>& names) {
    DiskState damaged = state_;
    const std::string& name = any(names);
    std::string bytes = contents(damaged, name);
    size_t at = random_() % bytes.size();
    if (kind == "log" && random_() % 2 == 0) {
      const auto ends = record_ends(bytes);
      if (ends.size() > 1) at = ends[ends.size() - 2] + random_() % 7;
    }
    bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1U << (random_() % 8)));
    put_contents(damaged, name, std::move(bytes));
    return damaged;
  }

  // For each record of the log: the disk with one bit of its length flipped, such that it is longer
  // than its file, if one bit can do that; and with the bit of its type flipped that marks recycled
  // logs. RocksDB takes both for the end of the log.
  std::vector<DiskState> ended(const std::string& name) const {
    std::vector<DiskState> all;
    const std::string bytes = contents(state_, name);
    auto ends = record_ends(bytes);
    ends.insert(ends.begin(), 0);
    const auto add = [&](size_t at, size_t value) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(value);
      put_contents(all.emplace_back(state_), name, std::move(damaged));
    };
    for (const size_t begin : ends) {
      if (begin + 7 > bytes.size()) break;
      const auto byte = [&](size_t at) { return size_t{static_cast<uint8_t>(bytes[begin + at])}; };
      if (byte(6) != 1) continue;  // not at a record's first byte, but between two blocks
      add(begin + 6, byte(6) ^ 4);
      for (size_t more = size_t{1} << 15; more >= size_t{1} << 8; more >>= 1) {
        const size_t length = byte(5) << 8;
        if ((length & more) != 0 || begin + 7 + length + more <= bytes.size()) continue;
        add(begin + 5, (length + more) >> 8);
        break;
      }
    }
    return all;
  }

  // A log without its last records: as after a lost write, with every checksum right.
  DiskState cut(const std::vector<std::string>& names) {
    DiskState damaged = state_;
    const std::string& name = any(names);
    std::string bytes = contents(damaged, name);
    const auto ends = record_ends(bytes);
    bytes.resize(ends[ends.size() - 1 - std::min(ends.size() - 1, size_t{1} + random_() % 5)]);
    put_contents(damaged, name, std::move(bytes));
    return damaged;
  }

  DiskState misplaced(const std::vector<std::string>& names, const std::vector<std::string>& all) {
    DiskState damaged = state_;
    const std::string& name = any(names);
    std::string bytes = contents(damaged, name);
    const size_t at = random_() % (bytes.size() / kRotBlock + 1) * kRotBlock;
    const size_t length = std::min(kRotBlock, bytes.size() - std::min(bytes.size(), at));
    std::string block(kRotBlock, '\0');  // zeroed
    const auto from = random_() % 3;
    if (from != 0) {  // another block of the same file, or of another
      const std::string other = from == 1 ? bytes : contents(state_, any(all));
      block = other.substr(random_() % (other.size() / kRotBlock + 1) * kRotBlock, kRotBlock);
      block.resize(kRotBlock, '\0');
    }
    bytes.replace(at, length, block, 0, length);
    put_contents(damaged, name, std::move(bytes));
    return damaged;
  }

  // Flips one bit of a value stored uncompressed in a file of the kind, so that only a checksum can
  // tell.
  DiskState flipped_value(const std::string& kind, const std::vector<std::string>& values) {
    DiskState damaged = state_;
    const auto kinds = files_by_kind();
    for (;;) {
      const std::string& name = any(kinds.at(kind));
      std::string bytes = contents(damaged, name);
      const size_t at = bytes.find(values[random_() % values.size()]);
      if (at == std::string::npos) continue;
      bytes[at + 5] = static_cast<char>(bytes[at + 5] ^ 1);
      put_contents(damaged, name, std::move(bytes));
      return damaged;
    }
  }

  static void print(std::string_view what, const Found& found) {
    std::printf("%.*s: %zu, refused at opening %zu, found by the mark %zu, found by reading %zu, "
                "harmless %zu, wrong answers %zu\n",
                static_cast<int>(what.size()), what.data(), found.tried, found.opening, found.mark,
                found.reading, found.harmless, found.wrong);
  }

  // From uncompressed tables.
  static std::vector<std::string> values_of(const Reader& reader,
                                            std::initializer_list<Table> tables) {
    std::vector<std::string> values;
    for (const Table table : tables) {
      const auto scanned = reader.scan(table, {}, {}, Direction::ascending,
                                       [&](BytesView, BytesView value) {
                                         values.emplace_back(value);
                                         return true;
                                       });
      SUYUAN_CHECK(scanned.has_value());
    }
    return values;
  }

  const Script script_{kCommits};
  std::mt19937_64 random_;
  DiskState state_;
  std::vector<std::string> values_;
  std::vector<std::string> attachments_;  // in blob files
};

// In four parts, so that they can run in parallel.
class RotPart : public Rot, public ::testing::WithParamInterface<size_t> {
 protected:
  RotPart() { random_.seed(fault_seed() + GetParam()); }
};

TEST_P(RotPart, OfOneBitInAnyFileIsFoundOrDoesNoHarm) {
  const size_t count = 500 * fault_factor();
  const auto kinds = files_by_kind();
  for (const char* kind : {"log", "sst", "blob", "MANIFEST", "CURRENT", "OPTIONS", "IDENTITY"}) {
    ASSERT_TRUE(kinds.contains(kind)) << "the script leaves no file of this kind";
  }
  std::map<std::string, Found> found;
  for (size_t i = 0; i < count; ++i) {
    // Small files in every eighth run of the kinds; the rest on files that hold rows.
    auto kind = kinds.begin();
    std::advance(kind, static_cast<std::ptrdiff_t>(random_() % kinds.size()));
    if (i % 2 == 0) kind = kinds.find(i % 4 == 0 ? "sst" : "log");
    judge(flipped(kind->first, kind->second), Defence::all, found[kind->first]);
  }
  std::printf("seed %llu, part %zu\n", static_cast<unsigned long long>(fault_seed()), GetParam());
  for (const auto& [kind, one] : found) {
    print(kind, one);
    EXPECT_EQ(one.wrong, 0U) << kind;
  }
  EXPECT_GT(found["sst"].mark, 0U);
  EXPECT_GT(found["sst"].reading, 0U);
}
INSTANTIATE_TEST_SUITE_P(Parts, RotPart, ::testing::Range(size_t{0}, size_t{4}));

TEST_F(Rot, OfABlockIsFoundOrDoesNoHarm) {
  const size_t count = 500 * fault_factor();
  const auto kinds = files_by_kind();
  std::vector<std::string> large;
  for (const char* kind : {"log", "sst", "blob", "MANIFEST"}) {
    large.insert(large.end(), kinds.at(kind).begin(), kinds.at(kind).end());
  }
  Found found;
  for (size_t i = 0; i < count; ++i) {
    const char* const turn[] = {"log", "sst", "blob", "MANIFEST"};
    judge(misplaced(kinds.at(turn[i % 4]), large), Defence::all, found);
  }
  print("blocks zeroed, doubled, misplaced", found);
  EXPECT_EQ(found.wrong, 0U);
}

TEST_F(Rot, OfABitThatRocksDbTakesForALogsEndIsFoundAtOpening) {
  const auto kinds = files_by_kind();
  for (const char* kind : {"MANIFEST", "log"}) {
    Found guarded;
    Found bare;
    for (const DiskState& damaged : ended(kinds.at(kind).back())) {
      judge(damaged, Defence::all, guarded);
      judge(damaged, Defence::no_log_check, bare);
    }
    print("ends of " + std::string(kind), guarded);
    print("control, not checked for ends of " + std::string(kind), bare);
    EXPECT_GT(guarded.tried, 20U) << kind;
    EXPECT_EQ(guarded.opening, guarded.tried) << kind;
    EXPECT_GT(bare.wrong + bare.mark, guarded.tried / 4) << kind;
  }
}

TEST_F(Rot, OfALogsEndIsFoundByTheMark) {
  const auto kinds = files_by_kind();
  Found guarded;
  Found bare;
  for (size_t i = 0; i < 60; ++i) {
    const DiskState damaged = cut(kinds.at("log"));
    judge(damaged, Defence::all, guarded);
    judge(damaged, Defence::no_mark, bare);
  }
  print("log cut between records", guarded);
  print("control, mark ignored", bare);
  EXPECT_EQ(guarded.wrong, 0U);
  EXPECT_GT(guarded.mark, 0U);
  EXPECT_GT(bare.wrong, 0U);
}

// Control test: without checksums the same damage gives wrong answers.
TEST_F(Rot, WithoutChecksumsGivesWrongAnswers) {
  const auto kinds = files_by_kind();
  Found bare;
  Found bare_blobs;
  Found blocks;
  Found guarded;
  for (size_t i = 0; i < 30; ++i) {
    // Only bits of values: a changed key breaks an invariant of RocksDB, which ends the process.
    const DiskState damaged = flipped_value("sst", values_);
    judge(damaged, Defence::no_checksums, bare);
    judge(damaged, Defence::all, guarded);
    const DiskState blob = flipped_value("blob", attachments_);
    judge(blob, Defence::no_checksums, bare_blobs);
    judge(blob, Defence::all, guarded);
    // Not in tables: without checksums RocksDB follows whatever a wrong block says.
    judge(misplaced(kinds.at("log"), kinds.at("log")), Defence::no_checksums, blocks);
  }
  print("control, checksums off", bare);
  print("control, checksums off, attachments", bare_blobs);
  print("control, checksums off, blocks zeroed, doubled, misplaced", blocks);
  print("the same values, checksums on", guarded);
  EXPECT_GT(blocks.wrong, 0U);
  EXPECT_GT(bare.wrong, 24U);
  EXPECT_GT(bare_blobs.wrong, 24U);
  EXPECT_EQ(guarded.wrong, 0U);
}

// The two marks themselves.
TEST_F(Rot, OfAMarkLeavesTheOtherSlotOrNone) {
  const Mark older{.epoch = 6, .tree = script_.tree_after(20)};
  const Mark newer{.epoch = 7, .tree = script_.tree_after(40)};
  Bytes file = encode_mark(older);
  file.resize(kMarkSlotStride, '\0');
  file += encode_mark(newer);
  file.resize(kMarkFileBytes, '\0');
  size_t fell_back = 0;
  for (size_t i = 0; i < 20000; ++i) {
    Bytes damaged = file;
    const size_t slot = random_() % 2 * kMarkSlotStride;
    const size_t at = slot + random_() % encode_mark(newer).size();
    damaged[at] = static_cast<char>(damaged[at] ^ static_cast<char>(1U << (random_() % 8)));
    const auto found = newest_mark(damaged);
    ASSERT_TRUE(found);
    ASSERT_TRUE(found->mark == older || found->mark == newer);
    if (found->mark == older) ++fell_back;
  }
  EXPECT_GT(fell_back, 9000U);
}

}  // namespace
}  // namespace suyuan::test
