#include <thread>

#include "client/bench/runs.h"
#include "client/bench/workload.h"
#include "client/command/posting.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "ledger/registry/possession.h"
#include "proto/jsontext/writer.h"

namespace suyuan {
namespace {

struct BenchOptions {
  std::string registrar;
  std::string party = "bench-1";
  std::string key;
  std::string codes;
  std::string folder = "/tmp";
  size_t events = 20'000;
  double seconds = 5;
  double rate = 0;
  size_t queries = 0;
  int node_pid = 0;
  bool no_posts = false;
  bool no_receipt_check = false;
  std::vector<size_t> in_flight = {1, 16, 64, 256};
  std::vector<size_t> batches = {1, 256};
};

void declare_bench(CLI::App& command, BenchOptions& options, const Shell& shell) {
  constexpr size_t kEventsMax = 1'000'000;
  constexpr double kSecondsMax = 3600;
  constexpr size_t kInFlightMax = 4096;
  constexpr double kRateMin = 0.1;
  constexpr double kRateMax = 1e6;
  const auto text = [&](Help what) { return help(what, shell.lang); };
  command.add_option("--registrar", options.registrar, text(Help::bench_registrar));
  command.add_option("--party", options.party, text(Help::bench_party))->capture_default_str();
  command.add_option("--key", options.key, text(Help::bench_key));
  command.add_option("--events", options.events, text(Help::bench_events))
      ->check(CLI::Range(size_t{1}, kEventsMax))
      ->capture_default_str();
  command.add_option("--seconds", options.seconds, text(Help::bench_seconds))
      ->check(CLI::Range(0.1, kSecondsMax))
      ->capture_default_str();
  command.add_option("--rate", options.rate, text(Help::bench_rate))
      ->check(CLI::Range(kRateMin, kRateMax));
  command.add_option("--in-flight", options.in_flight, text(Help::bench_in_flight))
      ->delimiter(',')
      ->check(CLI::Range(size_t{1}, kInFlightMax))
      ->capture_default_str();
  command.add_option("--batches", options.batches, text(Help::bench_batches))
      ->delimiter(',')
      ->check(CLI::Range(size_t{1}, limits::kBatchEventsMax))
      ->capture_default_str();
  command.add_option("--queries", options.queries, text(Help::bench_queries))
      ->check(CLI::Range(size_t{0}, kEventsMax))
      ->capture_default_str();
  command.add_option("--codes", options.codes, text(Help::bench_codes));
  command.add_option("--node-pid", options.node_pid, text(Help::bench_node_pid));
  command.add_option("--folder", options.folder, text(Help::bench_folder))->capture_default_str();
  command.add_flag("--no-posts", options.no_posts, text(Help::bench_no_posts));
  command.add_flag("--no-receipt-check", options.no_receipt_check,
                   text(Help::bench_no_receipt_check));
}

class Bench {
 public:
  Bench(Shell& shell, const BenchOptions& options) : shell_(shell), options_(options) {}
  ExitCode run();

 private:
  ExitCode measure_ceilings();
  ExitCode register_party(const PinnedLedger& ledger, const NamedKeyPair& key);
  ExitCode post_all();
  ExitCode ask_all();
  OrExit<PostRun> post_once(Connection& connection, const PinnedLedger& ledger,
                            const NamedKeyPair& key, size_t batch, size_t in_flight);
  OrExit<std::vector<std::string>> codes(Connection& connection);
  std::vector<std::string> cells(const PostRun& run) const;
  void print_json(const PostRun& run) const;

