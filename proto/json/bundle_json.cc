#include "proto/json/bundle_json.h"

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "proto/event_codec.h"
#include "proto/json/reader.h"
#include "proto/jsontext/writer.h"
#include "proto/registry_codec.h"

namespace suyuan {
namespace {

constexpr std::string_view kFormat = "suyuan/bundle/v1";
constexpr std::string_view kWithheld = "withheld";
constexpr uint64_t kNumberMax = (uint64_t{1} << 53) - 1;  // exact in every JSON reader
// A leaf has at most 66 values, an event at most 70: far more than a bundle within its bounds has.
constexpr JsonLimits kLimits = {
    .bytes = limits::kBundleBytesMax, .values = size_t{4} << 20, .depth = 16};

// Unlike the readers of events these accept empty texts and texts of any length: the verification
// steps judge what must not be empty or long.
bool is_text(JsonValue value, const std::string& path, FirstFault& faults) {
  if (value.kind() == NodeKind::text) return true;
  faults.add(Code::INVALID_FIELD, path, "expected a text");
  return false;
}

std::string any_text(JsonValue value, const std::string& path, FirstFault& faults) {
  return is_text(value, path, faults) ? value.value() : std::string();
}

Bytes any_base64(JsonValue value, const std::string& path, FirstFault& faults) {
  if (!is_text(value, path, faults)) return {};
  auto bytes = from_base64(value.value());
  if (bytes) return *std::move(bytes);
  faults.add(Code::INVALID_FIELD, path, "expected standard padded base64");
  return {};
}

template <class F>
F fixed(JsonValue value, const std::string& path, FirstFault& faults) {
  const Bytes bytes = any_base64(value, path, faults);
  if (bytes.size() == F::kSize) return F::from(bytes);
  faults.add(Code::INVALID_FIELD, path,
             std::to_string(bytes.size()) + " bytes; expected " + std::to_string(F::kSize));
  return {};
}

uint64_t number(JsonValue value, const std::string& path, FirstFault& faults) {
  const auto found = value.kind() == NodeKind::number ? from_decimal(value.value()) : std::nullopt;
  if (found && *found <= kNumberMax) return *found;
  faults.add(Code::INVALID_FIELD, path, "expected a whole number from 0 to 2^53-1");
  return 0;
}

// Every member that a format requires is in `object`, or it is a fault.
template <class T, class Read>
void need(ObjectReader& object, std::string_view name, T& out, Read read) {
  const auto value = object.find(name);
  if (value) {
    out = read(*value, object.path_of(name), object.faults());
  } else {
    object.faults().add(Code::MISSING_FIELD, object.path_of(name), "the field is missing");
  }
}

template <class T, class Read>
void need_list(ObjectReader& object, std::string_view name, std::vector<T>& out, size_t max,
               Read read) {
  if (!object.find(name)) {
    object.faults().add(Code::MISSING_FIELD, object.path_of(name), "the field is missing");
  }
  object.list(name, out, max, read);
}

void need_path(ObjectReader& object, std::vector<Hash>& out) {
  need_list(object, "path", out, limits::kBundlePathMax, fixed<Hash>);
}

void read_proven(ObjectReader& object, ProvenLeaf& leaf) {
  need(object, "data", leaf.data, any_text);
  need_path(object, leaf.path);
}

ProvenLeaf read_proven_leaf(JsonValue value, const std::string& path, FirstFault& faults) {
  ProvenLeaf leaf;
  ObjectReader object(value, path, faults);
  read_proven(object, leaf);
  object.finish();
  return leaf;
}

BundleLeaf read_leaf(JsonValue value, const std::string& path, FirstFault& faults) {
  BundleLeaf leaf;
  ObjectReader object(value, path, faults);
  need(object, "index", leaf.index, number);
  read_proven(object, leaf.leaf);
  object.finish();
  return leaf;
}

std::optional<BundlePayload> read_payload(JsonValue value, const std::string& path,
                                          FirstFault& faults) {
  if (value.kind() == NodeKind::text) {
    if (value.value() != kWithheld) {
      faults.add(Code::INVALID_FIELD, path, "expected salt and bytes, or \"withheld\"");
    }
    return std::nullopt;
  }
  BundlePayload payload;
  ObjectReader object(value, path, faults);
  need(object, "salt", payload.salt, fixed<Salt>);
  need(object, "bytes", payload.bytes, any_base64);
  object.finish();
  return payload;
}

BundleEvent read_event(JsonValue value, const std::string& path, FirstFault& faults) {
  BundleEvent event;
  ObjectReader object(value, path, faults);
  need(object, "leaf", event.leaf, number);
  need(object, "event", event.event, number);
  need(object, "record", event.record, any_base64);
  need_path(object, event.path);
  need(object, "payload", event.payload, read_payload);
  object.finish();
  return event;
}

BundleChain read_chain(JsonValue value, const std::string& path, FirstFault& faults) {
  BundleChain chain;
  ObjectReader object(value, path, faults);
  need(object, "code", chain.code, any_text);
  need(object, "proof", chain.proof, any_base64);
  object.finish();
  return chain;
}

BundleCut read_cut(JsonValue value, const std::string& path, FirstFault& faults) {
  BundleCut cut;
  ObjectReader object(value, path, faults);
  need(object, "code", cut.code, any_text);
  need(object, "count", cut.count, number);
  need(object, "link", cut.link, fixed<Hash>);
  need(object, "proof", cut.proof, any_base64);
  object.finish();
  return cut;
}

void write_path(JsonWriter& out, const std::vector<Hash>& path) {
  out.key("path");
  out.begin_array();
  for (const Hash& hash : path) out.text(to_base64(hash.view()));
  out.end_array();
}

void put_text(JsonWriter& out, std::string_view name, std::string_view value) {
  out.key(name);
  out.text(value);
}

void write_proven(JsonWriter& out, const ProvenLeaf& leaf) {
  put_text(out, "data", leaf.data);
  write_path(out, leaf.path);
}

void write_bundle_event(JsonWriter& out, const BundleEvent& event) {
  out.begin_object();
  out.key("leaf");
  out.number(event.leaf);
  out.key("event");
  out.number(event.event);
  put_text(out, "record", to_base64(event.record));
  write_path(out, event.path);
  out.key("payload");
  if (event.payload) {
    out.begin_object();
    put_text(out, "salt", to_base64(event.payload->salt.view()));
    put_text(out, "bytes", to_base64(event.payload->bytes));
    out.end_object();
  } else {
    out.text(kWithheld);
  }
  out.end_object();
}

template <class T, class Write>
void write_list(JsonWriter& out, std::string_view name, const std::vector<T>& list, Write write) {
  out.key(name);
  out.begin_array();
  for (const T& one : list) write(out, one);
  out.end_array();
}

}  // namespace

Result<Bundle> parse_bundle_json(std::string_view text) {
  SUYUAN_TRY(document, parse_json(text, kLimits));
  FirstFault faults;
  Bundle bundle;
  std::string format;
  ObjectReader object(document.root(), "", faults);
  need(object, "format", format, any_text);
  if (!faults.any() && format != kFormat) {
    faults.add(Code::INVALID_FIELD, "format", quote(format) + "; expected " + quote(kFormat));
  }
  need(object, "code", bundle.code, any_text);
  need(object, "checkpoint", bundle.checkpoint, any_text);
  need(object, "genesis", bundle.genesis, read_proven_leaf);
  need(object, "seal", bundle.seal, read_proven_leaf);
  need_list(object, "leaves", bundle.leaves, limits::kBundleLeavesMax, read_leaf);
  need_list(object, "events", bundle.events, limits::kBundleEventsMax, read_event);
  need_list(object, "chains", bundle.chains, limits::kBundleChainsMax, read_chain);
  need_list(object, "cuts", bundle.cuts, limits::kBundleChainsMax, read_cut);
  object.finish();
  if (faults.any()) return faults.take();
  return bundle;
}

std::string write_bundle_json(const Bundle& bundle) {
  JsonWriter out;
  out.begin_object();
  put_text(out, "format", kFormat);
  put_text(out, "code", bundle.code);
  put_text(out, "checkpoint", bundle.checkpoint);
  const auto write_one = [&](std::string_view name, const ProvenLeaf& leaf) {
    out.key(name);
    out.begin_object();
    write_proven(out, leaf);
    out.end_object();
  };
  write_one("genesis", bundle.genesis);
  write_one("seal", bundle.seal);
  write_list(out, "leaves", bundle.leaves, [](JsonWriter& list, const BundleLeaf& leaf) {
    list.begin_object();
    list.key("index");
    list.number(leaf.index);
    write_proven(list, leaf.leaf);
    list.end_object();
  });
  write_list(out, "events", bundle.events, write_bundle_event);
  write_list(out, "chains", bundle.chains, [](JsonWriter& list, const BundleChain& chain) {
    list.begin_object();
    put_text(list, "code", chain.code);
    put_text(list, "proof", to_base64(chain.proof));
    list.end_object();
  });
  write_list(out, "cuts", bundle.cuts, [](JsonWriter& list, const BundleCut& cut) {
    list.begin_object();
    put_text(list, "code", cut.code);
    list.key("count");
    list.number(cut.count);
    put_text(list, "link", to_base64(cut.link.view()));
    put_text(list, "proof", to_base64(cut.proof));
    list.end_object();
  });
  out.end_object();
  return std::move(out).str();
}

BundleVerdict verify_bundle_text(std::string_view text, const Policy& policy, int64_t now_ms) {
  const auto bundle = parse_bundle_json(text);
  if (bundle) return verify_bundle(*bundle, policy, now_ms, decode_any_payload);
  const Error& error = bundle.error();
  return refused(BundleFault::BUNDLE_SYNTAX, error.field.empty() ? "the file" : error.field,
                 error.message);
}

BundleVerdict verify_bundle_text(std::string_view text, std::string_view policy_text,
                                 int64_t now_ms) {
  const auto policy = parse_policy(policy_text);
  if (policy) return verify_bundle_text(text, *policy, now_ms);
  return refused(BundleFault::POLICY_SYNTAX, "policy " + policy.error().field,
                 policy.error().message);
}

std::string write_verdict_json(const BundleVerdict& verdict) {
  JsonWriter out;
  out.begin_object();
  put_text(out, "verdict", word(verdict.judged));
  if (verdict.fault) {
    put_text(out, "failure", info(*verdict.fault).name);
    put_text(out, "place", verdict.place);
    put_text(out, "message", verdict.message);
    out.end_object();
    return std::move(out).str();
  }
  put_text(out, "asOf", to_rfc3339({.ms = *verdict.as_of_ms}));
  put_text(out, "code", verdict.code);
  put_text(out, "origin", verdict.origin);
  put_text(out, "root", to_base64(verdict.root.view()));
  const auto count = [&](std::string_view name, uint64_t value) {
    out.key(name);
    out.number(value);
  };
  count("size", verdict.size);
  count("events", verdict.counts.events);
  count("withheld", verdict.counts.withheld);
  count("leaves", verdict.counts.leaves);
  count("chains", verdict.counts.chains);
  count("cuts", verdict.counts.cuts);
  count("cosignatures", verdict.counts.cosignatures);
  count("erased", verdict.counts.erased);
  const auto lines = [&](std::string_view name, const std::vector<VerdictLine>& all) {
    write_list(out, name, all,
               [](JsonWriter& list, const VerdictLine& line) { list.text(to_text(line)); });
  };
  lines("proven", verdict.proven);
  lines("notProven", verdict.not_proven);
  out.end_object();
  return std::move(out).str();
}

}  // namespace suyuan
