//! Ed25519 key pairs in the formats of OpenSSH.
//!
//! The file `PROTOCOL.key` in the sources of OpenSSH describes the private key, RFC 8709 the public key.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::error::KeyRejected;
use ring::signature::{Ed25519KeyPair, KeyPair};

use crate::clouds::password;

const ALGORITHM: &str = "ssh-ed25519";

/// A new key pair: the line for `authorized_keys`, and the private key without a passphrase.
pub(super) fn new_pair() -> Result<(String, String), KeyRejected> {
    let [check, ..] = password::bytes();
    pair(&password::bytes(), check)
}

/// The key pair of a seed. `check` is repeated in the private key, where a reader compares it.
fn pair(seed: &[u8; 32], check: u8) -> Result<(String, String), KeyRejected> {
    let pair = Ed25519KeyPair::from_seed_unchecked(seed)?;
    let public = pair.public_key().as_ref();
    let public_key = strings(&[ALGORITHM.as_bytes(), public]);

    let mut private = vec![check; 8];
    let seed_and_public = [seed, public].concat();
    private.extend(strings(&[
        ALGORITHM.as_bytes(),
        public,
        &seed_and_public,
        b"",
    ]));
    private.extend((1..).take(private.len().wrapping_neg() % 8));

    let mut file = b"openssh-key-v1\0".to_vec();
    file.extend(strings(&[b"none", b"none", b""])); // cipher, key derivation and its options
    file.extend(1_u32.to_be_bytes()); // number of keys
    file.extend(strings(&[&public_key, &private]));

    let mut text = "-----BEGIN OPENSSH PRIVATE KEY-----\n".to_owned();
    let encoded = STANDARD.encode(file);
    for line in encoded.as_bytes().chunks(70) {
        text.extend(line.iter().copied().map(char::from));
        text.push('\n');
    }
    text.push_str("-----END OPENSSH PRIVATE KEY-----\n");
    Ok((format!("{ALGORITHM} {}", STANDARD.encode(public_key)), text))
}

/// Strings of the SSH protocol (RFC 4251), each after its length.
fn strings(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        let length = u32::try_from(part.len()).expect("parts of a key are short");
        bytes.extend(length.to_be_bytes());
        bytes.extend(*part);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a string of the SSH protocol, and returns the rest after it.
    fn read(bytes: &[u8]) -> (&[u8], &[u8]) {
        let (length, rest) = bytes.split_first_chunk().unwrap();
        rest.split_at(u32::from_be_bytes(*length) as usize)
    }

    fn decoded(text: &str) -> Vec<u8> {
        STANDARD.decode(text).unwrap()
    }

    #[test]
    fn key_pair_has_the_fields_that_openssh_documents() {
        // The first test vector of RFC 8032.
        let bytes = |text: &str| hex::decode(text).unwrap();
        let seed = bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        let public = bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

        let (public_key, private_key) = pair(&seed.clone().try_into().unwrap(), 7).unwrap();
        let public_key = decoded(public_key.strip_prefix("ssh-ed25519 ").unwrap());
        let (name, rest) = read(&public_key);
        assert_eq!(
            (name, read(rest)),
            (&b"ssh-ed25519"[..], (&*public, &b""[..]))
        );

        let lines: Vec<_> = private_key.lines().collect();
        let [first, encoded @ .., last] = &*lines else {
            panic!("{private_key}");
        };
        assert_eq!(*first, "-----BEGIN OPENSSH PRIVATE KEY-----");
        assert_eq!(*last, "-----END OPENSSH PRIVATE KEY-----");
        assert!(encoded.iter().all(|line| line.len() <= 70));
        let file = decoded(&encoded.concat());
        let rest = file.strip_prefix(b"openssh-key-v1\0").unwrap();
        let (cipher, rest) = read(rest);
        let (derivation, rest) = read(rest);
        let (options, rest) = read(rest);
        assert_eq!([cipher, derivation, options], [&b"none"[..], b"none", b""]);
        let (number, rest) = rest.split_at(4);
        assert_eq!(number, [0, 0, 0, 1]);
        let (first_public, rest) = read(rest);
        assert_eq!(first_public, public_key);
        let (private, rest) = read(rest);
        assert_eq!((private.len() % 8, rest), (0, &b""[..]));
        let (checks, rest) = private.split_at(8);
        assert_eq!(checks, [7; 8]);
        let (name, rest) = read(rest);
        let (first, rest) = read(rest);
        let (secret, rest) = read(rest);
        let (comment, padding) = read(rest);
        assert_eq!((name, first), (&b"ssh-ed25519"[..], &*public));
        assert_eq!(secret, [seed, public].concat());
        assert_eq!((comment, padding), (&b""[..], &[1, 2, 3, 4, 5][..]));
    }

    #[test]
    fn each_key_pair_is_new() {
        assert_ne!(new_pair().unwrap(), new_pair().unwrap());
    }
}
