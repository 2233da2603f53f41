// The text of a key file: one named Ed25519 seed, optionally encrypted with a passphrase. Only the
// format: the programs do files and prompts.
//
//   suyuan/secret-key/v1
//   name <name>
//   key <base64 of public key>
//   seal none | argon2id13 <opslimit> <memlimit bytes> <base64 of salt[16]> <base64 of nonce[24]>
//   secret <base64 of the 32-byte seed, or of its XSalsa20-Poly1305 box>
#pragma once

#include <string>

#include "ledger/base/error.h"
#include "ledger/crypto/ed25519.h"

namespace suyuan {

// Fresh for each file; unused without a passphrase.
struct SealRandomness {
  Fixed<16, struct SealSaltTag> salt;
  Fixed<24, struct SealNonceTag> nonce;
};

struct NamedKeyPair {
  std::string name;
  KeyPair pair;
};

// Writes a key file. With an empty passphrase the seed is not encrypted: protect the file by its
// mode. Errors: IO (not enough memory for Argon2id, 64 MiB).
Result<std::string> write_key_file(std::string_view name, BytesView seed,
                                   std::string_view passphrase,
                                   const SealRandomness& randomness);
// Errors: INVALID_FIELD (not a key file, wrong passphrase, or the key does not belong to the seed).
Result<NamedKeyPair> read_key_file(std::string_view text, std::string_view passphrase);
// Encrypts the same key again, or for the first time. Errors: as read_key_file and write_key_file.
Result<std::string> reseal_key_file(std::string_view text, std::string_view passphrase,
                                    std::string_view new_passphrase,
                                    const SealRandomness& randomness);
// Returns whether read_key_file requires a passphrase; false if it is not a key file.
bool is_sealed_key_file(std::string_view text);

}  // namespace suyuan
