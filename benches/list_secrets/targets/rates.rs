//! Rates of requests over HTTP, with verified signatures.

use std::cell::Cell;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use kms_emulator::clouds::draft::{Method, Signed};
use kms_emulator::emulator::Emulator;
use kms_emulator::model::Cloud;
use kms_emulator::router;
use rand::seq::SliceRandom;

use super::{Goal, Measure, Row, keys};
use crate::client::{CONNECTIONS, Client, rate};
use crate::data::{emulator, filled, on_disk};
use crate::http::{plain_handler, serve};
use crate::requests::{
    PAGE_SIZE, create, http_bytes, list_page, signed, slowest_page, total, uncached_requests,
};

/// The maximum number of secrets of a list whose pages are all requested.
const MAX_SECRETS: u64 = 100_000;
/// The number of secrets of the list that is compared with the longest one.
const FEW: u64 = 1_000;
/// The number of secrets with a value in the database file.
const VALUES: u64 = 2_000;
/// The number of connections that create secrets.
const CREATORS: usize = 16;
pub(super) fn rows(longest: u64, directory: &Path) -> Vec<Row> {
    let secrets = longest.min(MAX_SECRETS);
    let alibaba = Served::filled(Cloud::Alibaba, secrets);
    let tencent = Served::filled(Cloud::Tencent, secrets);
    let on_disk = Served::new(Cloud::Alibaba, on_disk(directory, VALUES));
    let mut rows = vec![Row::new(
        "bare handler that sends the bytes of a page of 10",
        "per s",
        Goal::AtLeast(&[]),
        alibaba.rate_of_bare(&list_page(Cloud::Alibaba, 10, 1)),
    )];
    rows.extend(lists(
        &alibaba,
        "V1",
        secrets,
        [[&[0.6, 0.7], &[0.52, 0.6]], [&[0.45, 0.6]; 2]],
    ));
    rows.extend(lists(&tencent, "TC3", secrets, [[&[0.5, 0.6]; 2]; 2]));
    rows.extend(values(&on_disk));
    rows.extend(keys::rows(&alibaba));
    rows.extend(
        [("in memory", &alibaba), ("in a file", &on_disk)].map(|(location, served)| {
            let name = format!("V1, page of 10, {location}, while a client writes");
            of_bare(name, &[0.45], served.repeated_beside_writes())
        }),
    );
    rows.push(Row::new(
        format!("CreateSecret in a file, {CREATORS} connections, by one"),
        "times",
        Goal::AtLeast(&[4.0]),
        creations(&on_disk),
    ));
    rows.push(Row::new(
        format!("time of the worst page of {longest}, by the first of {FEW}"),
        "times",
        Goal::AtMost(&[1.4, 1.25]),
        worst_page(longest),
    ));
    rows
}

pub(super) fn of_bare(name: String, targets: &'static [f64], measure: Measure) -> Row {
    Row::new(name, "of bare", Goal::AtLeast(targets), measure)
}

