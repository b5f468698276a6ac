//! `kms-emulator healthcheck`.

use std::time::Duration;

use super::Failure;

/// Asks the server at a URL whether it is ready.
pub fn healthcheck(url: &str) -> Result<(), Failure> {
    // Container engines set their user's proxy everywhere, also where it cannot reach this server.
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .proxy(None)
        .timeout_global(Some(Duration::from_secs(5)))
        .build()
        .into();
    match agent.get(url).call() {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::new(format!("{url}: {error}"))),
    }
}
