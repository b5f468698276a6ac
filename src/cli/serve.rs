//! Runs the server: opens the sockets and the store, loads fixtures, and stops on a signal or at the end of
//! standard input.

use std::io;
use std::net::SocketAddr;
use std::panic;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::cli::config::{Config, ControlConfig};
use crate::clouds::auth::nonces::Nonces;
use crate::clouds::auth::policy::Policies;
use crate::clouds::auth::rate_limit::RateLimiter;
use crate::clouds::context::Auth;
use crate::emulator::Emulator;
use crate::emulator::clock::SystemClock;
use crate::emulator::journal::Journal;
use crate::emulator::log::{DroppedLines, LineSink};
use crate::fixtures::baseline::Baseline;
use crate::fixtures::{Defaults, Progress};
use crate::os;
use crate::router::Served;
use crate::server::startup::Startup;
use crate::server::tls::Tls;
use crate::server::{Bound, ListenAddress, Server, bind_all};
use crate::store::Store;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::{Failure, database, log, print_error, stdin};

/// How long the program waits for the last log lines when it exits.
const LAST_LINES: Duration = Duration::from_millis(200);

/// Runs the server until a signal, with its log.
pub(super) fn serve(config: Config) -> ExitCode {
    let (log, announcements) = match log::start(&config).and_then(|log| {
        let stdout = log::sink(&io::stdout(), |_| {})?;
        Ok((log, stdout))
    }) {
        Ok(sinks) => sinks,
        Err(error) => {
            let failure = Failure::new(format!("cannot start the log: {error}"));
            print_error(&failure.line());
            return ExitCode::from(failure.exit_code);
        }
    };
    os::use_small_pages();
    let served = actix_web::rt::System::new().block_on(run(config, &announcements, log.dropped()));
    let exit_code = match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            log.write(failure.line().as_bytes());
            ExitCode::from(failure.exit_code)
        }
    };
    let deadline = Instant::now() + LAST_LINES;
    announcements.flush(deadline);
    log.flush(deadline);
    exit_code
}

/// Runs the server until a signal, then finishes open requests.
async fn run(
    config: Config,
    announcements: &LineSink,
    dropped_log_lines: DroppedLines,
) -> Result<(), Failure> {
    let mut stop = Stop::listen(config.exit_with_stdin).map_err(Failure::of)?;
    let sockets = bind(&config.listen, &config.control)?;
    let controls_at = sockets
        .iter()
        .filter(|(_, served)| served.control)
        .flat_map(|(bound, _)| bound.addresses.iter().copied());
    if let Some(warning) = config.control.exposure(controls_at) {
        tracing::warn!("{warning}");
    }
    let announced: Vec<_> = sockets
        .iter()
        .flat_map(|(bound, served)| {
            let addresses = bound.addresses.iter();
            addresses.map(|address| announcement(*address, *served))
        })
        .collect();
    let has_control_address = config.control.listen.is_some();
    let clouds_address = sockets
        .iter()
        .find(|(_, served)| has_control_address && served.clouds)
        .map(|(bound, _)| bound.addresses[0]);
    let addresses = sockets.iter().flat_map(|(bound, _)| &bound.addresses);
    let ports = addresses.map(SocketAddr::port).collect();
    let startup = Arc::new(Startup::default());
    let listeners = sockets
        .into_iter()
        .map(|(bound, served)| (bound.listener, served))
        .collect();
    let server =
        Server::start(Arc::clone(&startup), listeners, config.limits).map_err(Failure::of)?;
    let stopper = server.stopper();
    let running = actix_web::rt::spawn(server.run());

    // On another thread, so that a signal can interrupt the start-up. An open transaction is rolled back
    // then.
    let (sender, prepared) = oneshot::channel();
    let preparing = Arc::clone(&startup);
    thread::spawn(move || {
        let prepared = prepare(
            config,
            clouds_address,
            ports,
            dropped_log_lines,
            preparing.progress(),
        );
        sender.send(prepared)
    });
    tokio::select! {
        prepared = prepared => {
            let (emulator, tls) = prepared.map_err(|_| Failure::new("the start failed"))??;
            startup.finish(emulator, Some(tls));
            tracing::info!("https is served at the same addresses");
        }
        () = stop.recv() => return Ok(()),
    }
    for line in announced {
        announcements.write(line.as_bytes());
    }
    stop.recv().await;
    tracing::info!("stopping");
    stopper.stop().await;
    match running.await {
        Ok(ended) => ended.map_err(Failure::of),
        Err(error) => Err(Failure::of(error)),
    }
}

/// The line for standard output with an address.
fn announcement(address: SocketAddr, served: Served) -> String {
    let what = if served.clouds {
        "kms-emulator"
    } else {
        "kms-emulator controls"
    };
    format!("{what} listening on http://{address}\n")
}

