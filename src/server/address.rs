//! Addresses to listen on, as given on the command line.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};

/// An address to listen on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenAddress {
    /// The interfaces.
    pub host: Host,
    /// The port; 0 chooses a free one.
    pub port: u16,
}

/// The interfaces to listen on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// Only this IP address.
    Ip(IpAddr),
    /// All addresses of a name, IPv4 first. IPv6 addresses are skipped if the machine has no IPv6.
    Name(Vec<IpAddr>),
    /// All interfaces, IPv4 and IPv6; only IPv4 if the machine has no IPv6.
    All,
}

/// The addresses of `localhost`. The name is not resolved: RFC 6761 reserves it for these addresses, and
/// a container image may have no `hosts` file.
const LOCALHOST: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::LOCALHOST),
    IpAddr::V6(Ipv6Addr::LOCALHOST),
];

impl ListenAddress {
    /// Reads `IP:PORT`, `NAME:PORT`, `:PORT` (every interface) or `PORT` (`localhost`).
    ///
    /// # Errors
    ///
    /// A reason in one line if the text has another form, or the name cannot be resolved.
    pub fn parse(text: &str) -> Result<Self, String> {
        let malformed =
            || format!("`{text}` is not an address such as 127.0.0.1:8080, :8080 or 8080");
        if let Ok(address) = text.parse::<SocketAddr>() {
            let host = match address.ip() {
                IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Host::All,
                ip => Host::Ip(ip),
            };
            return Ok(Self {
                host,
                port: address.port(),
            });
        }
        let (name, port) = text.rsplit_once(':').unwrap_or(("localhost", text));
        let port = port.parse().map_err(|_| malformed())?;
        let host = match name {
            "" => Host::All,
            _ if name.eq_ignore_ascii_case("localhost") => Host::Name(LOCALHOST.to_vec()),
            _ => Host::Name(resolve(name).map_err(|reason| format!("{}: {reason}", malformed()))?),
        };
        Ok(Self { host, port })
    }

    /// The specific IP addresses; empty for all interfaces.
    #[must_use]
    pub fn ips(&self) -> &[IpAddr] {
        match &self.host {
            Host::Ip(ip) if !ip.is_unspecified() => std::slice::from_ref(ip),
            Host::Name(ips) => ips,
            Host::Ip(_) | Host::All => &[],
        }
    }

    /// An address of the server for clients on this machine.
    #[must_use]
    pub fn local(&self) -> SocketAddr {
        let ip = self.ips().first().unwrap_or(&LOCALHOST[0]);
        SocketAddr::new(*ip, self.port)
    }
}

fn resolve(name: &str) -> Result<Vec<IpAddr>, String> {
    let addresses = (name, 0)
        .to_socket_addrs()
        .map_err(|error| error.to_string())?;
    let mut ips: Vec<_> = addresses.map(|address| address.ip()).collect();
    // Stable: keeps the order of the resolver within a family.
    ips.sort_by_key(IpAddr::is_ipv6);
    ips.dedup();
    if ips.is_empty() {
        return Err("the name has no address".to_owned());
    }
    Ok(ips)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn every_form_of_an_address_is_parsed() {
        let both = || Host::Name(vec![ip("127.0.0.1"), ip("::1")]);
        for (text, host, port) in [
            ("127.0.0.1:8080", Host::Ip(ip("127.0.0.1")), 8080),
            ("0.0.0.0:0", Host::Ip(ip("0.0.0.0")), 0),
            ("[::1]:80", Host::Ip(ip("::1")), 80),
            ("[::]:8080", Host::All, 8080),
            (":8080", Host::All, 8080),
            ("8080", both(), 8080),
            ("0", both(), 0),
            ("localhost:65535", both(), 65535),
            ("LocalHost:1", both(), 1),
        ] {
            let expected = ListenAddress { host, port };
            assert_eq!(ListenAddress::parse(text), Ok(expected), "{text}");
        }
        for text in [
            "",
            ":",
            "here",
            "65536",
            "-1",
            "127.0.0.1",
            "::1",
            "[::1]",
            "localhost:",
            "localhost:http",
        ] {
            let error = ListenAddress::parse(text).unwrap_err();
            assert!(
                error.contains(&format!("`{text}` is not an address")),
                "{error}"
            );
        }
    }

    #[test]
    fn the_local_address_of_all_interfaces_is_a_loopback_address() {
        for (text, local) in [
            (":1", "127.0.0.1:1"),
            ("[::]:1", "127.0.0.1:1"),
            ("0.0.0.0:1", "127.0.0.1:1"),
            ("1", "127.0.0.1:1"),
            ("[::1]:1", "[::1]:1"),
            ("10.0.0.1:1", "10.0.0.1:1"),
        ] {
            let address = ListenAddress::parse(text).unwrap();
            assert_eq!(address.local().to_string(), local, "{text}");
        }
    }
}