  Shell& shell_;
  const BenchOptions& options_;
  double verify_ = 0;
  double sync_ = 0;
};

ExitCode Bench::run() {
  if (const ExitCode code = measure_ceilings(); code != ExitCode::ok) return code;
  if (!options_.no_posts) {
    if (const ExitCode code = post_all(); code != ExitCode::ok) return code;
  }
  return options_.queries > 0 ? ask_all() : ExitCode::ok;
}

ExitCode Bench::measure_ceilings() {
  constexpr double kSeconds = 1;
  verify_ = verify_ceiling(kSeconds);
  const auto sync = sync_ceiling(options_.folder, kSeconds);
  if (!sync) return shell_.fail_local(sync.error());
  sync_ = *sync;
  const std::string verify_text = number_text(verify_, 0);
  const std::string sync_text = number_text(sync_, 0);
  if (shell_.options.json) {
    JsonWriter out;
    out.begin_object();
    out.key("verifyPerSecond");
    out.number(std::string_view(verify_text));
    out.key("syncPerSecond");
    out.number(std::string_view(sync_text));
    out.end_object();
    shell_.print_line(out.str());
    return ExitCode::ok;
  }
  const std::string cores = std::to_string(std::thread::hardware_concurrency());
  Paper paper(shell_.style());
  paper.line(paper.tone(paper.say(Say::bench_ceilings, {cores}), Tone::strong));
  paper.line("  " + paper.say(Say::bench_verify, {verify_text}));
  paper.line("  " + paper.say(Say::bench_sync, {sync_text, options_.folder}));
  shell_.print(paper.take());
  return ExitCode::ok;
}

ExitCode Bench::register_party(const PinnedLedger& ledger, const NamedKeyPair& key) {
  auto connection = shell_.connect();
  if (!connection) return connection.error();
  const auto known = (*connection)->parties({.id = key.name});
  if (known.value && !known.value->items.empty()) {
    for (const auto& one : known.value->items.front().keys) {
      if (one.key == key.pair.key && !one.revoked) return ExitCode::ok;
    }
    return shell_.fail_local(
        {.code = Code::KEY_UNKNOWN, .message = shell_.say(Say::bench_other_key, {key.name})});
  }
  if (!known.value && known.value.error().code != Code::NOT_FOUND) {
    return shell_.fail_answer(known.value.error());
  }
  if (options_.registrar.empty()) {
    return shell_.fail_local(
        {.code = Code::PARTY_UNKNOWN, .message = shell_.say(Say::bench_unknown, {key.name})});
  }
  connection->reset();  // one at a time: post_acts opens its own
  const RegisterParty party{
      .party = {.id = key.name, .name = key.name, .roles = {Role::manufacturer}},
      .keys = {prove_possession(ledger.id, key.name, key.pair.secret, key.pair.key)}};
  const RegisterProduct product{
      .product = {.gtin = bench_gtin(key.name), .name = key.name, .owner = key.name, .uom = "H87"}};
  return post_acts(shell_, {party, product}, options_.registrar, 1);
}

OrExit<PostRun> Bench::post_once(Connection& connection, const PinnedLedger& ledger,
                                 const NamedKeyPair& key, size_t batch, size_t in_flight) {
  // Events in batches are cheap: with the same number the run would end at once.
  constexpr size_t kMoreInBatches = 8;
  constexpr int64_t kMinuteMs = 60'000;
  const size_t events = batch == 1 ? options_.events : options_.events * kMoreInBatches;
  size_t batches = std::max<size_t>(1, events / batch);
  if (options_.rate > 0) {  // signs nothing that there is no time to send
    const auto due = static_cast<size_t>(options_.rate * options_.seconds);
    batches = std::min(batches, due + 1);
  }
  auto work = make_workload(ledger, key,
                            {.batches = batches,
                             .batch = batch,
                             .event_time_ms = Shell::now_ms() - kMinuteMs,
                             .until_ms = until_from_now()});
  if (!work) return Unexpected(shell_.fail_local(work.error()));
  const RunLimits limits{.in_flight = in_flight,
                         .seconds = options_.seconds,
                         .node_pid = options_.node_pid,
                         .rate = options_.rate,
                         .checks_receipts = !options_.no_receipt_check};
  auto run = run_posts(connection, ledger, *std::move(work), limits);
  if (!run && info(run.error().code).refusal) {
    return Unexpected(shell_.fail_verification(run.error()));
  }
  if (!run) return Unexpected(shell_.fail_answer(run.error()));
  return *std::move(run);
}

std::vector<std::string> Bench::cells(const PostRun& run) const {
  const double signatures = run.batches_per_second();  // one verification for each batch
  return {std::to_string(run.batch),
          std::to_string(run.in_flight),
          std::to_string(run.events),
          number_text(run.events_per_second(), 0),
          number_text(run.p50_ms, 2),
          number_text(run.p99_ms, 2),
          number_text(run.per_event_us(run.client_cpu), 1),
          run.node_cpu ? number_text(run.per_event_us(*run.node_cpu), 1) : "-",
          number_text(signatures / verify_, 3),
          number_text(run.batches_per_second() / sync_, 3)};
}

void Bench::print_json(const PostRun& run) const {
  JsonWriter out;
  const auto number = [&](std::string_view name, double value) {
    out.key(name);
    out.number(std::string_view(number_text(value, 3)));
  };
  out.begin_object();
  number("batch", static_cast<double>(run.batch));
  number("inFlight", static_cast<double>(run.in_flight));
  number("events", static_cast<double>(run.events));
  number("eventsPerSecond", run.events_per_second());
  number("p50Ms", run.p50_ms);
  number("p99Ms", run.p99_ms);
  number("clientCpuUsPerEvent", run.per_event_us(run.client_cpu));
  if (run.node_cpu) number("nodeCpuUsPerEvent", run.per_event_us(*run.node_cpu));
  number("ofVerifyCeiling", run.batches_per_second() / verify_);
  number("ofSyncCeiling", run.batches_per_second() / sync_);
  out.end_object();
  shell_.print_line(out.str());
}

ExitCode Bench::post_all() {
  auto ledger = shell_.pinned();
  if (!ledger) return ledger.error();
  const std::string path = options_.key.empty() ? options_.party + ".key" : options_.key;
  if (!file_exists(path)) {
    const auto made = make_key_file(path, options_.party, "");
    if (!made) return shell_.fail_local(made.error());
  }
  auto key = shell_.key(path);
  if (!key) return key.error();
  if (const ExitCode code = register_party(*ledger, *key); code != ExitCode::ok) return code;
  auto connection = shell_.connect();
  if (!connection) return connection.error();
  std::vector<std::vector<std::string>> rows;
  size_t refused = 0;
  std::optional<Error> first_refusal;
  for (const size_t batch : options_.batches) {
    for (const size_t in_flight : options_.in_flight) {
      auto run = post_once(**connection, *ledger, *key, batch, in_flight);
      if (!run) return run.error();
      refused += run->refused;
      if (!first_refusal) first_refusal = run->first_refusal;
      if (shell_.options.json) print_json(*run);
      rows.push_back(cells(*run));
    }
  }
  if (!shell_.options.json) {
    Paper paper(shell_.style());
    paper.line();
    paper.line(paper.tone(paper.say(Say::bench_posts), Tone::strong));
    paper.table({Say::col_batch, Say::col_in_flight, Say::col_events, Say::col_rate, Say::col_p50,
                 Say::col_p99, Say::col_client_cpu, Say::col_node_cpu, Say::col_of_verify,
                 Say::col_of_sync},
                rows);
    shell_.print(paper.take());
  }
  if (!first_refusal) return ExitCode::ok;
  shell_.note(shell_.say(Say::bench_refused, {std::to_string(refused)}));
  return shell_.fail_answer(*first_refusal);
}

OrExit<std::vector<std::string>> Bench::codes(Connection& connection) {
  constexpr size_t kDrawn = 1000;
  constexpr size_t kFileBytesMax = 64 << 20;
  if (options_.codes.empty()) {
    auto drawn = draw_codes(connection, std::min(kDrawn, options_.queries));
    if (!drawn) return Unexpected(shell_.fail_answer(drawn.error()));
    return *std::move(drawn);
  }
  const auto text = read_file(options_.codes, kFileBytesMax);
  if (!text) return Unexpected(shell_.fail_local(text.error()));
  std::vector<std::string> codes;
  for (const auto line : split(*text, '\n')) {
    if (!line.empty()) codes.emplace_back(line);
  }
  return codes;
}

ExitCode Bench::ask_all() {
  auto connection = shell_.connect();
  if (!connection) return connection.error();
  auto asked = codes(**connection);
  if (!asked) return asked.error();
  if (asked->empty()) {
    return shell_.fail_local(
        {.code = Code::NOT_FOUND, .message = std::string(shell_.say(Say::bench_no_codes))});
  }
  std::vector<std::vector<std::string>> rows;
  for (const size_t in_flight : options_.in_flight) {
    const auto run = run_questions(**connection, *asked, options_.queries,
                                   {.in_flight = in_flight,
                                    .seconds = options_.seconds,
                                    .rate = options_.rate});
    if (!run) return shell_.fail_answer(run.error());
    const auto count = static_cast<double>(std::max<size_t>(1, run->questions));
    rows.push_back({std::to_string(run->in_flight), std::to_string(run->questions),
                    number_text(count / run->seconds, 0), number_text(run->p50_ms, 2),
                    number_text(run->p99_ms, 2),
                    number_text(static_cast<double>(run->steps) / count, 1)});
  }
  if (shell_.options.json) {
    for (const auto& row : rows) {
      JsonWriter out;
      out.begin_object();
      constexpr std::string_view kNames[] = {"inFlight", "questions", "questionsPerSecond",
                                             "p50Ms",    "p99Ms",     "meanSteps"};
      for (size_t i = 0; i < row.size(); ++i) {
        out.key(kNames[i]);
        out.number(std::string_view(row[i]));
      }
      out.end_object();
      shell_.print_line(out.str());
    }
    return ExitCode::ok;
  }
  Paper paper(shell_.style());
  paper.line();
  paper.line(paper.tone(paper.say(Say::bench_questions), Tone::strong));
  paper.table({Say::col_in_flight, Say::col_questions, Say::col_question_rate, Say::col_p50,
               Say::col_p99, Say::col_steps},
              rows);
  shell_.print(paper.take());
  return ExitCode::ok;
}

ExitCode run_bench(Shell& shell, const BenchOptions& options) {
  return Bench(shell, options).run();
}

}  // namespace

void add_bench(CLI::App& app, Shell& shell) {
  add_command<BenchOptions>(app, shell, "bench", Help::bench, declare_bench, run_bench);
}

}  // namespace suyuan