/// Opens the sockets. Called first, because loading fixtures takes time.
fn bind(
    addresses: &[ListenAddress],
    control: &ControlConfig,
) -> Result<Vec<(Bound, Served)>, Failure> {
    let clouds = Served {
        clouds: true,
        control: control.on && control.listen.is_none(),
    };
    let only_control = Served {
        clouds: false,
        control: true,
    };
    let addresses = addresses.iter().map(|address| (address, clouds));
    let control_address = control.listen.iter().map(|address| (address, only_control));
    let mut sockets = Vec::new();
    for (address, served) in addresses.chain(control_address) {
        let bound = bind_all(address).map_err(|error| {
            let option = if served.clouds {
                "--port (KMS_EMULATOR_PORT)"
            } else {
                "--control-listen (KMS_EMULATOR_CONTROL_LISTEN)"
            };
            Failure::new(if error.is_about_port() {
                format!("{error}; choose another with {option}, 0 for a free one")
            } else {
                error.to_string()
            })
        })?;
        sockets.extend(bound.into_iter().map(|bound| (bound, served)));
    }
    Ok(sockets)
}

/// Opens the store, loads the fixtures and prepares TLS.
fn prepare(
    config: Config,
    clouds_address: Option<SocketAddr>,
    ports: Vec<u16>,
    dropped_log_lines: DroppedLines,
    progress: &Progress,
) -> Result<(Arc<Emulator>, Tls), Failure> {
    let store = open_store(config.database.as_deref())?;
    log_policies(config.credentials.policies());
    let auth = Auth {
        mode: config.auth,
        credentials: config.credentials,
        nonces: Nonces::default(),
    };
    let mut emulator = Emulator::new(store, SystemClock, auth);
    emulator.clouds = config.clouds;
    emulator.rate_limiter = config.rate_limit.then(RateLimiter::default);
    emulator.control_token = config.control.token;
    emulator.journal = Arc::new(Journal::new(config.control.journal));
    emulator.clouds_address = clouds_address;
    emulator.dropped_log_lines = dropped_log_lines;
    emulator.allowed_origins = config.allowed_origins;
    emulator.ports = ports;
    let defaults = Defaults {
        value: config.default_secret_value,
        ..emulator.defaults()
    };
    let store = &emulator.store;
    // In parallel, because creating the certificates takes as long as loading a few secrets.
    let (tls, fixtures) = thread::scope(|scope| {
        let tls = scope.spawn(move || Tls::new(config.identity, &config.names, store));
        let fixtures = Baseline::load(store, config.fixtures, defaults, progress);
        (tls.join(), fixtures)
    });
    let tls = tls
        .unwrap_or_else(|panic| panic::resume_unwind(panic))
        .map_err(Failure::of)?;
    emulator.fixtures = fixtures.map_err(|error| Failure::of_fixtures(&error))?;
    emulator.host_names = tls.names().to_vec();
    emulator.authority = tls.ca_pem().map(str::to_owned);
    if emulator.fixtures.secrets() > 0 {
        tracing::info!(secrets = emulator.fixtures.secrets(), "fixtures loaded");
    }
    if !config.control.on {
        emulator.fixtures = emulator.fixtures.without_spares();
    }
    let emulator = Arc::new(emulator);
    emulator
        .load_tenants()
        .map_err(|error| Failure::new(format!("cannot read the database: {error}")))?;
    emulator.start_housekeeper();
    Ok((emulator, tls))
}

/// Opens the database in a file, or creates one in memory.
fn open_store(database: Option<&Path>) -> Result<Store, Failure> {
    let Some(path) = database else {
        tracing::info!("the database is in memory: data is lost at exit");
        return Store::in_memory()
            .map_err(|error| Failure::new(format!("cannot create a database in memory: {error}")));
    };
    let is_open_elsewhere = database::is_open_elsewhere(path);
    let store = database::open(path)?;
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    tracing::info!(file = %path.display(), "the database is in a file");
    if is_open_elsewhere {
        tracing::warn!(
            "another process has the database open: neither process sees changes of the other at once"
        );
    }
    Ok(store)
}

/// Logs the policies, and the condition keys in them that are not supported.
fn log_policies(policies: &Policies) {
    for attached in policies.all() {
        tracing::info!(
            policy = attached.name,
            cloud = attached.policy.cloud.name(),
            "policy attached"
        );
        for key in &attached.policy.unknown_keys {
            tracing::warn!(
                policy = attached.name,
                key,
                "condition key is not supported: its conditions are evaluated as for a request without the key"
            );
        }
    }
}

/// The signals that stop the server, and the end of standard input.
struct Stop {
    signals: os::StopSignals,
    /// Is never cancelled without `--exit-with-stdin`.
    stdin_end: CancellationToken,
}

impl Stop {
    fn listen(exit_with_stdin: bool) -> io::Result<Self> {
        Ok(Self {
            signals: os::StopSignals::listen()?,
            stdin_end: if exit_with_stdin {
                stdin::end()?
            } else {
                CancellationToken::new()
            },
        })
    }

    async fn recv(&mut self) {
        tokio::select! {
            () = self.signals.recv() => {}
            () = self.stdin_end.cancelled() => {}
        }
    }
}
