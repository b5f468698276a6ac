//! The emulator that `compare` starts in its own process.

use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::thread;

use crate::cli::remote::{Account, Endpoint};
use crate::clouds::Clouds;
use crate::clouds::auth::credentials::Credentials;
use crate::clouds::auth::nonces::Nonces;
use crate::clouds::context::{Auth, AuthMode};
use crate::emulator::Emulator;
use crate::emulator::clock::SystemClock;
use crate::fixtures;
use crate::model::{Cloud, SecretKey};
use crate::router::Served;
use crate::server::startup::Startup;
use crate::server::{self, Limits, Server, Stopper};
use crate::store::Store;
use uuid::Uuid;

/// The account of the emulator. The account number of the cloud is in no request to it.
const ACCOUNT: &str = "1000000000000000";
const KEY_ID: &str = "LTAIkmsemulatorlocal";

/// A running emulator with its data in memory, stopped on drop.
pub(super) struct LocalEmulator {
    address: SocketAddr,
    secret: SecretKey,
    stopper: Option<Stopper>,
}

impl LocalEmulator {
    /// Starts an emulator with the secrets of a fixture. It checks signatures as strictly as a cloud.
    pub(super) fn start(clouds: Clouds, fixture: &str, parts: Served) -> Result<Self, String> {
        let store = Store::in_memory().map_err(|error| error.to_string())?;
        let credentials = Credentials::new(ACCOUNT);
        // Random, because other users of the machine can connect, and the list of an account may be confidential.
        let secret = SecretKey::new(Uuid::new_v4().to_string());
        credentials.add(KEY_ID, secret.clone(), None);
        let auth = Auth {
            mode: AuthMode::Strict,
            credentials,
            nonces: Nonces::default(),
        };
        let mut emulator = Emulator::new(store, SystemClock, auth);
        emulator.clouds = clouds;
        load(&emulator, fixture)?;
        let startup = Arc::new(Startup::done(Arc::new(emulator)));
        let (sender, started) = mpsc::channel();
        thread::spawn(move || serve(startup, parts, &sender));
        let started = started.recv().map_err(|error| error.to_string())?;
        let (address, stopper) = started?;
        Ok(Self {
            address,
            secret,
            stopper: Some(stopper),
        })
    }

    /// The account to sign with.
    pub(super) fn account(&self, cloud: Cloud, region: &str) -> Result<Account, String> {
        Ok(Account {
            cloud,
            region: region.to_owned(),
            endpoint: Endpoint::parse(&format!("http://{}", self.address))?,
            access_key_id: KEY_ID.to_owned(),
            secret: self.secret.clone(),
            token: None,
            ca: None,
        })
    }
}

/// Loads a fixture into the region of requests.
fn load(emulator: &Emulator, text: &str) -> Result<(), String> {
    let defaults = emulator.defaults();
    let parsed = fixtures::parse(text.as_bytes(), &defaults)
        .map_err(|error| format!("{}: {}", error.place, error.reason))?;
    emulator
        .store
        .write(|store| {
            parsed
                .iter()
                .try_for_each(|fixture| fixtures::add(store, fixture, &defaults.scope(fixture)))
        })
        .map_err(|error: crate::store::StoreError| error.to_string())
}

/// Serves until the stopper is used. The address and the stopper are sent as soon as it listens.
fn serve(
    startup: Arc<Startup>,
    parts: Served,
    started: &mpsc::Sender<Result<(SocketAddr, Stopper), String>>,
) {
    actix_web::rt::System::new().block_on(async move {
        let bound = server::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
            .and_then(|listener| Ok((listener.local_addr()?, listener)));
        let running = bound.and_then(|(address, listener)| {
            let running = Server::start(startup, vec![(listener, parts)], Limits::default())?;
            Ok((address, running))
        });
        match running {
            Ok((address, running)) => {
                let _ = started.send(Ok((address, running.stopper())));
                let _ = running.run().await;
            }
            Err(error) => {
                let _ = started.send(Err(error.to_string()));
            }
        }
    });
}

impl Drop for LocalEmulator {
    /// Stops the server. Its threads end some time later: nothing waits for them.
    fn drop(&mut self) {
        if let Some(stopper) = self.stopper.take() {
            thread::spawn(|| actix_web::rt::System::new().block_on(stopper.stop()));
        }
    }
}
