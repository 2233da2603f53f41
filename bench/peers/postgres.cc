// PostgreSQL through libpq: prepared statements, binary values, and all rows of one table and
// commit as arrays in one statement, which saves a round trip for each row.
#include <libpq-fe.h>

#include <array>
#include <set>

#include "bench/must.h"
#include "bench/peers/peer.h"
#include "ledger/base/coding.h"

namespace suyuan::bench {
namespace {

constexpr Oid kBytea = 17;
constexpr Oid kByteaArray = 1001;
constexpr size_t kRowsInStatement = 10'000;

// The binary form of a bytea[]: dimensions, nulls, element type; length and lower bound; elements.
template <class ValueOf>
std::string array_of(size_t count, const ValueOf& value_of) {
  Bytes out;
  put_u32(out, 1);
  put_u32(out, 0);
  put_u32(out, kBytea);
  put_u32(out, static_cast<uint32_t>(count));
  put_u32(out, 1);
  for (size_t i = 0; i < count; ++i) put_string(out, value_of(i));
  return out;
}

class Postgres final : public Peer {
 public:
  explicit Postgres(const std::string& where) : connection_(PQconnectdb(where.c_str())) {
    if (PQstatus(connection_) != CONNECTION_OK) give_up(PQerrorMessage(connection_));
    run("SET client_min_messages TO warning");
    // Removes all tables of an earlier benchmark.
    run("DROP SCHEMA public CASCADE");
    run("CREATE SCHEMA public");
  }
  ~Postgres() override { PQfinish(connection_); }
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;

  void make_table(const PeerTable& table) override {
    std::string columns;
    for (const auto& column : table.columns) columns += column + " bytea NOT NULL, ";
    run("CREATE TABLE " + table.name + " (" + columns + "PRIMARY KEY (" + keys_of(table) + "))");
  }
  void begin() override { run("BEGIN"); }
  void put(const PeerTable& table, const std::vector<PeerRow>& rows) override {
    const size_t columns = table.columns.size();
    const std::string name = prepare("put_" + table.name, put_text(table),
                                     std::vector<Oid>(columns, kByteaArray));
    for (size_t first = 0; first < rows.size(); first += kRowsInStatement) {
      const size_t count = std::min(rows.size() - first, kRowsInStatement);
      std::vector<std::string> arrays;
      for (size_t column = 0; column < columns; ++column) {
        arrays.push_back(array_of(count, [&](size_t i) -> const std::string& {
          return rows[first + i][column];
        }));
      }
      execute(name, arrays);
    }
  }
  void remove(const PeerTable& table, const std::vector<std::string>& keys) override {
    const std::string name = prepare("remove_" + table.name,
                                     "DELETE FROM " + table.name + " WHERE " +
                                         table.columns.front() + " = ANY($1::bytea[])",
                                     {kByteaArray});
    execute(name, {array_of(keys.size(), [&](size_t i) -> const std::string& { return keys[i]; })});
  }
  void commit() override { run("COMMIT"); }
  void analyze() override { run("VACUUM ANALYZE"); }
  size_t count_rows(const std::string& query, std::string_view key) override {
    return execute(prepare("query", query, {kBytea}), {std::string(key)});
  }
  std::string parameter() const override { return "$1"; }

 private:
  static std::string keys_of(const PeerTable& table) {
    std::string keys;
    for (size_t i = 0; i < table.keys; ++i) keys += (i == 0 ? "" : ", ") + table.columns[i];
    return keys;
  }
  static std::string put_text(const PeerTable& table) {
    std::string arrays;
    std::string sets;
    for (size_t i = 0; i < table.columns.size(); ++i) {
      const std::string& column = table.columns[i];
      arrays += (i == 0 ? "$" : ", $") + std::to_string(i + 1) + "::bytea[]";
      if (i >= table.keys)
        sets += (sets.empty() ? "" : ", ") + column + " = excluded." + column;
    }
    return "INSERT INTO " + table.name + " SELECT * FROM unnest(" + arrays + ") ON CONFLICT (" +
           keys_of(table) + ") DO " + (sets.empty() ? "NOTHING" : "UPDATE SET " + sets);
  }

  void run(const std::string& text) { take(PQexec(connection_, text.c_str())); }
  std::string prepare(const std::string& name, const std::string& text,
                      const std::vector<Oid>& types) {
    if (prepared_.insert(name).second) {
      take(PQprepare(connection_, name.c_str(), text.c_str(), static_cast<int>(types.size()),
                     types.data()));
    }
    return name;
  }
  size_t execute(const std::string& name, const std::vector<std::string>& values) {
    std::vector<const char*> bytes;
    std::vector<int> lengths;
    for (const auto& value : values) {
      bytes.push_back(value.data());
      lengths.push_back(static_cast<int>(value.size()));
    }
    const std::vector<int> binary(values.size(), 1);
    return take(PQexecPrepared(connection_, name.c_str(), static_cast<int>(values.size()),
                               bytes.data(), lengths.data(), binary.data(), 1));
  }
  size_t take(PGresult* result) const {
    const auto status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
      give_up(PQerrorMessage(connection_));
    const auto rows = static_cast<size_t>(PQntuples(result));
    PQclear(result);
    return rows;
  }

  PGconn* connection_;
  std::set<std::string> prepared_;
};

}  // namespace

std::unique_ptr<Peer> make_postgres(const std::string& where) {
  return std::make_unique<Postgres>(where);
}

}  // namespace suyuan::bench
