// Converts values to RPC messages and back, for the node's bridge and the client. Includes capnp.
//
// to_wire fills a builder. from_wire copies out of a reader, checks text and bounds, and catches
// what capnp throws on broken messages: capnp validates a reader only while it is read.
#pragma once

#include "ledger/batch/batch.h"
#include "proto/answers.capnp.h"
#include "proto/answers.h"
#include "proto/questions.capnp.h"

namespace suyuan {

// Questions. Errors when reading: MALFORMED_SUBMISSION, TOO_LARGE, TOO_MANY with the event;
// BAD_REQUEST, BAD_TEXT.
void to_wire(const Submission& value, wire::Submission::Builder to);
// Returns roughly the words that it will take, to allocate the whole message at once.
uint64_t wire_words(const Submission& value);
uint64_t wire_words(const SubmitAnswer& value);
void to_wire(const AtLeast& value, wire::AtLeast::Builder to);
void to_wire(const CodeQuestion& value, wire::CodeQuestion::Builder to);
void to_wire(const RegistryQuestion& value, wire::RegistryQuestion::Builder to);
void to_wire(const Place& value, wire::Place::Builder to);
void to_wire(const ScanRequest& value, wire::Scan::Builder to);  // no half degrees
Result<Submission> from_wire(wire::Submission::Reader from);
Result<AtLeast> from_wire(wire::AtLeast::Reader from);
Result<CodeQuestion> from_wire(wire::CodeQuestion::Reader from);
Result<RegistryQuestion> from_wire(wire::RegistryQuestion::Reader from);
Result<Place> from_wire(wire::Place::Reader from);
Result<ScanRequest> from_wire(wire::Scan::Reader from);
// Reads a batch id. Errors: BAD_REQUEST (not 32 bytes).
Result<Hash> hash_from_wire(capnp::Data::Reader from, const char* field);

// Answers. An unreadable answer becomes one with the error UNAVAILABLE (or the fault in its text).
// An unknown error code becomes BAD_REQUEST with its name in the message. An unknown finding makes
// the answer UNSUPPORTED_TYPE, because omitting it would show a thing as unflagged.
void to_wire(const SubmitAnswer& value, wire::SubmitAnswer::Builder to);
void to_wire(const Answer<BatchReceipt>& value, wire::ReceiptAnswer::Builder to);
void to_wire(const Answer<EventView>& value, wire::EventAnswer::Builder to);
void to_wire(const Answer<TracePage>& value, wire::TraceAnswer::Builder to);
void to_wire(const Answer<ChainPage>& value, wire::ChainAnswer::Builder to);
void to_wire(const Answer<ThingState>& value, wire::StateAnswer::Builder to);
void to_wire(const Answer<Contents>& value, wire::ContentsAnswer::Builder to);
void to_wire(const Answer<std::vector<Holding>>& value, wire::CustodyAnswer::Builder to);
void to_wire(const Answer<Forward>& value, wire::ForwardAnswer::Builder to);
void to_wire(const Answer<Recall>& value, wire::RecallAnswer::Builder to);
void to_wire(const Answer<std::vector<BalanceLine>>& value, wire::BalanceAnswer::Builder to);
void to_wire(const Answer<Page<PartyState>>& value, wire::PartiesAnswer::Builder to);
void to_wire(const Answer<Page<ProductData>>& value, wire::ProductsAnswer::Builder to);
void to_wire(const Answer<Page<SiteData>>& value, wire::SitesAnswer::Builder to);
void to_wire(const Answer<Status>& value, wire::StatusAnswer::Builder to);
void to_wire(const Answer<CheckpointProof>& value, wire::CheckpointAnswer::Builder to);
void to_wire(const Answer<BundleText>& value, wire::BundleAnswer::Builder to);
void to_wire(const Answer<VerdictView>& value, wire::VerdictAnswer::Builder to);
void to_wire(const Answer<Challenge>& value, wire::ChallengeAnswer::Builder to);
void to_wire(const Answer<OpenedSession>& value, wire::SessionAnswer::Builder to);
void to_wire(const Answer<AccessPage>& value, wire::AccessAnswer::Builder to);
SubmitAnswer from_wire(wire::SubmitAnswer::Reader from);
Answer<Challenge> from_wire(wire::ChallengeAnswer::Reader from);
Answer<OpenedSession> from_wire(wire::SessionAnswer::Reader from);
Answer<AccessPage> from_wire(wire::AccessAnswer::Reader from);
Answer<BatchReceipt> from_wire(wire::ReceiptAnswer::Reader from);
Answer<EventView> from_wire(wire::EventAnswer::Reader from);
Answer<TracePage> from_wire(wire::TraceAnswer::Reader from);
Answer<ChainPage> from_wire(wire::ChainAnswer::Reader from);
Answer<ThingState> from_wire(wire::StateAnswer::Reader from);
Answer<Contents> from_wire(wire::ContentsAnswer::Reader from);
Answer<std::vector<Holding>> from_wire(wire::CustodyAnswer::Reader from);
Answer<Forward> from_wire(wire::ForwardAnswer::Reader from);
Answer<Recall> from_wire(wire::RecallAnswer::Reader from);
Answer<std::vector<BalanceLine>> from_wire(wire::BalanceAnswer::Reader from);
Answer<Page<PartyState>> from_wire(wire::PartiesAnswer::Reader from);
Answer<Page<ProductData>> from_wire(wire::ProductsAnswer::Reader from);
Answer<Page<SiteData>> from_wire(wire::SitesAnswer::Reader from);
Answer<Status> from_wire(wire::StatusAnswer::Reader from);
Answer<CheckpointProof> from_wire(wire::CheckpointAnswer::Reader from);
Answer<BundleText> from_wire(wire::BundleAnswer::Reader from);
Answer<VerdictView> from_wire(wire::VerdictAnswer::Reader from);

}  // namespace suyuan
