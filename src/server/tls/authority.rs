//! A certificate authority of the emulator's own.
//!
//! Clients trust a root certificate, whose key is forgotten as soon as it has signed an intermediate
//! certificate. The key that is kept belongs to the latter, whose name constraints keep it from vouching
//! for other sites. The root has the same constraints, but some clients, Java among them, do not heed
//! those of a certificate that they are told to trust.

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

use super::{TlsError, provider};
use crate::store::{Authority, Constrained, Store};

const AUTHORITY_DAYS: u64 = 3652;

/// Some clients accept 825 at the most.
const CERTIFICATE_DAYS: u64 = 820;

/// What every authority may vouch for: this machine, the hosts by which containers reach it, and the
/// domains of both clouds. Regions are not listed: any can be asked for.
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

/// The authority that a store keeps. It is made now if there is none, and made anew if the one that is
/// kept may not vouch for all the `given` names: name constraints cannot be widened. A `machine` name
/// is permitted when an authority is made, but is no reason to replace one: containers get a new name
/// each time they are created.
pub(super) fn kept_in(
    store: &Store,
    machine: &[String],
    given: &[String],
) -> Result<Authority, TlsError> {
    if let Some(kept) = store.read(|store| store.authority())?
        && foreign_name(&kept, given).is_none()
    {
        if kept.constrained.is_none() {
            tracing::info!(
                "the certificate authority in the database has no name constraints, so its key could vouch \
                 for any site; a new database has one with constraints (kms-emulator export --values, then \
                 import), and clients have to trust that one"
            );
        }
        return Ok(kept);
    }
    store.write(|store| {
        let kept = store.authority()?;
        let foreign = kept.as_ref().map(|kept| foreign_name(kept, given));
        if let (Some(kept), Some(None)) = (&kept, &foreign) {
            // Another process was faster.
            return Ok(kept.clone());
        }
        let mut permitted = kept
            .and_then(|kept| kept.constrained)
            .map_or_else(|| PERMITTED.map(str::to_owned).into(), |kept| kept.permitted);
        for name in machine.iter().chain(given) {
            if !is_permitted(&permitted, name) {
                permitted.push(subtree(name));
            }
        }
        let made = make(permitted)?;
        store.keep_authority(&made)?;
        if let Some(Some(name)) = foreign {
            tracing::warn!(
                "a new certificate authority was made, because the one in the database may not vouch for \
                 `{name}`: clients have to trust the new one, from /_emulator/ca.pem"
            );
        }
        Ok(made)
    })
}

/// The first name that an authority may not vouch for.
fn foreign_name<'n>(authority: &Authority, names: &'n [String]) -> Option<&'n str> {
    let mut names = names.iter().map(String::as_str);
    names.find(|name| !may_vouch_for(authority, name))
}

