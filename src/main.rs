//! The command: reads the settings, opens the store, loads fixtures, serves, and stops in order.

use std::fmt;
use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use humantime::format_rfc3339_micros;
use kms_emulator::clock::SystemClock;
use kms_emulator::config::{Command, Config, ConfigError, ControlConfig, LogFormat};
use kms_emulator::context::Auth;
use kms_emulator::emulator::{Door, Emulator};
use kms_emulator::fixtures::{FixtureError, Progress};
use kms_emulator::journal::Journal;
use kms_emulator::nonces::Nonces;
use kms_emulator::rate_limit::RateLimiter;
use kms_emulator::server::{self, Server};
use kms_emulator::start_fixtures::StartFixtures;
use kms_emulator::startup::Startup;
use kms_emulator::store::Store;
use kms_emulator::tls::Tls;
use mimalloc::MiMalloc;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

mod files;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The exit code of wrong settings and wrong fixtures.
const MISCONFIGURED: u8 = 2;
/// The exit code of what fails at run time.
const FAILED: u8 = 1;

/// Something that ends the program: what to print, and how to exit.
struct Failure {
    message: String,
    exit_code: u8,
}

fn main() -> ExitCode {
    let result = match Command::from_args(std::env::args_os()) {
        Ok(Command::Serve(config)) => serve(*config),
        Ok(Command::Healthcheck { url }) => healthcheck(&url),
        Ok(Command::Export(what)) => files::export(&what),
        Ok(Command::Import(what)) => files::import(&what),
        Ok(Command::CheckFixtures { paths }) => files::check(&paths),
        Ok(Command::Env(output)) => {
            print(&output.to_string());
            Ok(())
        }
        Err(ConfigError::Information(text)) => {
            print(&text);
            Ok(())
        }
        Err(ConfigError::Unhealthy(message)) => Err(failed(message)),
        Err(ConfigError::Invalid(message)) => Err(Failure {
            message,
            exit_code: MISCONFIGURED,
        }),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure { message, exit_code }) => {
            eprintln!("kms-emulator: {message}");
            ExitCode::from(exit_code)
        }
    }
}

fn serve(config: Config) -> Result<(), Failure> {
    start_log(&config);
    actix_web::rt::System::new().block_on(run(config))
}

/// Serves until a signal tells to stop; then lets the requests under way end.
async fn run(config: Config) -> Result<(), Failure> {
    let mut stop = StopSignals::listen().map_err(|error| failed(error.to_string()))?;
    let listeners = bind_all(&config.listen, &config.control)?;
    let controls_at = listeners.iter().filter(|(_, _, door)| door.controls);
    if let Some(warning) = config
        .control
        .exposure(controls_at.map(|(_, address, _)| *address))
    {
        tracing::warn!("{warning}");
    }
    let announced: Vec<_> = listeners
        .iter()
        .map(|(_, address, door)| announcement(*address, *door))
        .collect();
    let apart = config.control.listen.is_some();
    let clouds_at = listeners.iter().find(|(_, _, door)| apart && door.clouds);
    let clouds_at = clouds_at.map(|(_, address, _)| *address);
    let ports = listeners.iter().map(|(_, address, _)| address.port());
    let ports: Vec<_> = ports.collect();
    let startup = Arc::new(Startup::default());
    let doors = listeners
        .into_iter()
        .map(|(listener, _, door)| (listener, door));
    let server = Server::start(Arc::clone(&startup), doors.collect(), config.limits)
        .map_err(|error| failed(error.to_string()))?;
    let stopper = server.stopper();
    let running = actix_web::rt::spawn(server.run());

    // On a thread of its own, so that a signal is heard meanwhile; what is not finished is undone.
    let (sender, prepared) = oneshot::channel();
    let preparing = Arc::clone(&startup);
    std::thread::spawn(move || {
        sender.send(prepare(config, clouds_at, ports, preparing.progress()))
    });
    tokio::select! {
        prepared = prepared => {
            let (emulator, tls) = prepared.map_err(|_| failed("the start failed".to_owned()))??;
            startup.finish(emulator, Some(tls));
            tracing::info!("https is answered at the same addresses");
        }
        () = stop.recv() => return Ok(()),
    }
    for line in announced {
        print(&line);
    }
    stop.recv().await;
    tracing::info!("stopping");
    stopper.stop().await;
    match running.await {
        Ok(ended) => ended.map_err(|error| failed(error.to_string())),
        Err(error) => Err(failed(error.to_string())),
    }
}

/// Says where something is served.
fn announcement(address: SocketAddr, door: Door) -> String {
    let what = if door.clouds {
        "kms-emulator"
    } else {
        "kms-emulator controls"
    };
    format!("{what} listening on http://{address}\n")
}

