// Every bound of the ledger in one table. Checked where data enters; "max" is allowed, one more is
// not.
#pragma once

#include <cstddef>
#include <cstdint>

namespace suyuan::limits {

// formats.md 2, 3
inline constexpr size_t kBatchBytesMax = 1 << 20;       // payloads, salts, records, sections
inline constexpr size_t kBatchEventsMax = 4096;
inline constexpr size_t kCosignersMax = 8;
inline constexpr size_t kCodesPerEventMax = 4096;
inline constexpr size_t kPayloadBytesMax = 512 << 10;
inline constexpr size_t kRecordBytesMax = 16 + 2 + kCodesPerEventMax * 32 + 32;
// A leaf's events as a file: at most a batch, with lengths and a state for each.
inline constexpr size_t kLeafEventsBytesMax = kBatchBytesMax + kBatchEventsMax * 9;
inline constexpr size_t kNoteBytesMax = 12 << 10;       // a leaf is at most 16 KiB with its head
inline constexpr size_t kLeafBytesMax = 16 << 10;
inline constexpr size_t kCodeBytesMax = 512;            // canonical
inline constexpr size_t kSentCodeBytesMax = 2048;       // as sent: a link's query may be long
inline constexpr size_t kOriginBytesMax = 255;
inline constexpr size_t kPartyIdBytesMax = 63;

// Inside an event
inline constexpr size_t kTextBytesMax = 4096;           // any single text value
inline constexpr size_t kListMax = 256;                 // documents, sensors, sources (not items)
inline constexpr size_t kTreeNodesMax = 2048;           // ilmd and extensions together
inline constexpr size_t kTreeDepthMax = 32;
inline constexpr size_t kSectionsPerEventMax = 32;
inline constexpr size_t kSectionBytesMax = 64 << 10;

// Facts that pair every input with every output, or every paper with every thing: a batch of codes
// must not grow into millions of rows.
inline constexpr size_t kPairsPerBatchMax = 1 << 16;
// A pair becomes two rows, some 850 bytes in memory until committed; a byte as sent, 6 to 8.
// A batch with all the pairs that it may have fills a group (kGroupBytesMax).
inline constexpr size_t kPairWeight = 128;

// Answers to a faulty batch name at most this many of its faults.
inline constexpr size_t kErrorsPerBatchMax = 64;

// An event may be dated this far ahead of log time, since clocks differ.
inline constexpr int64_t kEventTimeAheadMsMax = 10 * 60 * 1000;

// Order and commit
inline constexpr size_t kGroupBatchesMax = 1024;
inline constexpr size_t kGroupBytesMax = 8 << 20;
inline constexpr size_t kQueueBatchesMax = 8192;        // between verify and order; full means BUSY
inline constexpr size_t kQueueBytesMax = 256 << 20;

// Notes with lines of others (logs, witnesses, mirrors); post-quantum lines have up to 5 KiB.
inline constexpr size_t kCheckpointBytesMax = 64 << 10;
inline constexpr size_t kNoteLinesMax = 100;
// Trust policies: logs, witnesses and groups, each
inline constexpr size_t kPolicyBytesMax = 64 << 10;
inline constexpr size_t kPolicyEntriesMax = 64;
inline constexpr size_t kProofHashesMax = 63;           // of a path in a tree below 2^63 leaves

// Provenance bundles (docs/bundle.md)
inline constexpr size_t kBundleBytesMax = 64 << 20;     // as JSON
inline constexpr size_t kBundleEventsMax = 20'000;
inline constexpr size_t kBundleLeavesMax = 20'000;
inline constexpr size_t kBundleChainsMax = 4096;        // and as many cuts
inline constexpr size_t kBundlePathMax = 64;            // hashes of one path
// Of the maker: when what it carries would pass these, further chains are cut. What is left up to
// the bounds above is room for those that may not be. And records of the batches that it looks at.
inline constexpr size_t kBundleCutEvents = 15'000;
inline constexpr size_t kBundleCutBytes = 48 << 20;
inline constexpr size_t kBundleRecordsMax = 1'000'000;

// Client: receipts that no checkpoint was seen to hold yet
inline constexpr size_t kReceiptsRemembered = 64;

// Seals and checkpoints
inline constexpr size_t kUnfoldedCodesMax = 1 << 18;    // more are folded before the seal is due
inline constexpr size_t kCheckpointsKept = 1024;        // rows; older ones go

// Questions
inline constexpr size_t kPageMax = 1000;
inline constexpr size_t kPageDefault = 100;
inline constexpr size_t kTraceStepsMax = 200'000;       // rows looked at for one provenance answer
inline constexpr size_t kRecallUnitsMax = 1'000'000;    // units downstream of what is recalled
inline constexpr size_t kRecallStepsMax = 64'000'000;   // rows looked at for one recall
// What walks forward remember, all together: enough for one with a million units that are all used
// further. And the texts of one list; the client reads answers of 16 MiB.
inline constexpr size_t kRecallBytesMax = size_t{384} << 20;
inline constexpr size_t kRecallTextBytesMax = 12 << 20;
inline constexpr size_t kRecallExamplesMax = 1 << 14;   // of all its groups
inline constexpr size_t kContainmentDepthMax = 32;
inline constexpr int64_t kWaitMsMax = 30'000;           // for a tree size that a reader names

// formats.md 6: an absence proof with a step for each of a key's 256 bits.
inline constexpr size_t kMapProofBytesMax = 74 + 128 * 33 + 128 * 34;

inline constexpr size_t kAttachmentBytesMax = 16 << 20;

// EPCIS (docs/epcis.md)
inline constexpr size_t kEpcisValuesMax = 1 << 15;      // in one event's JSON
inline constexpr size_t kEpcisContextMax = 128;         // addresses and prefixes of a @context
inline constexpr size_t kEpcisDocumentBytesMax = 16 << 20;
inline constexpr size_t kEpcisDocumentValuesMax = 1 << 20;
inline constexpr size_t kEpcisDocumentEventsMax = 1 << 16;

// Scans (docs/scans.md)
inline constexpr size_t kScanBytesMax = 4 << 10;        // the request
inline constexpr size_t kScanCityLettersMax = 40;
inline constexpr size_t kInnerCodeBytesMax = 64;
inline constexpr size_t kScanRowsMax = 1024;            // of one code, looked at for one verdict
inline constexpr size_t kScanRatesMax = 1 << 16;        // codes and devices whose rate is kept
inline constexpr size_t kRequiredStepsMax = 64;         // of one product or rule
inline constexpr size_t kScanPolicyBytesMax = 256 << 10;
inline constexpr size_t kScanPolicyRulesMax = 1024;

}  // namespace suyuan::limits
