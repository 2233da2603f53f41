#include "node/epcis/state_rows.h"

#include "ledger/base/coding.h"

namespace suyuan::epcis {
namespace {

constexpr uint8_t kRowFormat = 1;

// Writes and reads the same fields in the same order, so that the two cannot diverge.
class RowWriter {
 public:
  Bytes out;
  void operator()(const std::string& value) { put_string(out, value); }
  void operator()(int64_t value) { put_i64(out, value); }
  void operator()(uint64_t value) { put_u64(out, value); }
  void operator()(uint32_t value) { put_u32(out, value); }
  void operator()(int value) { put_i64(out, value); }
  void operator()(bool value) { put_u8(out, value ? 1 : 0); }
  void operator()(const Hash& value) { out += value.view(); }
  void operator()(const JobError& value);
  template <class T>
  void operator()(const std::optional<T>& value) {
    (*this)(value.has_value());
    if (value) (*this)(*value);
  }
  template <class T>
  void operator()(const std::vector<T>& values) {
    put_u32(out, static_cast<uint32_t>(values.size()));
    for (const T& value : values) (*this)(value);
  }
};

class RowReader {
 public:
  explicit RowReader(BytesView bytes) : in_(bytes) {}
  bool good = true;
  bool done() const { return good && in_.done(); }
  void operator()(std::string& value) { good = good && in_.get_string(value); }
  void operator()(int64_t& value) { good = good && in_.get_i64(value); }
  void operator()(uint64_t& value) { good = good && in_.get_u64(value); }
  void operator()(uint32_t& value) { good = good && in_.get_u32(value); }
  void operator()(int& value) {
    int64_t wide = 0;
    (*this)(wide);
    value = static_cast<int>(wide);
    good = good && value == wide;
  }
  void operator()(bool& value) {
    uint8_t byte = 0;
    good = good && in_.get_u8(byte) && byte <= 1;
    value = byte == 1;
  }
  void operator()(Hash& value) { good = good && in_.get_fixed(value); }
  void operator()(JobError& value);
  template <class T>
  void operator()(std::optional<T>& value) {
    bool there = false;
    (*this)(there);
    if (there) (*this)(value.emplace());
  }
  template <class T>
  void operator()(std::vector<T>& values) {
    uint32_t count = 0;
    (*this)(count);
    for (uint32_t i = 0; good && i < count; ++i) (*this)(values.emplace_back());
  }

 private:
  Decoder in_;
};

template <class Visitor, class T>
void visit_error(Visitor& visit, T& error) {
  visit(error.type);
  visit(error.status);
  visit(error.title);
  visit(error.detail);
  visit(error.pointer);
}
void RowWriter::operator()(const JobError& value) { visit_error(*this, value); }
void RowReader::operator()(JobError& value) { visit_error(*this, value); }

template <class Visitor, class T>
void visit_job(Visitor& visit, T& job) {
  visit(job.id);
  visit(job.party);
  visit(job.created_ms);
  visit(job.finished_ms);
  visit(job.success);
  visit(job.proceed);
  visit(job.events);
  visit(job.batches);
  visit(job.unsent);
  visit(job.size);
  visit(job.errors);
}

template <class Visitor, class T>
void visit_query(Visitor& visit, T& query) {
  visit(query.name);
  visit(query.party);
  visit(query.query);
  visit(query.created_ms);
}

template <class Visitor, class T>
void visit_subscription(Visitor& visit, T& one) {
  visit(one.id);
  visit(one.query);
  visit(one.party);
  visit(one.dest);
  visit(one.signature_token);
  visit(one.epc_format);
  visit(one.stream);
  visit(one.schedule);
  visit(one.report_if_empty);
  visit(one.created_ms);
  visit(one.initial_record_ms);
  visit(one.next_leaf);
  visit(one.notified_ms);
  visit(one.tried_ms);
  visit(one.failure);
  visit(one.failures);
}

template <class T, class Visit>
Bytes encode_with(const T& value, Visit visit) {
  RowWriter writer;
  put_u8(writer.out, kRowFormat);
  visit(writer, value);
  return std::move(writer.out);
}

template <class T, class Visit>
Result<T> decode_with(BytesView bytes, Visit visit) {
  T value;
  if (!bytes.empty() && static_cast<uint8_t>(bytes.front()) == kRowFormat) {
    RowReader reader(bytes.substr(1));
    visit(reader, value);
    if (reader.done()) return value;
  }
  return fail(Code::CORRUPT, "a row of the EPCIS interface's own store is damaged");
}

const auto kJob = [](auto& visit, auto& value) { visit_job(visit, value); };
const auto kQuery = [](auto& visit, auto& value) { visit_query(visit, value); };
const auto kSubscription = [](auto& visit, auto& value) { visit_subscription(visit, value); };

}  // namespace

Bytes encode_row(const Job& job) { return encode_with(job, kJob); }
Bytes encode_row(const NamedQuery& query) { return encode_with(query, kQuery); }
Bytes encode_row(const Subscription& subscription) {
  return encode_with(subscription, kSubscription);
}
template <> Result<Job> decode_row(BytesView bytes) { return decode_with<Job>(bytes, kJob); }
template <> Result<NamedQuery> decode_row(BytesView bytes) {
  return decode_with<NamedQuery>(bytes, kQuery);
}
template <> Result<Subscription> decode_row(BytesView bytes) {
  return decode_with<Subscription>(bytes, kSubscription);
}

}  // namespace suyuan::epcis
