# The node's interface for programs: Cap'n Proto two-party RPC, level 1, without TLS or inside it.
#
# Nothing here is signed, so it evolves by Cap'n Proto's rules: fields, methods and parameters are
# appended. A client may have any number of calls in flight; answers come as they are ready.
#
# Every answer names the ledger state that it was read from (AnswerHead). It holds either the result
# or an Error. A call throws only if the connection or the message itself is broken. The error is
# first in each answer's union, so an answer that was not filled reads as an error.
#
# Optional values are pointers (null: absent). Hashes and keys are Data of 32 bytes.
# Codes are accepted in every form that docs/identifiers.md lists, and returned in canonical form.
# Times are milliseconds since 1970-01-01T00:00:00Z.
@0x8d26540805a5f75e;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("suyuan::wire");

using Q = import "questions.capnp";
using A = import "answers.capnp";

interface Ledger @0xe4ee2a3d1b03d796 {
  submit @0 (submission :Q.Submission) -> (answer :A.SubmitAnswer);
  # Submits a batch, accepted whole or not at all. Answers after the batch is synced to disk. The
  # same batch again gets the first receipt. A full queue answers BUSY with AnswerHead.retryAfterMs.

  receipt @1 (batch :Data, atLeast :Q.AtLeast) -> (answer :A.ReceiptAnswer);
  # The receipt of an earlier batch, by batch id (32 bytes). NOT_FOUND if the ledger lacks it.

  event @2 (place :A.Place, withPath :Bool, atLeast :Q.AtLeast) -> (answer :A.EventAnswer);
  # One event. withPath: also the path from its record to the root in its batch note.

  trace @3 (ask :Q.CodeQuestion, withEvents :Bool) -> (answer :A.TraceAnswer);
  # Where a thing comes from and what happened to it. withEvents: also each step's event.

  events @4 (ask :Q.CodeQuestion, withEvents :Bool) -> (answer :A.ChainAnswer);
  # The code's own chain, in log order.

  state @5 (ask :Q.CodeQuestion) -> (answer :A.StateAnswer);
  contents @6 (ask :Q.CodeQuestion) -> (answer :A.ContentsAnswer);
  custody @7 (ask :Q.CodeQuestion) -> (answer :A.CustodyAnswer);

  forward @8 (ask :Q.CodeQuestion) -> (answer :A.ForwardAnswer);
  # Every lot and unit that a thing went into; units by page.

  recall @9 (ask :Q.CodeQuestion) -> (answer :A.RecallAnswer);
  # The same, grouped by where the units are, with who acts and who must be told.

  balance @10 (ask :Q.CodeQuestion) -> (answer :A.BalanceAnswer);
  # A lot's account.

  parties @11 (ask :Q.RegistryQuestion) -> (answer :A.PartiesAnswer);
  products @12 (ask :Q.RegistryQuestion) -> (answer :A.ProductsAnswer);
  sites @13 (ask :Q.RegistryQuestion) -> (answer :A.SitesAnswer);

  status @14 () -> (answer :A.StatusAnswer);

  checkpoint @15 (oldSize :UInt64) -> (answer :A.CheckpointAnswer);
  # The newest published checkpoint, with the proof that it extends the tree of oldSize leaves.
  # SIZE_NOT_REACHED if none is published yet.

  bundle @16 (ask :Q.CodeQuestion) -> (answer :A.BundleAnswer);
  # The provenance bundle of the code as of the newest published checkpoint (docs/bundle.md). Only
  # code and atLeast of the question are used. TOO_LARGE: ask over HTTP instead.

  verdict @17 (ask :Q.CodeQuestion) -> (answer :A.VerdictAnswer);
  # The verdict that a scan of the code would get now. Only code and atLeast are used.

  scan @18 (scan :Q.Scan) -> (answer :A.VerdictAnswer);
  # Records a scan, outside the log, and returns its verdict. RATE_LIMITED with
  # AnswerHead.retryAfterMs if there are too many.

  challenge @19 () -> (answer :A.ChallengeAnswer);
  # What a registered party signs to open a session (docs/access.md).

  session @20 (note :Text) -> (answer :A.SessionAnswer);
  # Exchanges the signed challenge for a token, which represents the party for a short time.

  asSession @21 (token :Text) -> (ledger :Ledger);
  # The same interface for the token's party: it answers what that party may know. With an invalid
  # or expired token, questions about codes, events and receipts are refused (SESSION_INVALID).

  accessLog @22 (after :UInt64, limit :UInt32) -> (answer :A.AccessAnswer);
  # Who read what under a session, for authorities: entries with numbers above `after`; limit as in
  # CodeQuestion. Errors: NOT_ENTITLED.

  notice @23 (note :Text) -> (answer :A.SubmitAnswer);
  # Submits a signed notice, which becomes a leaf of its own: it erases a sealed section
  # (docs/erasure.md). As submit; its receipt names no heads.

  submitMany @24 (submissions :List(Q.Submission)) -> (answers :List(A.SubmitAnswer));
  # Submits several batches in one call, at most 256 and 2 MiB (a larger call fails): for clients
  # with many small ones. Each is accepted or refused by itself, as by submit, in any order. The
  # call returns when all are answered; answers[i] belongs to submissions[i]. Earlier nodes lack it.
}
