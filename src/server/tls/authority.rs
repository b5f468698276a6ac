//! The emulator's certificate authority.
//!
//! Clients trust a root certificate. Its key signs an intermediate certificate and is then discarded. The
//! stored key belongs to the intermediate certificate, whose name constraints prevent that it signs
//! certificates for other sites. The root has the same constraints, but some clients, such as Java, ignore
//! the constraints of a trusted root.

use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Days, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, KeyPair, KeyUsagePurpose, NameConstraints,
    PublicKeyData, SerialNumber, date_time_ymd,
};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::{CertifiedKey, SigningKey};
use rustls::{CertificateError, RootCertStore};
use sha2::{Digest, Sha256};

use super::storage::Storage;
use super::{TlsError, provider};
use crate::store::{Authority, Constrained};

const AUTHORITY_DAYS: u64 = 3652;

/// Some clients accept at most 825 days.
const CERTIFICATE_DAYS: u64 = 820;

/// The permitted names of every authority: this machine, the names of the host of a container, and the
/// domains of both clouds. All regions are permitted.
const PERMITTED: [&str; 10] = [
    "localhost",
    "127.0.0.0/8",
    "::1/128",
    "host.docker.internal",
    "gateway.docker.internal",
    "host.containers.internal",
    "host.minikube.internal",
    "host.lima.internal",
    "aliyuncs.com",
    "tencentcloudapi.com",
];

/// The stored authority. Creates one if there is none, or if its name constraints do not permit all
/// `given` names: constraints cannot be extended. `machine` names are permitted by a new authority, but
/// do not cause one, because a container gets a new name each time it is created.
pub(super) fn load_or_create(
    storage: Storage,
    machine: &[String],
    given: &[String],
) -> Result<Authority, TlsError> {
    if let Some(stored) = storage.read()?
        && foreign_name(&stored, given).is_none()
    {
        if stored.constrained.is_none() {
            tracing::info!(
                "the certificate authority in {storage} has no name constraints, so its key could sign \
                 certificates for any site; a new database gets one with constraints (kms-emulator export \
                 --values, then import), which clients have to trust"
            );
        }
        return Ok(stored);
    }
    storage.update(|stored| {
        let foreign = stored.as_ref().map(|stored| foreign_name(stored, given));
        if let (Some(stored), Some(None)) = (&stored, &foreign) {
            // Another process has created it.
            return Ok(stored.clone());
        }
        let constrained = stored.and_then(|stored| stored.constrained);
        let mut permitted = constrained.map_or_else(
            || PERMITTED.map(str::to_owned).into(),
            |constrained| constrained.permitted,
        );
        for name in machine.iter().chain(given) {
            if !is_permitted(&permitted, name) {
                permitted.push(subtree(name));
            }
        }
        let created = create(permitted)?;
        if let Some(Some(name)) = foreign {
            tracing::warn!(
                "a new certificate authority was created, because the one in {storage} does not permit \
                 `{name}`: clients have to trust the new one, from /_emulator/ca.pem"
            );
        }
        Ok(created)
    })
}

/// The first name that an authority does not permit.
fn foreign_name<'n>(authority: &Authority, names: &'n [String]) -> Option<&'n str> {
    let mut names = names.iter().map(String::as_str);
    names.find(|name| !permits(authority, name))
}

/// Whether the name constraints of an authority permit a host name or an IP address.
pub(super) fn permits(authority: &Authority, name: &str) -> bool {
    let constrained = authority.constrained.as_ref();
    constrained.is_none_or(|constrained| is_permitted(&constrained.permitted, name))
}

fn is_permitted(permitted: &[String], name: &str) -> bool {
    let name = base_of(name);
    if let Ok(address) = name.parse::<IpAddr>() {
        return address.is_loopback() || permitted.contains(&subtree(name));
    }
    permitted.iter().any(|permitted| {
        let above = name.strip_suffix(&**permitted);
        above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
    })
}

/// The name, or the parent of a wildcard.
fn base_of(name: &str) -> &str {
    name.strip_prefix("*.")
        .unwrap_or(name)
        .trim_end_matches('.')
}

/// The smallest subtree with a host name or an IP address.
fn subtree(name: &str) -> String {
    let name = base_of(name);
    match name.parse() {
        Ok(IpAddr::V4(address)) => format!("{address}/32"),
        Ok(IpAddr::V6(address)) => format!("{address}/128"),
        Err(_) => name.to_owned(),
    }
}

