// What the store tests share: a folder of their own, rows collected from scans, random changes.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>

#include "ledger/store/scanner.h"
#include "ledger/store/schema.h"
#include "ledger/store/store.h"

namespace suyuan {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "suyuan-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

using Row = std::pair<Bytes, Bytes>;

inline std::vector<Row> rows_of(const Reader& reader, Table table, BytesView from = {},
                                BytesView to = {},
                                Direction direction = Direction::ascending,
                                size_t most = SIZE_MAX) {
  std::vector<Row> rows;
  const auto done =
      reader.scan(table, from, to, direction, [&](BytesView key, BytesView value) {
        rows.emplace_back(key, value);
        return rows.size() < most;
      });
  EXPECT_TRUE(done) << to_text(done.error());
  return rows;
}

inline std::vector<Row> rows_of(Scanner& scanner, BytesView from, BytesView to,
                                size_t most = SIZE_MAX) {
  std::vector<Row> rows;
  const auto done = scanner.scan(from, to, [&](BytesView key, BytesView value) {
    rows.emplace_back(key, value);
    return rows.size() < most;
  });
  EXPECT_TRUE(done) << to_text(done.error());
  return rows;
}

inline std::optional<Bytes> value_of(const Reader& reader, Table table, BytesView key) {
  auto value = reader.get(table, key);
  EXPECT_TRUE(value) << to_text(value.error());
  return value ? *value : std::nullopt;
}

inline void expect_commit(Store& store, const Changes& changes) {
  const auto done = store.commit(changes);
  ASSERT_TRUE(done) << to_text(done.error());
}

inline void expect_code(const Result<Done>& result, Code code) {
  ASSERT_FALSE(result);
  EXPECT_EQ(info(result.error().code).name, info(code).name) << to_text(result.error());
}

// The state as the simplest program would keep it.
class Model {
 public:
  void apply(const Changes& changes) {
    for (const auto& [table, key, value] : changes) {
      if (value) {
        rows_[table][key] = *value;
      } else {
        rows_[table].erase(key);
      }
    }
  }
  std::vector<Row> rows(Table table, BytesView from, BytesView to, Direction direction) const {
    std::vector<Row> found;
    const auto all = rows_.find(table);
    if (all == rows_.end()) return found;
    for (const auto& [key, value] : all->second) {
      if (key >= from && (to.empty() || key < to)) found.emplace_back(key, value);
    }
    if (direction == Direction::descending) std::reverse(found.begin(), found.end());
    return found;
  }

 private:
  std::map<Table, std::map<Bytes, Bytes>> rows_;
};

// Keys under few code keys, so that rows meet; bounds, and the keys of other tables than chain and
// fact, may be shorter than a code key.
class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  uint64_t below(uint64_t bound) {
    return std::uniform_int_distribution<uint64_t>(0, bound - 1)(engine_);
  }
  Table table() {
    constexpr std::array kSome = {Table::fact, Table::chain, Table::head, Table::leaf};
    return kSome.at(below(kSome.size()));
  }
  Bytes key() {
    Bytes bytes(32, static_cast<char>(below(4) == 0 ? 0xff : below(5)));
    if (below(10) == 0) return bytes.substr(0, below(33));
    for (uint64_t i = below(3); i > 0; --i) bytes += static_cast<char>(below(3) * 127);
    return bytes;
  }
  // Bounds as the core uses them: anything, one code key's rows, or a part of them.
  std::pair<Bytes, Bytes> bounds() {
    Bytes from = key();
    switch (below(4)) {
      case 0: return {from, Bytes{}};
      case 1: return {from, after_prefix(BytesView(from).substr(0, 32))};
      case 2: return {from, from.substr(0, 32) + static_cast<char>(below(256))};
      default: return {std::move(from), key()};
    }
  }
  Change change() {
    const Table where = table();
    Bytes row = key();
    if (where == Table::fact || where == Table::chain) row.resize(std::max<size_t>(row.size(), 32));
    if (below(4) == 0) return {where, std::move(row), std::nullopt};
    return {where, std::move(row), std::to_string(below(1000))};
  }
  Changes changes(uint64_t count) {
    Changes all;
    while (all.size() < count) all.push_back(change());
    return all;
  }

 private:
  std::mt19937_64 engine_;
};

inline void expect_same(const Reader& reader, const Model& model, Random& random, int scans) {
  std::map<Table, std::unique_ptr<Scanner>> scanners;
  for (int i = 0; i < scans; ++i) {
    const Table table = random.table();
    const auto [from, to] = random.bounds();
    auto& scanner = scanners[table];
    if (!scanner) scanner = scanner_of(reader, table);
    ASSERT_EQ(rows_of(*scanner, from, to), model.rows(table, from, to, Direction::ascending))
        << "scanner of " << word(table) << " from " << to_hex(from) << " to " << to_hex(to);
    for (const auto direction : {Direction::ascending, Direction::descending}) {
      ASSERT_EQ(rows_of(reader, table, from, to, direction),
                model.rows(table, from, to, direction))
          << word(table) << " from " << to_hex(from) << " to " << to_hex(to)
          << (direction == Direction::ascending ? " up" : " down");
    }
  }
}

}  // namespace suyuan
