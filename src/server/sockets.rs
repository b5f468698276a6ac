//! Opens listening sockets, with error messages that name the cause.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use listeners::{Protocol, SocketState};
use socket2::{Domain, Socket, Type};
use thiserror::Error;

use super::address::{Host, ListenAddress};
use crate::os;

/// The maximum number of connections that wait to be accepted.
const BACKLOG: i32 = 1024;

/// How often to try another free port if the port is in use at another address of the same name.
const TRIES: u32 = 32;

/// A listening socket.
#[derive(Debug)]
pub struct Bound {
    /// The socket.
    pub listener: TcpListener,
    /// Its addresses: two if the socket serves IPv4 and IPv6, IPv4 first.
    pub addresses: Vec<SocketAddr>,
}

/// An error of opening a listening socket.
#[derive(Debug, Error)]
#[error("cannot listen on {address}: {}", reason(address, source))]
pub struct BindError {
    /// The address.
    pub address: SocketAddr,
    /// The error of the operating system.
    pub source: io::Error,
}

impl BindError {
    /// Whether another port may work.
    #[must_use]
    pub fn is_about_port(&self) -> bool {
        matches!(
            self.source.kind(),
            ErrorKind::AddrInUse | ErrorKind::PermissionDenied
        )
    }
}

/// Opens the sockets of an address. With port 0 all of them get the same free port. Connections wait until
/// a server accepts them.
///
/// # Errors
///
/// If one of the sockets cannot be opened. Missing IPv6 is an error only if there is no other address.
pub fn bind_all(address: &ListenAddress) -> Result<Vec<Bound>, BindError> {
    match &address.host {
        Host::Ip(ip) => Ok(vec![bind_one(SocketAddr::new(*ip, address.port))?]),
        Host::All => Ok(vec![bind_both_families(address.port)?]),
        Host::Name(ips) => {
            let mut tries = 1;
            loop {
                match bind_each(ips, address.port) {
                    Err(error)
                        if address.port == 0
                            && error.source.kind() == ErrorKind::AddrInUse
                            && tries < TRIES =>
                    {
                        tries += 1;
                    }
                    result => return result,
                }
            }
        }
    }
}

/// Opens a socket at one address.
///
/// # Errors
///
/// If the address is in use, or is not an address of this machine.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    if address.is_ipv6() {
        // Explicit, because the default is a setting of the machine.
        socket.set_only_v6(!address.ip().is_unspecified())?;
    }
    socket.set_reuse_address(os::REUSES_ADDRESSES)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

fn bind_one(address: SocketAddr) -> Result<Bound, BindError> {
    let bound = bind(address).and_then(|listener| {
        let addresses = vec![listener.local_addr()?];
        Ok(Bound {
            listener,
            addresses,
        })
    });
    bound.map_err(|source| BindError { address, source })
}

fn bind_each(ips: &[IpAddr], mut port: u16) -> Result<Vec<Bound>, BindError> {
    let mut sockets = Vec::new();
    let mut missing = None;
    for ip in ips {
        match bind_one(SocketAddr::new(*ip, port)) {
            Ok(bound) => {
                port = bound.addresses[0].port();
                sockets.push(bound);
            }
            Err(error) if ip.is_ipv6() && is_without_ipv6(&error.source) => missing = Some(error),
            Err(error) => return Err(error),
        }
    }
    match missing {
        Some(error) if sockets.is_empty() => Err(error),
        _ => Ok(sockets),
    }
}

fn bind_both_families(port: u16) -> Result<Bound, BindError> {
    match bind_one(SocketAddr::new(Ipv6Addr::UNSPECIFIED.into(), port)) {
        Ok(Bound {
            listener,
            addresses,
        }) => {
            let ipv4 = |v6: &SocketAddr| SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), v6.port());
            let addresses = addresses.iter().map(ipv4).chain(addresses.clone());
            Ok(Bound {
                listener,
                addresses: addresses.collect(),
            })
        }
        Err(error) if is_without_ipv6(&error.source) => {
            bind_one(SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), port))
        }
        Err(error) => Err(error),
    }
}

/// Whether the machine does not have IPv6, or this IPv6 address.
fn is_without_ipv6(error: &io::Error) -> bool {
    error.kind() == ErrorKind::AddrNotAvailable
        || error.raw_os_error() == Some(os::ADDRESS_FAMILY_NOT_SUPPORTED)
}