fn create(permitted: Vec<String>) -> Result<Authority, rcgen::Error> {
    let subtrees = permitted
        .iter()
        .map(|name| match CidrSubnet::from_str(name) {
            Ok(network) => GeneralSubtree::IpAddress(network),
            Err(()) => GeneralSubtree::DnsName(name.clone()),
        });
    let constraints = NameConstraints {
        permitted_subtrees: subtrees.collect(),
        excluded_subtrees: Vec::new(),
    };
    let (root_key, key) = (KeyPair::generate()?, KeyPair::generate()?);
    let mut root = params(&root_key, Role::Root);
    root.is_ca = IsCa::Ca(BasicConstraints::Constrained(1));
    root.name_constraints = Some(constraints.clone());
    let mut intermediate = params(&key, Role::Intermediate);
    intermediate.name_constraints = Some(constraints);
    intermediate.use_authority_key_identifier_extension = true;
    let certificate = root.self_signed(&root_key)?.pem();
    let root = rcgen::Issuer::new(root, root_key);
    Ok(Authority {
        certificate,
        private_key: key.serialize_pem(),
        constrained: Some(Constrained {
            intermediate: intermediate.signed_by(&key, &root)?.pem(),
            permitted,
        }),
    })
}

/// The role of a certificate of the authority.
#[derive(Clone, Copy)]
enum Role {
    /// Clients trust it.
    Root,
    /// It signs the certificates of hosts.
    Intermediate,
}

/// The parameters of a certificate of an authority with this key. The subject must never change, because
/// later certificates refer to it. It depends on the key, so that clients can distinguish emulators.
fn params(key: &KeyPair, role: Role) -> CertificateParams {
    let digest = Sha256::digest(key.subject_public_key_info());
    let title = match role {
        Role::Root => "kms-emulator CA",
        Role::Intermediate => "kms-emulator intermediate CA",
    };
    let mut params = CertificateParams::default();
    params.distinguished_name = name(&format!("{title} {}", hex::encode(&digest[..4])));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    set_validity(&mut params, AUTHORITY_DAYS);
    params
}

fn name(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}

/// Valid for a number of days, starting yesterday, because clocks differ.
fn set_validity(params: &mut CertificateParams, days: u64) {
    let from = Utc::now() - Days::new(1);
    let day = |time: DateTime<Utc>| {
        let number = |number: u32| u8::try_from(number).unwrap_or(1);
        date_time_ymd(time.year(), number(time.month()), number(time.day()))
    };
    params.not_before = day(from);
    params.not_after = day(from + Days::new(days));
    params.serial_number = Some(SerialNumber::from_slice(uuid::Uuid::new_v4().as_bytes()));
}

/// Issues certificates of an authority, all with the same key.
pub(super) struct Issuer {
    root: CertificateDer<'static>,
    intermediate: Option<CertificateDer<'static>>,
    issuer: rcgen::Issuer<'static, KeyPair>,
    key: KeyPair,
    signing_key: Arc<dyn SigningKey>,
}

impl Issuer {
    /// `storage` is for errors.
    pub(super) fn new(authority: &Authority, storage: Storage) -> Result<Self, TlsError> {
        // The errors of the libraries could contain parts of the key.
        let authority_key = KeyPair::from_pem(&authority.private_key)
            .map_err(|_| unusable(storage, "its private key cannot be read"))?;
        let read = |pem: &str| {
            CertificateDer::from_pem_slice(pem.as_bytes())
                .map_err(|_| unusable(storage, "its certificate cannot be read"))
        };
        let root = read(&authority.certificate)?;
        let (intermediate, role) = match &authority.constrained {
            Some(constrained) => (Some(read(&constrained.intermediate)?), Role::Intermediate),
            None => (None, Role::Root),
        };
        let key = KeyPair::generate()?;
        let der = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        Ok(Self {
            root,
            intermediate,
            issuer: rcgen::Issuer::new(params(&authority_key, role), authority_key),
            signing_key: rustls::crypto::ring::sign::any_supported_type(&der)?,
            key,
        })
    }

    /// The root certificate, which clients trust.
    pub(super) fn root(&self) -> &CertificateDer<'static> {
        &self.root
    }

    /// A certificate for these host names and IP addresses, with its key.
    pub(super) fn issue(&self, names: Vec<String>) -> Result<CertifiedKey, TlsError> {
        // With name constraints, clients reject a certificate if one of its names is malformed for them: a
        // name with a trailing dot, or a wildcard below a single label.
        let is_wellformed = |name: &String| {
            let below = name.strip_prefix("*.");
            below.is_none_or(|below| below.contains('.'))
        };
        let names = names
            .into_iter()
            .map(|name| name.trim_end_matches('.').to_owned());
        let names: Vec<_> = names.filter(is_wellformed).collect();
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name = name("kms-emulator");
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        set_validity(&mut params, CERTIFICATE_DAYS);
        let issued = params.signed_by(&self.key, &self.issuer)?;
        let chain = [issued.der().clone()].into_iter();
        Ok(CertifiedKey::new(
            chain.chain(self.intermediate.clone()).collect(),
            Arc::clone(&self.signing_key),
        ))
    }
}