/// Lists with pages of 10 and of 100, each with the same page again and with all pages once.
fn lists(
    served: &Served,
    signature: &str,
    secrets: u64,
    targets: [[&'static [f64]; 2]; 2],
) -> Vec<Row> {
    let rows = |size: u64, [again, once]: [_; 2]| {
        let pages: Vec<_> = (1..=secrets / size)
            .map(|number| list_page(served.cloud, size, number))
            .collect();
        [
            of_bare(
                format!("{signature}, page of {size}, the same page again"),
                again,
                served.repeated(&pages[0]),
            ),
            of_bare(
                format!("{signature}, pages of {size}, each once"),
                once,
                served.each(&pages),
            ),
        ]
    };
    let [tens, hundreds] = targets;
    [rows(10, tens), rows(100, hundreds)]
        .into_iter()
        .flatten()
        .collect()
}

/// Values of secrets from a file: the same again, and each once.
fn values(on_disk: &Served) -> [Row; 2] {
    let reads: Vec<_> = (0..VALUES)
        .map(|number| {
            let name = format!("db/{number}");
            call_with(Cloud::Alibaba, "GetSecretValue", &[("SecretName", &name)])
        })
        .collect();
    [
        of_bare(
            "V1, GetSecretValue from a file, the same again".to_owned(),
            &[0.6],
            on_disk.repeated(&reads[0]),
        ),
        of_bare(
            "V1, GetSecretValue from a file, each once".to_owned(),
            &[0.6],
            on_disk.each(&reads),
        ),
    ]
}

/// An emulator with secrets of a cloud, which is served over HTTP.
#[derive(Clone)]
pub(super) struct Served {
    cloud: Cloud,
    emulator: Arc<Emulator>,
    address: SocketAddr,
}

impl Served {
    fn new(cloud: Cloud, emulator: Emulator) -> Self {
        let emulator = Arc::new(emulator);
        let address = serve(Arc::clone(&emulator));
        Self {
            cloud,
            emulator,
            address,
        }
    }

    fn filled(cloud: Cloud, secrets: u64) -> Self {
        Self::new(cloud, emulator(filled(cloud, secrets)))
    }

    /// The body of the reply to a request.
    pub(super) fn call(&self, request: &Signed) -> Bytes {
        let reply = router::handle(&self.emulator, &request.to_wire());
        assert_eq!(reply.status, 200);
        reply.body
    }

    /// Changes a secret, after which no cached reply is valid.
    fn discard_cached_replies(&self) {
        self.call(&update(self.cloud, "a"));
    }

    /// The rate of requests that are sent once each.
    fn rate_of_each(&self, requests: &[Bytes]) -> f64 {
        Client::connect(self.address, CONNECTIONS)
            .rate_of_each(requests, || self.discard_cached_replies())
    }

    /// Serves a bare handler that sends the reply to a request.
    fn bare(&self, request: &Signed) -> SocketAddr {
        let reply = self.call(request);
        match request.method {
            Method::Get => plain_handler::<()>(reply),
            // A connection is closed if its request is not read.
            Method::Post => plain_handler::<Bytes>(reply),
        }
    }

    /// The rate of a bare handler.
    fn rate_of_bare(&self, request: &Signed) -> Measure {
        let bare = self.bare(request);
        let request = http_bytes(request);
        Box::new(move || rate(bare, &|_, _| request.clone()))
    }

    /// Compares the rate of one request with that of a bare handler.
    pub(super) fn repeated(&self, request: &Signed) -> Measure {
        let bare = self.bare(request);
        let address = self.address;
        let request = http_bytes(request);
        Box::new(move || {
            let [bare, own] = [bare, address].map(|address| rate(address, &|_, _| request.clone()));
            own / bare
        })
    }

    /// Compares the rate of requests that are sent once each, in random order, with that of a bare handler.
    fn each(&self, requests: &[Signed]) -> Measure {
        let bare = self.bare(&requests[requests.len() / 2]);
        let served = self.clone();
        let mut requests: Vec<_> = requests.iter().map(http_bytes).collect();
        Box::new(move || {
            requests.shuffle(&mut rand::rng());
            let bare = Client::connect(bare, CONNECTIONS).rate_of_each(&requests, || ());
            served.rate_of_each(&requests) / bare
        })
    }

    /// Compares the rate of the first page with that of a bare handler, while another client sends writes to
    /// the same scope. The bare handler gets the requests of both, too.
    fn repeated_beside_writes(&self) -> Measure {
        let list = list_page(self.cloud, 10, 1);
        let bare = self.bare(&list);
        let address = self.address;
        let list = http_bytes(&list);
        let writes = ["a", "b"].map(|description| http_bytes(&update(self.cloud, description)));
        Box::new(move || {
            let [bare, own] = [bare, address].map(|address| {
                Client::connect(address, CONNECTIONS + 1)
                    .rate_beside(&|_, count| writes[count % writes.len()].clone(), &|_, _| {
                        list.clone()
                    })
            });
            own / bare
        })
    }
}

/// Changes the first secret of the list.
fn update(cloud: Cloud, description: &str) -> Signed {
    let (action, name) = match cloud {
        Cloud::Alibaba => ("UpdateSecret", "app/0000000/password"),
        Cloud::Tencent => ("UpdateDescription", "app-0000000-password"),
    };
    call_with(
        cloud,
        action,
        &[("SecretName", name), ("Description", description)],
    )
}

/// A signed request with texts as parameters.
pub(super) fn call_with(cloud: Cloud, action: &str, parameters: &[(&str, &str)]) -> Signed {
    let parameters = parameters
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).into()))
        .collect();
    signed(cloud, action, &parameters)
}

/// Compares the rate at which many connections create secrets with that of one connection.
fn creations(served: &Served) -> Measure {
    let address = served.address;
    let created = Cell::new(0);
    let next = move |_: usize, _: usize| {
        let number: u64 = created.get();
        created.set(number + 1);
        http_bytes(&create(&format!("new/{number}")))
    };
    Box::new(move || {
        let [one, many] =
            [1, CREATORS].map(|connections| Client::connect(address, connections).rate(&next));
        many / one
    })
}

/// Compares the time of the worst page of a long list with that of the first page of a short one.
fn worst_page(secrets: u64) -> Measure {
    let [small, large] = [FEW, secrets].map(|secrets| Served::filled(Cloud::Alibaba, secrets));
    let last = total(&large.emulator, Cloud::Alibaba, "{}") / PAGE_SIZE;
    let (worst, _) = slowest_page(&large.emulator, Cloud::Alibaba, "{}", last);
    let [first, worst] =
        [1, worst].map(|number| uncached_requests(Cloud::Alibaba, "{}", number..=number));
    Box::new(move || small.rate_of_each(&first) / large.rate_of_each(&worst))
}
