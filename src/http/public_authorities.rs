//! The certificate authorities that programs trust on this machine.

use rustls::pki_types::CertificateDer;

/// The source of the certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The list of the system, which `SSL_CERT_FILE` and `SSL_CERT_DIR` replace.
    System,
    /// Mozilla's list, which is compiled in.
    CompiledIn,
}

/// The authorities of the system, or Mozilla's if the system has none, such as a minimal container.
pub(crate) fn public_authorities() -> (Origin, Vec<CertificateDer<'static>>) {
    let of_system = rustls_native_certs::load_native_certs().certs;
    if of_system.is_empty() {
        let compiled_in = webpki_root_certs::TLS_SERVER_ROOT_CERTS;
        (Origin::CompiledIn, compiled_in.to_vec())
    } else {
        (Origin::System, of_system)
    }
}
