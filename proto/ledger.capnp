# The node's interface for programs: Cap'n Proto two-party RPC, level 1, without TLS or inside it.
#
# Nothing here is signed, so it grows as Cap'n Proto grows: fields, methods and parameters are
# appended. A client may have any number of calls in flight; the answers come as they are ready.
#
# Every answer names the ledger state that it speaks of (AnswerHead), and holds either what was
# asked for or an Error; a call throws only where the connection or the message itself is broken. In
# each answer's union the error comes first, so an answer that nobody filled reads as an error.
#
# Optional values stand as pointers (null: absent). Hashes and keys are Data of 32 bytes.
# Codes are accepted in every form that docs/identifiers.md lists, and answered in canonical form.
# Times are milliseconds since 1970-01-01T00:00:00Z.
@0x8d26540805a5f75e;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("suyuan::wire");

using Q = import "questions.capnp";
using A = import "answers.capnp";

interface Ledger @0xe4ee2a3d1b03d796 {
  submit @0 (submission :Q.Submission) -> (answer :A.SubmitAnswer);
  # A batch, whole or not at all. The answer comes after it is synced to disk. The same batch again
  # gives the first receipt. A full queue answers BUSY with AnswerHead.retryAfterMs.

  receipt @1 (batch :Data, atLeast :Q.AtLeast) -> (answer :A.ReceiptAnswer);
  # The receipt of an earlier batch, by batch id (32 bytes); NOT_FOUND where the ledger lacks it.

  event @2 (place :A.Place, withPath :Bool, atLeast :Q.AtLeast) -> (answer :A.EventAnswer);
  # One event. withPath: the path from its record to the root in its batch note, too.

  trace @3 (ask :Q.CodeQuestion, withEvents :Bool) -> (answer :A.TraceAnswer);
  # Where a thing comes from and what happened to it. withEvents: each step's event, too.

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
  # SIZE_NOT_REACHED where none is published yet.

  bundle @16 (ask :Q.CodeQuestion) -> (answer :A.BundleAnswer);
  # The provenance bundle of the code as of the newest published checkpoint (docs/bundle.md); of the
  # question only code and atLeast are looked at. TOO_LARGE where HTTP must be asked.

  verdict @17 (ask :Q.CodeQuestion) -> (answer :A.VerdictAnswer);
  # What a scan of the code would mean now; of the question only code and atLeast are looked at.

  scan @18 (scan :Q.Scan) -> (answer :A.VerdictAnswer);
  # Notes a scan, outside the log, and answers its verdict. RATE_LIMITED with
  # AnswerHead.retryAfterMs where there are too many.

  challenge @19 () -> (answer :A.ChallengeAnswer);
  # What a registered party signs to open a session (docs/access.md).

  session @20 (note :Text) -> (answer :A.SessionAnswer);
  # The signed challenge for a token, which stands for the party for a short time.

  asSession @21 (token :Text) -> (ledger :Ledger);
  # The same interface, for whom the token stands for: it answers what that party may know. With a
  # token that is none, or has ended, questions about codes, events and receipts are refused
  # (SESSION_INVALID).

  accessLog @22 (after :UInt64, limit :UInt32) -> (answer :A.AccessAnswer);
  # Who read what under a session, for authorities: entries with numbers above `after`; limit as in
  # CodeQuestion. NOT_ENTITLED.

  notice @23 (note :Text) -> (answer :A.SubmitAnswer);
  # A signed notice, a leaf of its own: erases a sealed section (docs/erasure.md). As submit; its
  # receipt names no heads.

  submitMany @24 (submissions :List(Q.Submission)) -> (answers :List(A.SubmitAnswer));
  # Several batches in one call, 256 and 2 MiB at most (a call of more fails): for whoever has many
  # small ones. Each is taken or refused by itself, as by submit, in any order. The call is answered
  # when the last of them is; answers[i] is that of submissions[i]. Earlier nodes lack it.
}
