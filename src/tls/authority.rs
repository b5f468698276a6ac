//! A certificate authority of the emulator's own.

use std::sync::Arc;

use chrono::{DateTime, Datelike, Days, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, PublicKeyData, SerialNumber, date_time_ymd,
};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::{CertifiedKey, SigningKey};
use rustls::{CertificateError, RootCertStore};
use sha2::{Digest, Sha256};

use super::{TlsError, provider};
use crate::store::{Authority, Store};

const AUTHORITY_DAYS: u64 = 3652;

/// Some clients accept 825 at the most.
const CERTIFICATE_DAYS: u64 = 820;

/// The authority that a store keeps; made now if it keeps none.
pub(super) fn kept_in(store: &Store) -> Result<Authority, TlsError> {
    if let Some(kept) = store.read(|store| store.authority())? {
        return Ok(kept);
    }
    let made = make()?;
    Ok(store.write(|store| match store.authority()? {
        // Another process was faster.
        Some(kept) => Ok(kept),
        None => store.keep_authority(&made).map(|()| made),
    })?)
}

fn make() -> Result<Authority, rcgen::Error> {
    let key = KeyPair::generate()?;
    Ok(Authority {
        certificate: params(&key).self_signed(&key)?.pem(),
        private_key: key.serialize_pem(),
    })
}

/// The certificate of the authority that has this key. The name in it must never change, or
/// what is issued later does not refer to the certificate that is kept. It depends on the key
/// so that clients can tell two emulators apart.
fn params(key: &KeyPair) -> CertificateParams {
    let digest = Sha256::digest(key.subject_public_key_info());
    let mut params = CertificateParams::default();
    params.distinguished_name = name(&format!("kms-emulator CA {}", hex::encode(&digest[..4])));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    make_valid(&mut params, AUTHORITY_DAYS);
    params
}

fn name(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}

/// For so many days, of which one has passed: clocks differ.
fn make_valid(params: &mut CertificateParams, days: u64) {
    let from = Utc::now() - Days::new(1);
    let day = |time: DateTime<Utc>| {
        let number = |number: u32| u8::try_from(number).unwrap_or(1);
        date_time_ymd(time.year(), number(time.month()), number(time.day()))
    };
    params.not_before = day(from);
    params.not_after = day(from + Days::new(days));
    params.serial_number = Some(SerialNumber::from_slice(uuid::Uuid::new_v4().as_bytes()));
}

/// Makes certificates in the name of an authority, all for one key.
pub(super) struct Issuer {
    certificate: CertificateDer<'static>,
    issuer: rcgen::Issuer<'static, KeyPair>,
    key: KeyPair,
    signing_key: Arc<dyn SigningKey>,
}

impl Issuer {
    pub(super) fn new(authority: &Authority) -> Result<Self, TlsError> {
        // What the libraries say of a key could show some of it.
        let authority_key = KeyPair::from_pem(&authority.private_key)
            .map_err(|_| TlsError::Authority("its private key cannot be read"))?;
        let certificate = CertificateDer::from_pem_slice(authority.certificate.as_bytes())
            .map_err(|_| TlsError::Authority("its certificate cannot be read"))?;
        let key = KeyPair::generate()?;
        let der = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        Ok(Self {
            certificate,
            issuer: rcgen::Issuer::new(params(&authority_key), authority_key),
            signing_key: rustls::crypto::ring::sign::any_supported_type(&der)?,
            key,
        })
    }

    /// The authority's own certificate.
    pub(super) fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// A certificate for these host names and IP addresses, with its key.
    pub(super) fn issue(&self, names: Vec<String>) -> Result<CertifiedKey, TlsError> {
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name = name("kms-emulator");
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        make_valid(&mut params, CERTIFICATE_DAYS);
        let issued = params.signed_by(&self.key, &self.issuer)?;
        Ok(CertifiedKey::new(
            vec![issued.der().clone()],
            Arc::clone(&self.signing_key),
        ))
    }
}

/// Checks that who trusts an authority's certificate trusts what was issued in its name.
pub(super) fn check(
    authority: &CertificateDer<'static>,
    issued: &CertifiedKey,
) -> Result<(), TlsError> {
    let mut roots = RootCertStore::empty();
    roots
        .add(authority.clone())
        .map_err(|_| TlsError::Authority("its certificate cannot be read"))?;
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider())
        .build()
        .map_err(|_| TlsError::Authority("its certificate cannot be read"))?;
    let localhost =
        ServerName::try_from("localhost").map_err(|_| rcgen::Error::CouldNotParseCertificate)?;
    let [certificate] = issued.cert.as_slice() else {
        return Ok(());
    };
    match verifier.verify_server_cert(certificate, &[], &localhost, &[], UnixTime::now()) {
        Ok(_) => Ok(()),
        // No reason to keep those away who speak plain HTTP.
        Err(rustls::Error::InvalidCertificate(
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. },
        )) => {
            tracing::warn!(
                "the certificate authority in the database has expired or is of a later day: clients will not trust it"
            );
            Ok(())
        }
        Err(_) => Err(TlsError::Authority(
            "its key and its certificate do not belong together",
        )),
    }
}