/// Whether the name constraints of an authority permit a host name or an IP address.
pub(super) fn may_vouch_for(authority: &Authority, name: &str) -> bool {
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

/// The name itself, or the one that a wildcard is below of.
fn base_of(name: &str) -> &str {
    name.strip_prefix("*.")
        .unwrap_or(name)
        .trim_end_matches('.')
}

/// The least that permits a host name or an IP address.
fn subtree(name: &str) -> String {
    let name = base_of(name);
    match name.parse() {
        Ok(IpAddr::V4(address)) => format!("{address}/32"),
        Ok(IpAddr::V6(address)) => format!("{address}/128"),
        Err(_) => name.to_owned(),
    }
}

fn make(permitted: Vec<String>) -> Result<Authority, rcgen::Error> {
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

/// What a certificate of an authority is for.
#[derive(Clone, Copy)]
enum Role {
    /// Clients trust it.
    Root,
    /// It signs the certificates of hosts.
    Intermediate,
}

/// A certificate of an authority that has this key. The name in it must never change, or
/// what is issued later does not refer to the certificate that is kept. It depends on the key
/// so that clients can tell two emulators apart.
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
    root: CertificateDer<'static>,
    intermediate: Option<CertificateDer<'static>>,
    issuer: rcgen::Issuer<'static, KeyPair>,
    key: KeyPair,
    signing_key: Arc<dyn SigningKey>,
}

impl Issuer {
    pub(super) fn new(authority: &Authority) -> Result<Self, TlsError> {
        // What the libraries say of a key could show some of it.
        let authority_key = KeyPair::from_pem(&authority.private_key)
            .map_err(|_| TlsError::Authority("its private key cannot be read"))?;
        let read = |pem: &str| {
            CertificateDer::from_pem_slice(pem.as_bytes())
                .map_err(|_| TlsError::Authority("its certificate cannot be read"))
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

    /// The certificate that clients trust.
    pub(super) fn root(&self) -> &CertificateDer<'static> {
        &self.root
    }

    /// A certificate for these host names and IP addresses, with its key.
    pub(super) fn issue(&self, names: Vec<String>) -> Result<CertifiedKey, TlsError> {
        // Where there are name constraints, a name that a client takes for malformed makes it refuse the
        // whole certificate: one with a dot at its end, or a wildcard directly below a single label.
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
        make_valid(&mut params, CERTIFICATE_DAYS);
        let issued = params.signed_by(&self.key, &self.issuer)?;
        let chain = [issued.der().clone()].into_iter();
        Ok(CertifiedKey::new(
            chain.chain(self.intermediate.clone()).collect(),
            Arc::clone(&self.signing_key),
        ))
    }
}

/// Checks that a client that trusts the root certificate of an authority trusts what it issued.
pub(super) fn check(root: &CertificateDer<'static>, issued: &CertifiedKey) -> Result<(), TlsError> {
    let mut roots = RootCertStore::empty();
    roots
        .add(root.clone())
        .map_err(|_| TlsError::Authority("its certificate cannot be read"))?;
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider())
        .build()
        .map_err(|_| TlsError::Authority("its certificate cannot be read"))?;
    let localhost =
        ServerName::try_from("localhost").map_err(|_| rcgen::Error::CouldNotParseCertificate)?;
    let Some((certificate, intermediates)) = issued.cert.split_first() else {
        return Ok(());
    };
    match verifier.verify_server_cert(certificate, intermediates, &localhost, &[], UnixTime::now())
    {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn names(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    /// Whether a client that trusts an authority trusts its key's signature for a host.
    fn is_trusted(authority: &Authority, host: &str) -> bool {
        let issuer = Issuer::new(authority).unwrap();
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
    fn the_key_of_an_authority_vouches_for_the_names_that_it_is_for_and_no_others() {
        let store = Store::in_memory().unwrap();
        let machine = names(&["machine_1"]);
        let given = names(&["kms", "*.example.test", "192.0.2.7", "2001:db8::7", "dot."]);
        let authority = kept_in(&store, &machine, &given).unwrap();
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
            assert!(may_vouch_for(&authority, host), "{host}");
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
            assert!(!may_vouch_for(&authority, host), "{host}");
            assert!(!is_trusted(&authority, host), "{host}");
        }
    }

    #[test]
    fn a_name_that_clients_take_for_malformed_does_not_spoil_a_certificate() {
        let store = Store::in_memory().unwrap();
        let given = names(&["*.kms", "kms.", "kms_1", "*.example.test"]);
        let authority = kept_in(&store, &[], &given).unwrap();
        let issuer = Issuer::new(&authority).unwrap();
        let all = [&given[..], &names(&["localhost", "*.localhost"])].concat();
        let general = issuer.issue(all).unwrap();
        check(issuer.root(), &general).unwrap();
    }

    #[test]
    fn a_new_machine_name_is_no_reason_for_a_new_authority() {
        let store = Store::in_memory().unwrap();
        let first = kept_in(&store, &names(&["container-1"]), &[]).unwrap();
        let second = kept_in(&store, &names(&["container-2"]), &[]).unwrap();
        assert_eq!(second, first);
        assert!(may_vouch_for(&first, "container-1"));
        assert!(!may_vouch_for(&first, "container-2"));
        // Given by the user, it is.
        let third = kept_in(&store, &[], &names(&["container-2"])).unwrap();
        assert_ne!(third, first);
        assert!(may_vouch_for(&third, "container-1") && may_vouch_for(&third, "container-2"));
    }

    #[test]
    fn an_authority_from_before_name_constraints_keeps_working() {
        let store = Store::in_memory().unwrap();
        let key = KeyPair::generate().unwrap();
        let old = Authority {
            certificate: params(&key, Role::Root).self_signed(&key).unwrap().pem(),
            private_key: key.serialize_pem(),
            constrained: None,
        };
        store.write(|store| store.keep_authority(&old)).unwrap();
        let kept = kept_in(&store, &[], &names(&["kms.example.test"])).unwrap();
        assert_eq!(kept, old);
        for host in ["localhost", "kms.example.test"] {
            assert!(is_trusted(&kept, host), "{host}");
        }
    }
}