/// Checks that clients which trust the root accept an issued certificate.
pub(super) fn check(
    root: &CertificateDer<'static>,
    issued: &CertifiedKey,
    storage: Storage,
) -> Result<(), TlsError> {
    let mut roots = RootCertStore::empty();
    roots
        .add(root.clone())
        .map_err(|_| unusable(storage, "its certificate cannot be read"))?;
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider())
        .build()
        .map_err(|_| unusable(storage, "its certificate cannot be read"))?;
    let localhost =
        ServerName::try_from("localhost").map_err(|_| rcgen::Error::CouldNotParseCertificate)?;
    let Some((certificate, intermediates)) = issued.cert.split_first() else {
        return Ok(());
    };
    match verifier.verify_server_cert(certificate, intermediates, &localhost, &[], UnixTime::now())
    {
        Ok(_) => Ok(()),
        // Not an error, because plain HTTP works.
        Err(rustls::Error::InvalidCertificate(
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. },
        )) => {
            tracing::warn!(
                "the certificate authority in {storage} has expired or is not yet valid: clients will not trust it"
            );
            Ok(())
        }
        Err(_) => Err(unusable(storage, "its key does not match its certificate")),
    }
}

fn unusable(storage: Storage, reason: &'static str) -> TlsError {
    TlsError::Authority {
        storage: storage.to_string(),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    fn names(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    /// Whether a client that trusts an authority accepts its certificate for a host.
    fn is_trusted(authority: &Authority, host: &str) -> bool {
        let issuer =
            Issuer::new(authority, Storage::InDatabase(&Store::in_memory().unwrap())).unwrap();
        let for_host = issuer.issue(names(&[host])).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(issuer.root().clone()).unwrap();
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider())
            .build()
            .unwrap();
        let server = host.replace('*', "any");
        let server = ServerName::try_from(server).unwrap();
        let (certificate, chain) = for_host.cert.split_first().unwrap();
        verifier
            .verify_server_cert(certificate, chain, &server, &[], UnixTime::now())
            .is_ok()
    }

    #[test]
    fn an_authority_permits_its_names_and_no_others() {
        let store = Store::in_memory().unwrap();
        let machine = names(&["machine_1"]);
        let given = names(&["kms", "*.example.test", "192.0.2.7", "2001:db8::7", "dot."]);
        let authority = load_or_create(Storage::InDatabase(&store), &machine, &given).unwrap();
        for host in [
            "localhost",
            "cn-hangzhou.localhost",
            "127.0.0.1",
            "127.9.9.9",
            "::1",
            "host.docker.internal",
            "kms.cn-hangzhou.aliyuncs.com",
            "kst-a.cryptoservice.kms.aliyuncs.com",
            "ssm.tencentcloudapi.com",
            "machine_1",
            "kms",
            "*.example.test",
            "192.0.2.7",
            "2001:db8::7",
            "dot",
        ] {
            assert!(permits(&authority, host), "{host}");
            assert!(is_trusted(&authority, host), "{host}");
        }
        for host in [
            "example.com",
            "notlocalhost",
            "aliyuncs.com.example.org",
            "evilaliyuncs.com",
            "docker.internal",
            "kms2",
            "192.0.2.8",
            "128.0.0.1",
            "2001:db8::8",
        ] {
            assert!(!permits(&authority, host), "{host}");
            assert!(!is_trusted(&authority, host), "{host}");
        }
    }

    #[test]
    fn malformed_names_do_not_invalidate_a_certificate() {
        let store = Store::in_memory().unwrap();
        let given = names(&["*.kms", "kms.", "kms_1", "*.example.test"]);
        let authority = load_or_create(Storage::InDatabase(&store), &[], &given).unwrap();
        let issuer = Issuer::new(&authority, Storage::InDatabase(&store)).unwrap();
        let all = [&given[..], &names(&["localhost", "*.localhost"])].concat();
        let general = issuer.issue(all).unwrap();
        check(issuer.root(), &general, Storage::InDatabase(&store)).unwrap();
    }

    #[test]
    fn a_new_machine_name_does_not_create_a_new_authority() {
        let store = Store::in_memory().unwrap();
        let first =
            load_or_create(Storage::InDatabase(&store), &names(&["container-1"]), &[]).unwrap();
        let second =
            load_or_create(Storage::InDatabase(&store), &names(&["container-2"]), &[]).unwrap();
        assert_eq!(second, first);
        assert!(permits(&first, "container-1"));
        assert!(!permits(&first, "container-2"));
        // A name given by the user does.
        let third =
            load_or_create(Storage::InDatabase(&store), &[], &names(&["container-2"])).unwrap();
        assert_ne!(third, first);
        assert!(permits(&third, "container-1") && permits(&third, "container-2"));
    }

    #[test]
    fn an_authority_without_name_constraints_still_works() {
        let store = Store::in_memory().unwrap();
        let key = KeyPair::generate().unwrap();
        let old = Authority {
            certificate: params(&key, Role::Root).self_signed(&key).unwrap().pem(),
            private_key: key.serialize_pem(),
            constrained: None,
        };
        store.write(|store| store.save_authority(&old)).unwrap();
        let loaded = load_or_create(
            Storage::InDatabase(&store),
            &[],
            &names(&["kms.example.test"]),
        )
        .unwrap();
        assert_eq!(loaded, old);
        for host in ["localhost", "kms.example.test"] {
            assert!(is_trusted(&loaded, host), "{host}");
        }
    }
}
