// SQLite in its best configuration: no rowid in addition to the primary key, a write-ahead log, and
// each commit synced.
#include <sqlite3.h>

#include <map>

#include "bench/must.h"
#include "bench/peers/peer.h"

namespace suyuan::bench {
namespace {

class Sqlite final : public Peer {
 public:
  explicit Sqlite(const std::string& folder) {
    check(sqlite3_open((folder + "/peer.db").c_str(), &db_));
    run("PRAGMA journal_mode=WAL");
    run("PRAGMA synchronous=FULL");
    run("PRAGMA cache_size=-262144");  // 256 MiB, as a node's block cache
  }
  ~Sqlite() override {
    for (const auto& [text, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close(db_);
  }
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;

  void make_table(const PeerTable& table) override {
    std::string columns;
    std::string keys;
    for (size_t i = 0; i < table.columns.size(); ++i) {
      columns += table.columns[i] + " BLOB NOT NULL, ";
      if (i < table.keys) keys += (i == 0 ? "" : ", ") + table.columns[i];
    }
    run("CREATE TABLE " + table.name + " (" + columns + "PRIMARY KEY (" + keys +
        ")) WITHOUT ROWID");
  }
  void begin() override { run("BEGIN IMMEDIATE"); }
  void put(const PeerTable& table, const std::vector<PeerRow>& rows) override {
    std::string values;
    for (size_t i = 0; i < table.columns.size(); ++i) values += i == 0 ? "?" : ", ?";
    auto* statement = prepared("INSERT OR REPLACE INTO " + table.name + " VALUES (" + values + ")");
    for (const PeerRow& row : rows) {
      for (size_t i = 0; i < row.size(); ++i) bind(statement, i, row[i]);
      step_through(statement);
    }
  }
  void remove(const PeerTable& table, const std::vector<std::string>& keys) override {
    auto* statement =
        prepared("DELETE FROM " + table.name + " WHERE " + table.columns.front() + " = ?1");
    for (const auto& key : keys) {
      bind(statement, 0, key);
      step_through(statement);
    }
  }
  void commit() override { run("COMMIT"); }
  void analyze() override { run("ANALYZE"); }
  size_t count_rows(const std::string& query, std::string_view key) override {
    auto* statement = prepared(query);
    bind(statement, 0, key);
    return step_through(statement);
  }
  std::string parameter() const override { return "?1"; }

 private:
  void check(int result) const {
    if (result == SQLITE_OK) return;
    give_up(std::string("SQLite: ") + sqlite3_errmsg(db_));
  }
  void run(const std::string& text) {
    check(sqlite3_exec(db_, text.c_str(), nullptr, nullptr, nullptr));
  }
  sqlite3_stmt* prepared(const std::string& text) {
    auto& statement = statements_[text];
    if (statement == nullptr)
      check(sqlite3_prepare_v2(db_, text.c_str(), -1, &statement, nullptr));
    return statement;
  }
  // The bytes must outlive the step.
  void bind(sqlite3_stmt* statement, size_t column, std::string_view bytes) const {
    check(sqlite3_bind_blob(statement, static_cast<int>(column) + 1, bytes.data(),
                            static_cast<int>(bytes.size()), SQLITE_STATIC));
  }
  size_t step_through(sqlite3_stmt* statement) const {
    size_t rows = 0;
    int result = sqlite3_step(statement);
    for (; result == SQLITE_ROW; result = sqlite3_step(statement)) {
      for (int i = 0; i < sqlite3_column_count(statement); ++i) {
        if (sqlite3_column_blob(statement, i) == nullptr) give_up("SQLite: a column is empty");
      }
      ++rows;
    }
    if (result != SQLITE_DONE) check(result);
    sqlite3_reset(statement);
    return rows;
  }

  sqlite3* db_ = nullptr;
  std::map<std::string, sqlite3_stmt*> statements_;
};

}  // namespace

std::unique_ptr<Peer> make_sqlite(const std::string& folder) {
  return std::make_unique<Sqlite>(folder);
}

}  // namespace suyuan::bench