/// The cause of an error.
fn reason(address: &SocketAddr, error: &io::Error) -> impl fmt::Display {
    match error.kind() {
        ErrorKind::AddrInUse => {
            let owner = owner(*address).unwrap_or_else(|| "another process".to_owned());
            format!("the port is in use by {owner}")
        }
        ErrorKind::AddrNotAvailable => "this machine has no such address".to_owned(),
        ErrorKind::PermissionDenied if address.port() < 1024 => {
            "ports below 1024 need privileges".to_owned()
        }
        _ => error.to_string(),
    }
}

/// The process that listens at `address`, if the operating system reports it: it does for processes of
/// the same user, and for root.
fn owner(address: SocketAddr) -> Option<String> {
    let covers = |other: SocketAddr| {
        let (wanted, other) = (address.ip(), other.ip().to_canonical());
        wanted == other || wanted.is_unspecified() || other.is_unspecified()
    };
    let all = listeners::get_all().ok()?;
    let found = all.into_iter().find(|listener| {
        listener.protocol == Protocol::TCP
            && listener.state == SocketState::Listen
            && listener.socket.port() == address.port()
            && covers(listener.socket)
    })?;
    let process = found.process;
    Some(if process.pid == std::process::id() {
        "this server itself: the address is given twice".to_owned()
    } else {
        format!("process {} ({})", process.pid, process.name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listen(text: &str) -> ListenAddress {
        ListenAddress::parse(text).unwrap()
    }

    fn bound(text: &str) -> Vec<Bound> {
        bind_all(&listen(text)).unwrap()
    }

    fn has_ipv6() -> bool {
        bind(SocketAddr::from((Ipv6Addr::LOCALHOST, 0))).is_ok()
    }

    #[test]
    fn a_name_is_bound_at_each_of_its_addresses_on_one_port() {
        let bound = bound("localhost:0");
        let addresses: Vec<_> = bound.iter().flat_map(|bound| &bound.addresses).collect();
        assert_eq!(addresses[0].ip(), IpAddr::from([127, 0, 0, 1]));
        assert_eq!(addresses.len(), if has_ipv6() { 2 } else { 1 });
        assert!(
            addresses
                .iter()
                .all(|address| address.port() == addresses[0].port())
        );
    }

    #[test]
    fn missing_ipv6_is_skipped_for_a_name_but_is_an_error_for_an_address() {
        // Reserved for documentation, so no machine has it.
        let missing: IpAddr = "2001:db8::1".parse().unwrap();
        let name = ListenAddress {
            host: Host::Name(vec![[127, 0, 0, 1].into(), missing]),
            port: 0,
        };
        assert_eq!(bind_all(&name).unwrap().len(), 1);
        for host in [Host::Name(vec![missing]), Host::Ip(missing)] {
            let error = bind_all(&ListenAddress { host, port: 0 }).unwrap_err();
            assert!(error.to_string().contains("[2001:db8::1]:0"), "{error}");
        }
    }

    #[test]
    fn a_kernel_without_ipv6_is_known_by_its_error() {
        let error = io::Error::from_raw_os_error(os::ADDRESS_FAMILY_NOT_SUPPORTED);
        assert!(is_without_ipv6(&error));
        assert!(!is_without_ipv6(&ErrorKind::AddrInUse.into()));
    }

    #[test]
    fn one_socket_serves_both_families() {
        let bound = bound(":0");
        let port = bound[0].addresses[0].port();
        let mut expected = vec![SocketAddr::from(([0, 0, 0, 0], port))];
        if has_ipv6() {
            expected.push(SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)));
            std::net::TcpStream::connect((Ipv6Addr::LOCALHOST, port)).unwrap();
        }
        assert_eq!(bound[0].addresses, expected);
        std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    }

    #[test]
    fn an_address_that_is_given_twice_is_reported_as_such() {
        let taken = bound("127.0.0.1:0");
        let address = taken[0].addresses[0].to_string();
        for text in [&address, &address.replace("127.0.0.1", "0.0.0.0")] {
            let error = bind_all(&listen(text)).unwrap_err().to_string();
            let own = "in use by this server itself: the address is given twice";
            assert!(error.contains(own), "{error}");
        }
    }
}