/// Takes hold of the addresses, before anything else takes its time.
fn bind_all(
    addresses: &[SocketAddr],
    control: &ControlConfig,
) -> Result<Vec<(TcpListener, SocketAddr, Door)>, Failure> {
    let bind = |address: SocketAddr, clouds, controls| {
        let bound = server::bind(address).and_then(|listener| {
            let bound = listener.local_addr()?;
            Ok((listener, bound))
        });
        let (listener, bound) =
            bound.map_err(|error| failed(format!("cannot listen on {address}: {error}")))?;
        let door = Door {
            loopback: bound.ip().to_canonical().is_loopback(),
            clouds,
            controls,
        };
        Ok((listener, bound, door))
    };
    let controls_too = control.on && control.listen.is_none();
    let clouds = addresses
        .iter()
        .map(|address| bind(*address, true, controls_too));
    let controls = control.listen.map(|address| bind(address, false, true));
    clouds.chain(controls).collect()
}

/// Opens the store, loads the fixtures and finds out who the server is to TLS clients.
fn prepare(
    config: Config,
    clouds_at: Option<SocketAddr>,
    ports: Vec<u16>,
    progress: &Progress,
) -> Result<(Arc<Emulator>, Tls), Failure> {
    let store = match &config.database {
        None => Store::in_memory()
            .map_err(|error| failed(format!("cannot make a database in memory: {error}")))?,
        Some(path) => Store::open(path)
            .map_err(|error| failed(format!("cannot open database {}: {error}", path.display())))?,
    };
    let tls = Tls::new(config.identity, &config.names, &store)
        .map_err(|error| failed(error.to_string()))?;
    let auth = Auth {
        mode: config.auth,
        credentials: config.credentials,
        nonces: Nonces::default(),
    };
    let mut emulator = Emulator::new(store, SystemClock, auth);
    emulator.default_region = config.region;
    emulator.tencent = config.tencent;
    emulator.rate_limiter = config.rate_limit.then(RateLimiter::default);
    emulator.control_token = config.control.token;
    emulator.journal = Journal::new(config.control.journal);
    emulator.clouds_at = clouds_at;
    emulator.names = tls.names().to_vec();
    emulator.allowed_origins = config.allowed_origins;
    emulator.ports = ports;
    emulator.authority = tls.ca_pem().map(str::to_owned);
    let defaults = emulator.defaults();
    emulator.fixtures = StartFixtures::load(&emulator.store, config.fixtures, defaults, progress)
        .map_err(|error| unloadable(&error))?;
    if emulator.fixtures.secrets() > 0 {
        tracing::info!(secrets = emulator.fixtures.secrets(), "fixtures loaded");
    }
    if !config.control.on {
        emulator.fixtures = emulator.fixtures.without_spares();
    }
    let emulator = Arc::new(emulator);
    emulator
        .welcome_tenants()
        .map_err(|error| failed(format!("cannot read the database: {error}")))?;
    emulator.start_housekeeper();
    Ok((emulator, tls))
}

/// What is wrong with fixtures.
fn unloadable(error: &FixtureError) -> Failure {
    let exit_code = if matches!(error, FixtureError::Invalid { .. }) {
        MISCONFIGURED
    } else {
        FAILED
    };
    Failure {
        message: error.to_string(),
        exit_code,
    }
}

/// The signals that tell the program to end.
struct StopSignals {
    interrupt: Signal,
    terminate: Signal,
}

impl StopSignals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn recv(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

fn healthcheck(url: &str) -> Result<(), Failure> {
    // Container engines set their user's proxy everywhere, also where it cannot reach this server.
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .proxy(None)
        .timeout_global(Some(Duration::from_secs(5)))
        .build()
        .into();
    match agent.get(url).call() {
        Ok(_) => Ok(()),
        Err(error) => Err(failed(format!("{url}: {error}"))),
    }
}

/// The time of a line of the log, written with less work than the library's own.
struct LogTime;

impl FormatTime for LogTime {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        let now = SystemTime::now().max(SystemTime::UNIX_EPOCH);
        write!(writer, "{}", format_rfc3339_micros(now))
    }
}

fn start_log(config: &Config) {
    let builder = tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(&config.log))
        .with_target(false)
        .with_timer(LogTime)
        .with_writer(io::stderr);
    match config.log_format {
        LogFormat::Text => builder.with_ansi(false).init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
}

/// Prints to standard output; that nobody reads it is no reason to stop.
fn print(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

fn failed(message: String) -> Failure {
    Failure {
        message,
        exit_code: FAILED,
    }
}
